"""Whether all is well, so that a heartbeat may be sent: what is on record says so."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from ...model.alert import PendingAlert
from ...model.record import MonitorRecord

LASTING = timedelta(minutes=10)
"""A position that lacks its stop or cover for so long, or an alert that waits so long, is not well.

Before that trueup may mend it by itself, and the alert about it says so.
"""


@dataclass(frozen=True, slots=True)
class Health:
    """What is on record of an engine.

    Attributes:
        monitors: those that it keeps.
        swept: when the last sweep of each account was that could read it, if that was the last.
        pending: alerts that somebody does not have yet.
    """

    monitors: tuple[MonitorRecord, ...]
    swept: Mapping[str, datetime]
    pending: tuple[PendingAlert, ...]


def why_unwell(health: Health, now: datetime, stale: timedelta) -> str:
    """The first reason for which no heartbeat is sent; empty where all is well.

    Args:
        health: what is on record.
        now: the time.
        stale: how old the last sweep of an account may be.
    """
    return next(_reasons(health, now, stale), "")


def _reasons(health: Health, now: datetime, stale: timedelta) -> Iterator[str]:
    for account in sorted({record.key.account for record in health.monitors}):
        at = health.swept.get(account)
        if at is None or now - at > stale:
            yield f"{account} was not read within {stale.total_seconds():.0f} s"
    for record in health.monitors:
        bare = record.stop.unprotected_since if record.stop else None
        if _lasts(bare, now):
            yield f"{record.key} is unprotected"
        if _lasts(record.reported.uncovered_since if record.reported else None, now):
            yield f"{record.key} is uncovered"
    yield from _of_alerts(health.pending, now)


def _of_alerts(pending: Iterable[PendingAlert], now: datetime) -> Iterator[str]:
    if any(_lasts(one.alert.created_at, now) for one in pending):
        yield "alerts do not arrive"


def _lasts(since: datetime | None, now: datetime) -> bool:
    return since is not None and now - since >= LASTING
