"""Contests: which changes were made by somebody else, and how long repairs wait then."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from trueup.domain.model.commands import Operation
from trueup.domain.model.identity import MonitorKey, Role, Side
from trueup.domain.model.instrument import Instrument
from trueup.domain.model.intent import Intent, IntentStatus
from trueup.domain.model.order import CancelReason, Closure
from trueup.domain.model.record import MonitorRecord, Origin, OwnedOrder, OwnedStatus
from trueup.domain.planning.leaving.headroom import giving_up
from trueup.domain.planning.plan import Cancel, Plan, amend_to
from trueup.domain.planning.targets import Target
from trueup.domain.recognition.contest import ContestRules, cancel_by_others, change_by_others

S = timedelta(seconds=1)
RULES = ContestRules(changes=3, window=600 * S, pause=30 * S, cap=900 * S)
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
CONTRACT = Instrument(
    "BANDUSDT",
    tick=Decimal("0.01"),
    quantity_step=Decimal(1),
    min_quantity=Decimal(1),
    max_quantity=Decimal(100_000),
)
ORDER = OwnedOrder(
    level=1,
    part=1,
    order_link_id="BOT_TP1",
    order_id="7",
    price=Decimal("0.71"),
    asked_price=Decimal("0.71"),
    quantity=Decimal(850),
    filled=Decimal(50),
    status=OwnedStatus.OPEN,
    origin=Origin.PLACED,
    updated_ms=1,
)


def monitor(contests: int = 0, at: timedelta | None = None) -> MonitorRecord:
    """A record with so many changes by others, the last so long after noon."""
    key = MonitorKey("main", "BANDUSDT", Side.BUY)
    return MonitorRecord(
        1,
        key,
        Role.MAIN,
        None,
        None,
        contests=contests,
        contested_at=None if at is None else NOON + at,
    )


def amend(status: IntentStatus, quantity: str | None = None, price: str | None = None) -> Intent:
    """An amend of ours of the order."""
    return Intent(
        "run-1-1", "run-1", Operation.AMEND, 1, 1, "BOT_TP1", "7",
        None if price is None else Decimal(price),
        None if quantity is None else Decimal(quantity),
        NOON, status=status,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("contests", "last", "now", "counted", "repair"),
    [
        (0, None, 0, 1, 0),
        (1, 0, 20, 2, 20),
        (2, 20, 40, 3, 70),
        (3, 40, 60, 3, 70),
        (3, 40, 71, 4, 131),
        (2, 20, 700, 1, 700),
        (3, 40, 640, 1, 640),
        (9, 0, 900, 10, 1800),
        (10, 0, 1799, 11, 2699),
        (10, 0, 1800, 1, 1800),
    ],
)
def test_changes_in_a_row_are_counted_and_their_repair_waits(
    contests: int, last: int | None, now: int, counted: int, repair: int
) -> None:
    before = monitor(contests, None if last is None else last * S)
    after = RULES.counted(before, NOON + now * S)
    assert after.contests == counted
    assert RULES.repair_at(after, NOON + now * S) == NOON + repair * S


def test_a_clock_that_was_set_back_lengthens_no_cool_down() -> None:
    ahead = monitor(5, 3600 * S)
    assert RULES.repair_at(ahead, NOON) == NOON
    assert RULES.over_at(ahead, NOON) == NOON
    assert RULES.counted(ahead, NOON).contests == 1


@pytest.mark.parametrize(
    ("changed", "own", "said"),
    [
        ({}, (), ""),
        ({"filled": Decimal(90)}, (), ""),
        ({"price": Decimal("0.72")}, (), "TP1: 0.71 → 0.72"),
        ({"quantity": Decimal(550)}, (), "TP1: 800 → 500"),
        ({"price": Decimal("0.72"), "quantity": Decimal(550)}, (), "TP1: 0.71 → 0.72, 800 → 500"),
        ({"quantity": Decimal(550)}, (amend(IntentStatus.CONFIRMED, "850"),), "TP1: 800 → 500"),
        ({"quantity": Decimal(550)}, (amend(IntentStatus.RESOLVED, "550"),), ""),
        ({"quantity": Decimal(550)}, (amend(IntentStatus.SENT, "600"),), ""),
        ({"quantity": Decimal(550)}, (amend(IntentStatus.SENT, "500"),), "TP1: 800 → 500"),
        ({"price": Decimal("0.719")}, (amend(IntentStatus.SENT, price="0.72"),), ""),
        ({"price": Decimal("0.72")}, (amend(IntentStatus.SENT, "850"),), "TP1: 0.71 → 0.72"),
        ({"status": OwnedStatus.FILLED}, (), ""),
    ],
)
def test_what_no_write_of_ours_asked_for_was_changed_by_others(
    changed: dict[str, Any], own: tuple[Intent, ...], said: str
) -> None:
    assert change_by_others(ORDER, replace(ORDER, **changed), own) == said


def test_an_order_of_no_level_is_named_by_its_id() -> None:
    now = replace(ORDER, level=0, quantity=Decimal(550))
    assert change_by_others(replace(ORDER, level=0), now, ()) == "BOT_TP1: 800 → 500"


def test_only_a_cancel_that_the_exchange_calls_somebody_s_is() -> None:
    by_user = Closure(CancelReason.BY_USER, "CancelByUser")
    own = replace(amend(IntentStatus.RESOLVED), operation=Operation.CANCEL)
    assert cancel_by_others(ORDER, by_user, ()) == "TP1: 800 cancelled"
    assert cancel_by_others(ORDER, by_user, (own,)) == ""
    assert cancel_by_others(ORDER, Closure(CancelReason.REDUCE_ONLY, ""), ()) == ""
    assert cancel_by_others(ORDER, None, ()) == ""


def test_what_is_above_is_given_up_and_no_more() -> None:
    """The plan moves 450 from TP2 to TP1, and cancels 30; 100 are above the position."""
    spare = replace(ORDER, order_link_id="spare", level=3, quantity=Decimal(80))
    grows = amend_to(ORDER, Target(1, 1, Decimal("0.70"), Decimal(900)))
    shrinks = amend_to(ORDER, Target(1, 1, Decimal("0.70"), Decimal(350)))
    assert grows is not None
    assert shrinks is not None
    less = giving_up(
        Plan(cancels=(Cancel(spare, ""),), amends=(shrinks, grows)), Decimal(100), CONTRACT
    )
    assert [cancel.order for cancel in less.cancels] == [spare]
    (only,) = less.amends
    assert (only.growth, only.price) == (Decimal(-70), None)
    assert giving_up(Plan(cancels=(Cancel(spare, ""),)), Decimal(20), CONTRACT).is_empty
