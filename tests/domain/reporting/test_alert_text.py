"""The text of an alert: its form, its lines by how an intent ended, and what repeats it."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.storage.samples import intent
from trueup.domain.model.commands import Operation
from trueup.domain.model.identity import MonitorKey, Role, Side
from trueup.domain.model.intent import IntentStatus
from trueup.domain.model.record import RunOutcome
from trueup.domain.reporting.alert_text import alert_text, level_results, says_more


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (0, "not sent: the clock is off"),
        (None, "not sent: the clock is off"),
        (110017, "110017 not sent: the clock is off"),
    ],
)
def test_only_a_code_that_refuses_is_named(code: int | None, reason: str) -> None:
    ended = replace(
        intent("i"), status=IntentStatus.REFUSED, code=code, detail="not sent: the clock is off"
    )
    (result,) = level_results((ended,))
    assert result.reason == reason


def test_a_refusal_counts_for_nothing_once_the_order_serves_another_level() -> None:
    refused = replace(intent("i"), status=IntentStatus.REFUSED, covers=Decimal(350))
    moved = replace(refused, id="j", level=4, status=IntentStatus.CONFIRMED)
    at_first, then = level_results((refused, moved))
    assert (at_first.is_processed, at_first.after) == (True, Decimal(0))
    assert (then.is_processed, then.after) == (True, Decimal(350))
    (stays,) = level_results((moved, replace(refused, level=4)))
    assert not stays.is_processed


PLACE = replace(intent("i"), covered=Decimal(0), covers=Decimal(50))
CANCEL = replace(PLACE, id="j", operation=Operation.CANCEL, covered=Decimal(50), covers=Decimal(0))


@pytest.mark.parametrize(
    ("first", "then", "line"),
    [
        (IntentStatus.CONFIRMED, IntentStatus.CONFIRMED, "TP1: 0→0 ✅"),
        (IntentStatus.CONFIRMED, IntentStatus.UNKNOWN, "TP1: 50→0 ❓"),
        (IntentStatus.CONFIRMED, IntentStatus.PLANNED, "TP1: 50→0 ❓ it may have been sent"),
        (IntentStatus.CONFIRMED, IntentStatus.REFUSED, "TP1: 50→0 ❌"),
    ],
)
def test_a_level_placed_and_cancelled_names_what_may_still_rest(
    first: IntentStatus, then: IntentStatus, line: str
) -> None:
    placed = replace(PLACE, status=first)
    (result,) = level_results((placed, replace(CANCEL, status=then)))
    assert str(result) == line


def skipped(*notes: str, account: str = "mirror", grew: bool = True) -> str:
    """The alert of a run that did nothing, for these reasons."""
    key = MonitorKey(account, "BANDUSDT", Side.SELL)
    size = Decimal("921.9")
    return alert_text(key, Role.MIRROR, RunOutcome.SKIPPED, size, (), notes, grew=grew)


def test_the_form_is_the_prescribed_one() -> None:
    assert skipped("no ladder").splitlines() == [
        "⏭️ TP REBALANCING SKIPPED",
        "━" * 24,
        "🪞 Account: MIRROR",
        "📊 BANDUSDT Sell",
        "",
        "📋 Summary:",
        "• Position Size: 921.9",
        "• TP Orders Processed: 0/0",
        "• Results: no ladder",
        "",
        "⏭️ TP orders have been skipped due to validation issues after limit fill",
    ]


def test_an_account_that_is_not_named_like_its_role_is_named() -> None:
    assert "🪞 Account: MIRROR (mirror2)" in skipped("no ladder", account="mirror2").splitlines()


def test_a_limit_fill_is_named_only_where_the_position_grew() -> None:
    assert "limit fill" not in skipped("no ladder", grew=False)


def test_an_alert_repeats_the_last_one_whatever_the_order_of_its_lines() -> None:
    both = skipped("no ladder", "no rules")
    assert not says_more(skipped("no ladder", grew=False), both)
    assert not says_more(skipped("no rules", "no ladder"), both)
    assert says_more(both, skipped("no ladder"))


@pytest.mark.parametrize(
    ("status", "closing"),
    [
        (IntentStatus.SENT, "no change of a TP order could be verified; trueup will try again"),
        (IntentStatus.UNKNOWN, "no change of a TP order could be verified; trueup will try again"),
        (IntentStatus.RESOLVED, "no change of a TP order could be verified; trueup will try again"),
        (
            IntentStatus.CONFIRMED,
            "TP orders have been rebalanced in part after limit fill; trueup will try again",
        ),
    ],
)
def test_nothing_unverified_is_said_to_be_done(status: IntentStatus, closing: str) -> None:
    key = MonitorKey("mirror", "BANDUSDT", Side.SELL)
    results = level_results((replace(intent("i"), status=status),))
    text = alert_text(key, Role.MIRROR, RunOutcome.PARTIAL, Decimal(100), results, grew=True)
    assert text.splitlines()[-1] == f"⚠️ {closing}"


def test_the_first_orders_of_a_position_are_placed_and_not_rebalanced() -> None:
    key = MonitorKey("mirror", "BANDUSDT", Side.SELL)
    placed = replace(intent("i"), status=IntentStatus.CONFIRMED)
    assert placed.covered == 0
    results = level_results((placed,))
    text = alert_text(key, Role.MIRROR, RunOutcome.SUCCESS, Decimal(100), results, grew=True)
    assert text.splitlines()[-1] == "✅ TP orders have been placed"
    more = level_results((placed, replace(placed, id="j", level=2, covered=Decimal(5))))
    text = alert_text(key, Role.MIRROR, RunOutcome.SUCCESS, Decimal(100), more, grew=True)
    assert text.splitlines()[-1] == "✅ TP orders have been rebalanced after limit fill"


def test_a_position_that_is_closed_has_no_orders_to_rebalance() -> None:
    key = MonitorKey("mirror", "BANDUSDT", Side.SELL)
    results = level_results((replace(CANCEL, status=IntentStatus.CONFIRMED),))
    text = alert_text(key, Role.MIRROR, RunOutcome.SUCCESS, Decimal(0), results)
    assert text.splitlines()[-1] == "✅ the position is closed, and its TP orders are gone"
