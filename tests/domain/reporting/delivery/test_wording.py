"""What an alert says beside what happened."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from trueup import Alert, AlertFacts, AlertKind, Lack, MonitorKey, RunOutcome, Side
from trueup.domain.reporting.delivery.wording import whole_text
from trueup.domain.reporting.explanations import TRY_AGAIN

AT = datetime(2026, 1, 31, 12, tzinfo=UTC)
TEXT = """❌ TP REBALANCING FAILED
━━━━━━━━━━━━━━━━━━━━━━━━
🪞 Account: MIRROR
📊 BANDUSDT Sell

📋 Summary:
• Position Size: 1000
• Results: the exchange could not be read: 502

❌ TP rebalancing has failed; trueup will try again"""
ALERT = Alert("r1", MonitorKey("mirror", "BANDUSDT", Side.SELL), RunOutcome.FAILED, TEXT, AT)


def below(facts: AlertFacts, text: str = TEXT) -> str:
    """What stands below the text."""
    said = whole_text(replace(ALERT, text=text, facts=facts))
    assert said.startswith(text)
    return said.removeprefix(text).strip()


def test_an_alert_that_all_is_well_says_no_more() -> None:
    assert below(AlertFacts()) == ""
    assert below(AlertFacts(kinds=("level-filled", AlertKind.REPAIR))) == ""


def test_a_problem_says_how_much_since_when_what_follows_and_what_to_do() -> None:
    facts = AlertFacts(
        kinds=(AlertKind.PROBLEM,),
        uncovered=Lack(Decimal("150.0"), AT.replace(hour=11)),
        unprotected=Lack(Decimal(1000), AT.replace(minute=3)),
        next_try_at=AT.replace(second=30),
    )
    assert below(facts).splitlines() == [
        "🚨 unprotected: 1000, since 2026-01-31 12:03:00 UTC",
        "🕳️ uncovered: 150, since 2026-01-31 11:00:00 UTC",
        "⏳ trueup tries again by 2026-01-31 12:00:30 UTC",
        f"👉 {TRY_AGAIN}",
    ]


def test_what_was_refused_is_named_by_its_code() -> None:
    text = TEXT.replace("the exchange could not be read: 502", "TP1: 0→850 ❌ 110007 no balance")
    facts = AlertFacts(kinds=(AlertKind.PROBLEM,), codes=(110007,))
    assert below(facts, text) == "👉 docs/alerts.md says what to do about 110007."


def test_where_nobody_has_to_do_anything_it_says_so() -> None:
    text = TEXT.replace(
        "the exchange could not be read: 502", "an earlier write may still take effect"
    )
    facts = AlertFacts(kinds=(AlertKind.PROBLEM,))
    assert below(facts, text) == "👉 nothing to do: act if this comes again"


def test_what_is_left_uncovered_by_a_run_that_did_well_is_said() -> None:
    facts = AlertFacts(kinds=(AlertKind.REPAIR,), uncovered=Lack(Decimal("0.4")))
    assert below(facts).splitlines() == [
        "🕳️ uncovered: 0.4",
        "⏳ trueup goes on by itself once something changes",
    ]
