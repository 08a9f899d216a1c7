"""Every excuse of the judge is needed: without it, a history that holds would break a promise."""

from dataclasses import replace
from decimal import Decimal
from math import ceil
from typing import Any

import pytest

from chaos import draw_history, play
from chaos.histories import moves
from chaos.judge import contained, final_state
from chaos.judge.contained import NoFight
from chaos.judge.cover import bounds, covered_again, settled_cover
from chaos.judge.cover.bounds import CoverPromise
from chaos.judge.cover.covered_again import CoveredAgain
from chaos.judge.cover.no_naked_moment import NoNakedMoment
from chaos.judge.cover.not_above import NotAbove
from chaos.judge.cover.pending_cover import LeastStays
from chaos.ledger import effects
from chaos.ledger.book import Book
from chaos.ledger.effects import Impact
from trueup.domain.model.identity import Role
from trueup.domain.model.instrument import ZERO
from trueup.domain.model.record import MonitorRecord, Origin, OwnedOrder, OwnedStatus
from trueup.simulator import Fault, FaultKind, SimOrder

from .test_found_by_chaos import KEY, LADDER, played

_CANNOT_BE_AMENDED = 110022


def _none(*_: object) -> Any:  # noqa: ANN401 - whatever the excuse returns
    return ZERO


def _nothing(*_: object) -> tuple[str, ...]:
    return ()


def _never(*_: object) -> bool:
    return False


def _as_it_rested(_self: object, impact: Impact, _at_ms: int) -> Decimal:
    return impact.before - impact.filled


def _as_it_is(_self: object, _book: Book, order: SimOrder) -> Decimal:
    return order.leaves


def _all_split(self: NoNakedMoment, book: Book, level: int) -> int:
    return ceil(book.targets[level] / self.largest(book))


def _by_present_rules(_self: object, _truth: object, targets: Any) -> bool:  # noqa: ANN401 - Targets
    return bool(targets.orders)


def _all_of_it(_record: object, size: Any, *_: object) -> Any:  # noqa: ANN401 - a Decimal
    return size


_AT_ONCE = (CoverPromise, "orders_read_before", CoverPromise.read_before)
"""Orders are taken to be as they were when the position was read."""

EXCUSES: dict[str, tuple[int, object, str, object]] = {
    "what no read could show: fills": (5107, CoverPromise, "unseen_fills", _none),
    "what no read could show: orders are read first": (2, *_AT_ONCE),
    "the same, where their reply is late": (328567, *_AT_ONCE),
    "the same, where the position has to wait": (5306686, *_AT_ONCE),
    "what no read could show: a stale one": (5101, bounds, "_STALE_MS", 0),
    "a halt that another run was shown": (
        385416,
        contained.HaltedIsLeftAlone,
        "_was_shown_to_another",
        _never,
    ),
    "a request that was held up": (5898, CoverPromise, "is_late", _never),
    "growth on its way": (5013, NoNakedMoment, "_coming", _none),
    "growth that came before its room": (1702306, NoNakedMoment, "_too_early", _nothing),
    "a level that is complete": (5981, NoNakedMoment, "_has_enough", _never),
    "the same, by what others grow to": (52368, NoNakedMoment, "_can_cover", _as_it_is),
    "an order that has to move": (5199, NoNakedMoment, "_has_to_move", _never),
    "an order that has filled the largest": (1918137, NoNakedMoment, "_is_outgrown", _never),
    "an order above the largest": (11987, NoNakedMoment, "_is_largest", _never),
    "the same, announced": (11987, LeastStays, "_outsized", _none),
    "orders in excess": (5116, NoNakedMoment, "_wanted", lambda *_: 1000),
    "the same, beside one above the largest": (70619, NoNakedMoment, "_needed", _all_split),
    "less than a step": (6203, CoverPromise, "off_step", _none),
    "less than a step, beside an order off it": (58465, bounds, "_off_the_steps", _none),
    "a refusal in the same request": (9201, NotAbove, "_in_request", _nothing),
    "the same, where writes take effect later": (76084, NotAbove, "_in_request", _nothing),
    "a refusal by rules that changed": (8211, NotAbove, "_not_shrunk", _none),
    "an amend that the exchange cut": (5151100, effects, "_cut_by_exchange", _never),
    "what minimums make impossible": (5023, settled_cover, "possible_cover", _all_of_it),
    "writes that may take effect unseen": (897, covered_again, "_RUN_MS", -(10**6)),
    "a shrink that a fill overtook": (52698, NotAbove, "_overtaken", _nothing),
    "runs that were hindered": (18718, covered_again, "_was_hindered", _never),
    "a ladder that does not fit the position": (901306, covered_again, "is_refused", _never),
    "fills that no read showed": (
        20021037,
        covered_again,
        "as_it_rests",
        lambda record, _book: record,
    ),
    "an order that had ended when adopted": (34703, final_state, "_had_ended", _never),
    "a position that moved and is as large again": (332901, NoFight, "_has_moved", _never),
}


