"""The daily digest."""

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from trueup import AlertKind, MonitorKey, MonitorRecord, Role, RunOutcome, Side
from trueup.domain.reporting.delivery.daily import Interval, daily_digest, last_due
from trueup.domain.reporting.delivery.wellness import Health

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (datetime(2026, 3, 29, 5, 59, tzinfo=UTC), datetime(2026, 3, 28, 7, tzinfo=UTC)),
        (datetime(2026, 3, 29, 6, 0, tzinfo=UTC), datetime(2026, 3, 29, 6, tzinfo=UTC)),
        (datetime(2026, 3, 30, 5, 0, tzinfo=UTC), datetime(2026, 3, 29, 6, tzinfo=UTC)),
    ],
)
def test_it_is_due_at_the_time_of_the_place_also_when_clocks_change(
    now: datetime, due: datetime
) -> None:
    assert last_due(time(8), BERLIN, now).astimezone(UTC) == due


def monitor(symbol: str, outcome: RunOutcome | None, size: str = "0") -> MonitorRecord:
    """A monitor whose last run ended so."""
    key = MonitorKey("main", symbol, Side.SELL)
    return MonitorRecord(
        1, key, Role.MAIN, None, None, last_outcome=outcome, position_size=Decimal(size)
    )


def test_it_says_how_each_account_stands_and_what_the_day_brought() -> None:
    monitors = (monitor("AUSDT", RunOutcome.SUCCESS), monitor("BUSDT", RunOutcome.FAILED, "1000"))
    health = Health(monitors, {"main": NOW - timedelta(seconds=9)}, ())
    hour = NOW - timedelta(hours=1)
    intervals = [
        Interval("uncovered", "main BUSDT Sell", "150", hour, None),
        Interval("unprotected", "main AUSDT Sell", "7", hour, hour + timedelta(seconds=40)),
    ]
    alert = daily_digest(health, intervals, ["repair", "problem", "repair"], NOW)
    assert alert.facts.kinds == (AlertKind.DIGEST,)
    assert alert.status is RunOutcome.PARTIAL
    assert alert.text.splitlines() == [
        "⚠️ THE LAST DAY OF TRUEUP",
        "━━━━━━━━━━━━━━━━━━━━━━━━",
        "📒 main: 2 monitors, 1 open positions, read 9 s ago",
        "",
        "Uncovered and unprotected:",
        "  main BUSDT Sell: 150 uncovered for 1 h 0 min, still",
        "  main AUSDT Sell: 7 unprotected for 40 s",
        "Problems now:",
        "  main BUSDT Sell: FAILED, 1000 of 1000 uncovered",
        "Alerts:",
        "  2× repair",
        "  1× problem",
        "Alerts that somebody does not have yet: 0",
    ]


def test_a_quiet_day_is_a_short_message() -> None:
    alert = daily_digest(Health((monitor("AUSDT", None),), {}, ()), [], [], NOW)
    assert alert.status is RunOutcome.IN_SYNC
    assert alert.text.splitlines()[2:] == [
        "📒 main: 1 monitors, 0 open positions, not read",
        "",
        "Uncovered and unprotected: none",
        "Problems now: none",
        "Alerts: none",
        "Alerts that somebody does not have yet: 0",
    ]
