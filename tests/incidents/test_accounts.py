"""Whose an order is, how it may be called, and how large a position is: the exchange says."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.cases.casebook import Case, Malformed, cases_of
from tests.cases.play import Played
from tests.cases.values import ZERO
from tests.cases.verdict import judge
from tests.incidents.situations import (
    Row,
    assert_true,
    loaded,
    resting,
    situations,
    size_of,
    stop,
    tp,
)
from tests.incidents.workshop import MAIN, MIRROR, Workshop, covered, ladder_at, market
from trueup import Ladder, RunOutcome
from trueup.adapters.bybit.wire.values import LINK_IDS
from trueup.domain.model.record import OwnedStatus
from trueup.domain.recognition.classify import LONGEST, Kind, suggest

MANA = Ladder.of(("0.3126", 85), ("0.3066", 5), ("0.3005", 5), ("0.2823", 5))
BIGTIME = Ladder.of(("0.06810", 85), ("0.07120", 5), ("0.07430", 5), ("0.08350", 5))
SOL = Ladder.of(("171.40", 85), ("178.20", 5), ("185.00", 5), ("205.30", 5))

IDS_OF_MAIN: Row = {
    "account": "mirror",
    "symbol": "MANAUSDT",
    "side": "Sell",
    "entry_price": "0.32294",
    "remaining_size": "214.8",
    "tp_orders": [
        tp("b2", "0.3066", "71.4", tp_number=1, order_link_id="BOT_CONS_MANAUSDT_TP2_222150"),
        tp("b3", "0.3005", "71.4", tp_number=2, order_link_id="BOT_CONS_MANAUSDT_TP3_222152"),
        tp("b4", "0.2823", "71.4", tp_number=3, order_link_id="BOT_CONS_MANAUSDT_TP4_222155"),
    ],
    "sl_order": stop(
        "s1", "0.3227", "71.6", order_link_id="BOT_CONS_MANAUSDT_SL_222156_ABREAKEVEN_A1_A2"
    ),
}


LIST_OFF_STEP: Row = {
    "account": "mirror",
    "symbol": "SOLUSDT",
    "side": "Buy",
    "entry_price": "157.67",
    "remaining_size": "12.5241",
    "tp_orders": [tp("l1", "171.40", "10.7"), tp("l2", "178.20", "1.8")],
    "sl_order": None,
}


def test_i10_orders_of_the_main_account_are_none_of_the_mirror_s(tmp_path: Path) -> None:
    """A mirror's record held the main account's size, take-profits and stop-loss.

    The account is that of the client that answers. The ids are not found there, so they go off
    the record; nobody asks for them, or touches them, on the main account. The mirror's size is
    the mirror's.
    """
    sim = market("MANAUSDT", tick="0.0001", step="0.1", price="0.3200")
    with Workshop(tmp_path, sim) as stage:
        sim.open_position(MAIN, "MANAUSDT", "Sell", "1598.1", "0.3302")
        sim.open_position(MIRROR, "MANAUSDT", "Sell", "663.2", "0.3310")
        stage.reconciler.reconcile(stage.reconciler.watch("main", "MANAUSDT", "Sell", MANA))
        mirror = stage.reconciler.watch("mirror", "MANAUSDT", "Sell", MANA)
        strange = sim.orders(MAIN)
        stage.rewrite(mirror, position_size=Decimal("1598.1"), entry_price=Decimal("0.3302"))
        for level, order in enumerate(strange, start=1):
            stage.believe(
                mirror,
                level=level,
                order_id=order.order_id,
                order_link_id=order.link_id,
                quantity=str(order.quantity),
            )
        before = len(sim.requests)
        report = stage.reconciler.reconcile(mirror)
        assert {r.uid for r in sim.requests[before:]} <= {MIRROR, ""}
        assert sim.orders(MAIN) == strange
        assert report.outcome is RunOutcome.SUCCESS
        assert report.record.position_size == covered(sim, MIRROR) == Decimal("663.2")
        dropped = [o for o in report.record.orders if o.order_id in {s.order_id for s in strange}]
        assert [order.status for order in dropped] == [OwnedStatus.CANCELLED] * 4
        gone = [d for d in report.decisions if "not found on exchange" in d.text]
        assert len(gone) == len(strange)


@situations(IDS_OF_MAIN, "M270", "M016", "M141", "M326", "M467")
def test_i10_the_account_is_not_read_from_an_id(played: Played) -> None:
    """The same, where the mirror's client does show orders whose ids begin with ``BOT``.

    Then they are the mirror's: amended where they rest. No request goes to the main account.
    """
    assert_true(played)
    assert played.strayed == 0
    assert {order.order_id for order in resting(played)} == loaded(played)
    assert any(suggest(order.link_id).role == "main" for order in resting(played))


def test_i15_ids_that_are_too_long_are_read_and_never_made(tmp_path: Path) -> None:
    """The maker of ids counted one too few: BIGTIMEUSDT was cut to BIGTIMEUSD, and came to 37.

    Such orders exist and are recognised, up to 45 characters; an id of ours has at most 36, for
    the same symbol too.
    """
    sim = market("BIGTIMEUSDT", tick="0.00001", step="1", price="0.06500")
    with Workshop(tmp_path, sim) as stage:
        sim.open_position(MAIN, "BIGTIMEUSDT", "Buy", "9000", "0.06400")
        names = [
            "BOT_TP1_BIGTIMEUSD_1753566618372_6586",
            "BOT_TP2_BIGTIMEUSD_1753566626408_4496",
            "BOT_TP4_BIGTIMEUSD_1753566638155_7435",
        ]
        for name, price in zip(names, ("0.06810", "0.07120", "0.08350"), strict=True):
            fields: dict[str, Any] = {"side": "Sell", "orderType": "Limit", "reduceOnly": True}
            sim.record_order(
                MAIN, symbol="BIGTIMEUSDT", qty="450", price=price, orderLinkId=name, **fields
            )
        monitor = stage.reconciler.watch("main", "BIGTIMEUSDT", "Buy", BIGTIME)
        report = stage.reconciler.reconcile(monitor)
        assert (report.outcome, report.covered) == (RunOutcome.SUCCESS, Decimal(9000))
        assert [len(name) for name in names] == [37] * 3
        own = {order.order_link_id: order.level for order in report.record.resting}
        (made,) = own.keys() - set(names)
        assert own == {**dict(zip(names, (1, 2, 4), strict=True)), made: 3}
        assert len(made) == LINK_IDS.max_length
        assert (suggest(made).kind, suggest(made).level) == (Kind.TAKE_PROFIT, 3)
        assert stage.reconciler.reconcile(monitor).writes == 0


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("BOT_TP4_BIGTIMEUSD_1753566638155_7435", Kind.TAKE_PROFIT),
        ("BOT_CONS_ALICEUSDT_SL_212710_ABREAKEVEN_A1_A2", Kind.STOP_LOSS),
        ("BOT_CONS_ALICEUSDT_SL_212710_ABREAKEVEN_A1_A22", Kind.FOREIGN),
    ],
)
def test_i15_ids_are_read_up_to_45_characters(name: str, kind: Kind) -> None:
    """Real ids of 37 and 45 characters are known; what is longer never was on the exchange."""
    assert suggest(name).kind is kind
    assert (len(name) <= LONGEST) is (kind is not Kind.FOREIGN)


def test_i16_the_size_is_the_exchange_s(tmp_path: Path) -> None:
    """A script stored a size of 12.5241, off the step of 0.1; the exchange had 4.1.

    A stored size is a memory: what is covered, and what is on record then, is the exchange's.
    """
    sim = market("SOLUSDT", tick="0.01", step="0.1", price="160")
    with Workshop(tmp_path, sim) as stage:
        sim.open_position(MIRROR, "SOLUSDT", "Buy", "4.1", "157.67")
        monitor = stage.reconciler.watch("mirror", "SOLUSDT", "Buy", SOL)
        stage.rewrite(monitor, position_size=Decimal("12.5241"))
        report = stage.reconciler.reconcile(monitor)
        assert report.outcome is RunOutcome.SUCCESS
        assert report.record.position_size == report.covered == Decimal("4.1")
        assert list(ladder_at(sim, MIRROR).values()) == list(
            map(Decimal, ("3.5", "0.2", "0.2", "0.2"))
        )


@pytest.mark.parametrize(
    ("orders", "read_as"),
    [
        ([tp("x", "171.40", "10.7"), tp("y", "178.20", "1.8241")], Case),
        ({"x": tp("x", "171.40", "10.7")}, Case),
        (["x", "y"], Malformed),
        ("x", Malformed),
        ([tp("x", "171.40", "none")], Malformed),
    ],
    ids=["list", "object", "list of ids", "text", "no number"],
)
def test_i16_what_is_loaded_is_held_against_its_form(orders: object, read_as: type) -> None:
    """The same script stored ``tp_orders`` as a list, and no reader noticed.

    Lists and objects of orders are both read; what is no order is told, and stops nothing else.
    """
    row = {"symbol": "SOLUSDT", "side": "Buy", "remaining_size": "12.5241"}
    dirty, clean = cases_of([{**row, "tp_orders": orders}, row], {})
    assert type(dirty) is read_as
    assert isinstance(clean, Case)


@situations(LIST_OFF_STEP, "M464")
def test_i16_a_size_off_the_step_is_not_kept(played: Played) -> None:
    """The state of the script, whole: after a run the record has the size that is really open."""
    assert judge(played).differences == ()
    assert played.case.state.size == Decimal("12.5241")
    assert played.second.record.position_size == size_of(played) == Decimal("12.5")
    assert played.second.covered in (Decimal("12.5"), ZERO)
