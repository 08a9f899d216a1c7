"""When a monitor is alerted that its contract will end: at two moments, once each."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trueup.domain.model.identity import MonitorKey, Role, Side
from trueup.domain.model.record import MonitorRecord
from trueup.domain.reporting.expiry_text import ended_flat, ends_soon
from trueup.domain.tracking.expiry import NOTICES, has_ended, is_notice_due

ENDS = datetime(2025, 12, 26, 8, tzinfo=UTC)
KEY = MonitorKey("main", "BTCUSDT-26DEC25", Side.BUY)
HOURS = st.integers(1, 30 * 24).map(lambda hours: timedelta(hours=hours))


def record(
    size: str = "0.5", ends: datetime | None = ENDS, alerted: datetime | None = None
) -> MonitorRecord:
    """A monitor of a dated future."""
    return MonitorRecord(
        1, KEY, Role.MAIN, None, None,
        position_size=Decimal(size), expires_at=ends, expiry_alerted_at=alerted,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("before", "due"),
    [
        (timedelta(days=7, seconds=1), False),
        (timedelta(days=7), True),
        (timedelta(hours=1), True),
        (timedelta(0), False),
        (-timedelta(hours=1), False),
    ],
)
def test_it_is_due_from_a_week_before_until_the_end(before: timedelta, *, due: bool) -> None:
    assert is_notice_due(record(), ENDS - before) is due
    assert not is_notice_due(record("0"), ENDS - before)
    assert not is_notice_due(record(ends=None), ENDS - before)


@given(st.lists(HOURS, min_size=1, max_size=60))
def test_whenever_it_is_looked_at_there_is_one_alert_for_each_notice(
    looks: list[timedelta],
) -> None:
    alerted: datetime | None = None
    sent: list[timedelta] = []
    for before in sorted(looks, reverse=True):
        if is_notice_due(record(alerted=alerted), ENDS - before):
            alerted = ENDS - before
            sent.append(before)
    reached = [notice for notice in NOTICES if any(before <= notice for before in looks)]
    assert len(sent) == len({max(b for b in looks if b <= notice) for notice in reached})
    assert not is_notice_due(record(alerted=alerted), ENDS - min(looks))


def test_a_time_on_record_that_lies_far_ahead_is_of_a_wrong_clock() -> None:
    now = ENDS - timedelta(days=6)
    assert is_notice_due(record(alerted=now + timedelta(days=2)), now)
    assert not is_notice_due(record(alerted=now + timedelta(hours=1)), now)


def test_an_end_is_seen_a_minute_early() -> None:
    assert has_ended(record(), ENDS - timedelta(minutes=1))
    assert not has_ended(record(), ENDS - timedelta(minutes=2))
    assert not has_ended(record(ends=None), ENDS)


@pytest.mark.parametrize(
    ("left", "said"),
    [
        (timedelta(days=7), "in 7 days"),
        (timedelta(days=1, hours=1, minutes=59), "in 1 day 1 hour"),
        (timedelta(hours=23, minutes=59), "in 23 hours"),
        (timedelta(minutes=59), "in less than an hour"),
    ],
)
def test_what_people_read(left: timedelta, said: str) -> None:
    text = ends_soon(ENDS, ENDS - left)
    assert text == f"⏳ the contract expires on 2025-12-26 08:00 UTC, {said}"


def test_what_people_read_of_a_position_that_ended_with_it() -> None:
    assert "2025-12-26 08:00 UTC: its position of 0.5 is closed" in ended_flat(
        ENDS, Decimal("0.50")
    )
