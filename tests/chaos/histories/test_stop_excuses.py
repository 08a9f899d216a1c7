"""Every excuse of the judge of stops is needed: without it, a history that holds would not."""

from typing import Any

import pytest

from chaos import Verdict
from chaos.histories import moves
from chaos.judge.protection import settled, truths
from chaos.judge.protection.kept import NeverLoosened
from chaos.judge.protection.settled import StopRests
from chaos.judge.protection.truths import StopPromise
from chaos.ledger.protection import Held, Protection, Shown
from trueup.domain.model.ladder import Ladder
from trueup.domain.model.record import MonitorRecord
from trueup.domain.model.stop import Breakeven, Stop
from trueup.simulator import Fault, FaultKind, SimOrder

from .stop_scene import PERCENT, played, refused

EVEN = Stop.of(percent=5, breakeven=Breakeven.of(after_level=1, offset="0"))
FOLLOWS = Stop.of(percent=5, follow_average=True)
LATE = Fault(kind=FaultKind.LATE_EFFECT, path="trading-stop", times=1, delay_ms=4900)


def _held_up() -> Verdict:
    """A request is held up, and the next one does not wait: the position has no stop."""
    return played(
        PERCENT,
        moves.SpoilRequests(0, LATE),
        moves.CrashAt(0, "set_stop.after-reply", 1),
        moves.Run(1, 0),
        moves.EnterAt(500, 0, steps=100, ticks=3),
        moves.Run(501, 0),
    )


def _tightened_meanwhile() -> Verdict:
    """Somebody tightens the stop after the read, and before the request arrives."""
    return played(
        PERCENT,
        moves.Run(1, 0),
        moves.EnterAt(5000, 0, steps=100, ticks=3),
        moves.MoveStopByHand(5110, 0, ticks=4),
        moves.Run(5001, 0),
    )


def _followed() -> Verdict:
    """The average goes down, and the user has asked the stop to follow it."""
    return played(
        FOLLOWS,
        moves.Run(1, 0),
        moves.EnterAt(5000, 0, steps=100, ticks=-10),
        moves.Run(5001, 0),
    )


def _given() -> Verdict:
    """The user gives the monitor a looser stop."""
    return played(
        PERCENT, moves.Run(1, 0), moves.GiveStop(5000, 0, Stop.of(percent=8)), moves.Run(5001, 0)
    )


def _loosened_by_hand() -> Verdict:
    """Somebody loosens the stop: it stays where they put it."""
    return played(
        PERCENT, moves.Run(1, 0), moves.MoveStopByHand(5000, 0, ticks=-3), moves.Run(5001, 0)
    )


def _out_of_range() -> Verdict:
    """The exchange takes no order at the price of the stop any more."""
    return played(PERCENT, moves.ChangeRules(0, 0, "band", 20), moves.Run(1, 0))


def _cancelled_meanwhile() -> Verdict:
    """Somebody cancels what is left of a level after the orders were read: it had not all filled.

    What had filled of it before is a whole order. The market has to be above the entry for
    breakeven, and is not.
    """
    return played(
        EVEN,
        moves.Run(0, 0),
        moves.EnterAt(5000, 0, steps=50, ticks=0),
        moves.FillTakeProfit(5001, 0, 0, None),
        moves.Run(5002, 0),
        moves.Run(30_000, 0),
        moves.CancelByHand(30_030, 0, 0),
        ladder=Ladder.of(("11", 100)),
    )


def _filled_meanwhile() -> Verdict:
    """The average goes down, and a level fills between the read and the request."""
    return played(
        FOLLOWS,
        moves.Run(1, 0),
        moves.EnterAt(5000, 0, steps=100, ticks=-10),
        moves.Run(5001, 0),
        moves.FillTakeProfit(5110, 0, 0, None),
    )


def _removed_unseen() -> Verdict:
    """Somebody removes the stop before a read shows it, and the average goes down.

    The exchange refuses to set the stop there again, once.
    """
    return played(
        PERCENT,
        refused(200),
        moves.MoveStopByHand(170, 0, ticks=0),
        moves.EnterAt(171, 0, steps=100, ticks=-10),
        moves.Run(1, 0),
    )


def _no(*_: object) -> Any:  # noqa: ANN401 - whatever the excuse returns
    return False


def _yes(*_: object) -> bool:
    return True


def _one(*_: object, known_ms: int = 0) -> int:
    del known_ms
    return 1


def _none(*_: object) -> Any:  # noqa: ANN401 - whatever the excuse returns
    return None


def _nothing(*_: object) -> tuple[()]:
    return ()


def _is_gone(order: SimOrder, *_: object) -> bool:
    return not order.status.is_open and not order.filled


def _at_once(_promise: object, _book: object, at_ms: int) -> int:
    return at_ms


CASES = (
    (_held_up, (NeverLoosened, "may_be_late", _no), NeverLoosened),
    (_followed, (NeverLoosened, "surely_reached", _one), NeverLoosened),
    (_loosened_by_hand, (settled, "_moved_by_others", _none), StopRests),
    (_cancelled_meanwhile, (truths, "_is_gone_by", _is_gone), StopRests),
    (_filled_meanwhile, (NeverLoosened, "shown_since", _at_once), NeverLoosened),
    (_removed_unseen, (Protection, "may_be_known", _yes), StopRests),
    (_out_of_range, (StopPromise, "takes", lambda *_: True), StopRests),
)


@pytest.mark.parametrize(("story", "patch", "promise"), CASES)
def test_without_the_excuse_the_promise_is_broken(
    story: Any,  # noqa: ANN401 - a function of the table
    patch: tuple[object, str, object],
    promise: type[StopPromise],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert story().findings == ()
    monkeypatch.setattr(*patch)
    assert {finding.promise for finding in story().findings} == {promise.name}


def test_what_somebody_did_unseen_may_be_undone(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _tightened_meanwhile().findings == ()

    def first_with(self: Protection, held: Held) -> Held:
        self.shown.append(Shown(held.at_ms, held.stop))
        return held

    monkeypatch.setattr(Protection, "first_with", first_with)
    assert {finding.promise for finding in _tightened_meanwhile().findings} == {NeverLoosened.name}


def test_what_the_user_gives_may_be_looser(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _given().findings == ()
    monkeypatch.setattr(Protection, "given_ms", property(lambda _: 0, lambda *_: None))
    assert NeverLoosened.name in {finding.promise for finding in _given().findings}


def test_a_fill_on_record_is_no_excuse(monkeypatch: pytest.MonkeyPatch) -> None:
    """However old the reads are: an engine that has recorded a fill, and forgets it, is caught."""
    story = (
        moves.Run(1, 0),
        moves.FillTakeProfit(5000, 0, 0, None),
        moves.Run(5001, 0),
        moves.EnterAt(30_000, 0, steps=100, ticks=-10),
        moves.Run(30_001, 0),
    )
    assert played(FOLLOWS, *story).findings == ()
    monkeypatch.setattr(MonitorRecord, "is_done", _no)
    monkeypatch.setattr(MonitorRecord, "has_filled_order", _no)
    monkeypatch.setattr(NeverLoosened, "shown_since", lambda *_: 0)
    found = {finding.promise for finding in played(FOLLOWS, *story).findings}
    assert NeverLoosened.name in found
