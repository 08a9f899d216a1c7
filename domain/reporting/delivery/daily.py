"""The daily digest: one message a day, with how each account stands and what the day brought."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo

from ...model.alert import Alert, AlertFacts, AlertKind
from ...model.identity import MonitorKey, Side
from ...model.instrument import plain
from ...model.record import MonitorRecord, RunOutcome
from ..alert_text import RULE
from .wellness import Health

A_DAY = timedelta(days=1)
_MOST = 20
"""So many lines of a kind are said; the database has all of them."""
_EVERYBODY = MonitorKey("", "", Side.BUY)
_GOOD = (None, RunOutcome.IN_SYNC, RunOutcome.SUCCESS)


@dataclass(frozen=True, slots=True)
class Interval:
    """A time for which a position lacked something.

    Attributes:
        what: ``uncovered`` or ``unprotected``.
        key: whose position.
        size: how much of it.
        since: from when.
        until: to when; None while it lasts.
    """

    what: str
    key: str
    size: str
    since: datetime
    until: datetime | None


def last_due(at: time, zone: tzinfo, now: datetime) -> datetime:
    """When a digest was due last.

    >>> from datetime import UTC
    >>> str(last_due(time(8), UTC, datetime(2026, 1, 31, 7, 59, tzinfo=UTC)))
    '2026-01-30 08:00:00+00:00'
    >>> str(last_due(time(8), UTC, datetime(2026, 1, 31, 8, 0, tzinfo=UTC)))
    '2026-01-31 08:00:00+00:00'
    """
    here = now.astimezone(zone)
    due = datetime.combine(here.date(), at, zone)
    return due if due <= here else datetime.combine(here.date() - A_DAY, at, zone)


def daily_digest(
    health: Health,
    intervals: Sequence[Interval],
    kinds: Sequence[str],
    now: datetime,
) -> Alert:
    """The digest as an alert.

    Args:
        health: what is on record.
        intervals: those of the last day.
        kinds: of the last day's alerts, one for each time that an alert was of it.
        now: the time.
    """
    problems = [record for record in health.monitors if record.last_outcome not in _GOOD]
    status = RunOutcome.PARTIAL if problems else RunOutcome.IN_SYNC
    sign = "⚠️" if problems else "☑️"
    text = "\n".join(
        (
            f"{sign} THE LAST DAY OF TRUEUP",
            RULE,
            *_accounts(health, now),
            "",
            *(_named("Uncovered and unprotected", [_interval(one, now) for one in intervals])),
            *(_named("Problems now", [_problem(record) for record in problems])),
            *(_named("Alerts", [f"{n}× {kind}" for kind, n in Counter(kinds).most_common()])),
            f"Alerts that somebody does not have yet: {len(health.pending)}",
        )
    )
    facts = AlertFacts(kinds=(AlertKind.DIGEST,))
    return Alert("", _EVERYBODY, status, text, now, facts=facts)


def _accounts(health: Health, now: datetime) -> Iterator[str]:
    for account in sorted({record.key.account for record in health.monitors}):
        own = [record for record in health.monitors if record.key.account == account]
        is_open = [record for record in own if record.position_size]
        swept = health.swept.get(account)
        read = "not read" if swept is None else f"read {_span(now - swept)} ago"
        yield f"📒 {account}: {len(own)} monitors, {len(is_open)} open positions, {read}"


def _named(heading: str, lines: Sequence[str]) -> Iterator[str]:
    if not lines:
        yield f"{heading}: none"
        return
    yield f"{heading}:"
    yield from (f"  {line}" for line in lines[:_MOST])
    if len(lines) > _MOST:
        yield f"  and {len(lines) - _MOST} more"


def _interval(one: Interval, now: datetime) -> str:
    lasted = _span((one.until or now) - one.since)
    ends = "" if one.until is not None else ", still"
    return f"{one.key}: {one.size} {one.what} for {lasted}{ends}"


def _problem(record: MonitorRecord) -> str:
    outcome = record.last_outcome.value if record.last_outcome else "?"
    bare = max(record.position_size - record.covered_with_runner, record.position_size * 0)
    due = f", next try {record.next_try_at:%H:%M:%S} UTC" if record.next_try_at else ""
    return f"{record.key}: {outcome}, {plain(bare)} of {plain(record.position_size)} uncovered{due}"


def _span(lasted: timedelta) -> str:
    seconds = int(max(lasted, timedelta(0)).total_seconds())
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min" if minutes else f"{seconds} s"