@pytest.mark.parametrize("excuse", EXCUSES)
def test_a_history_needs_the_excuse(excuse: str, monkeypatch: pytest.MonkeyPatch) -> None:
    seed, owner, name, without = EXCUSES[excuse]
    assert play(draw_history(seed)).findings == ()
    monkeypatch.setattr(owner, name, without)
    assert play(draw_history(seed)).findings != ()


def test_an_order_above_the_largest_where_a_fill_was_not_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As drawn, even shares cover all; here the smallest order is the largest, once that falls."""
    drawn = draw_history(60913)
    ((spec, price),) = drawn.scene.instruments
    coarse = replace(spec, min_notional=Decimal(900))
    history = replace(drawn, scene=replace(drawn.scene, instruments=((coarse, price),)))
    assert play(history).findings == ()
    monkeypatch.setattr(NoNakedMoment, "_shown", _as_it_rested)
    assert {finding.promise for finding in play(history).findings} == {NoNakedMoment.name}


def test_an_order_that_no_read_showed_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    """As drawn, the stream shows the places, and no run is late; here it is lost before them."""
    drawn = draw_history(940431)
    (lost,) = (move for move in drawn.moves if isinstance(move, moves.SpoilStream))
    others = (move for move in drawn.moves if move is not lost)
    history = replace(drawn, moves=(replace(lost, at_ms=0), *others))
    assert play(history).findings == ()
    monkeypatch.setattr(covered_again, "as_it_rests", lambda record, _book: record)
    assert {finding.promise for finding in play(history).findings} == {CoveredAgain.name}


def test_rules_that_nothing_was_refused_by(monkeypatch: pytest.MonkeyPatch) -> None:
    """As drawn, the process starts anew and reads them; here it goes on with those that it has."""
    drawn = draw_history(23633)
    others = tuple(move for move in drawn.moves if not isinstance(move, moves.Restart))
    history = replace(drawn, moves=others)
    assert play(history).findings == ()
    monkeypatch.setattr(final_state.WholeCover, "_can_be_covered", _by_present_rules)
    assert {finding.promise for finding in play(history).findings} == {final_state.WholeCover.name}


def test_an_order_that_cannot_be_amended_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    """No drawn history needs it: the exchange seldom says so, and mostly of orders in excess."""
    refused = Fault(kind=FaultKind.RET_CODE, path="amend-batch", code=_CANNOT_BE_AMENDED)
    happening = (
        moves.SweepAll(0),
        moves.SpoilRequests(1000, refused),
        moves.FillEntry(1500, 0, 20),
        moves.Run(2000, 0),
    )
    assert played(*happening).findings == ()
    monkeypatch.setattr(NoNakedMoment, "_must_go", _never)
    assert {finding.promise for finding in played(*happening).findings} == {NoNakedMoment.name}


def test_a_ladder_is_refused_while_the_last_alert_says_why() -> None:
    """It ends with the refusal: averaged back, or with an order at that level, it is missed."""
    averaged = MonitorRecord(1, KEY, Role.MAIN, None, LADDER, entry_price=Decimal("11.5"))
    why = "TP1 at 11 is on the losing side of the entry 11.5 of a Buy position"
    price, half, none = Decimal(11), Decimal(50), Decimal(0)
    first = OwnedOrder(1, 1, "TP1", "1", price, price, half, none, OwnedStatus.OPEN, Origin.PLACED)
    assert covered_again.is_refused(averaged, f"x\n  {why}\n")
    assert not covered_again.is_refused(averaged, "0.26 of 0.42 is covered")
    assert not covered_again.is_refused(replace(averaged, entry_price=Decimal(10)), why)
    assert not covered_again.is_refused(averaged.with_order(first), why)
