"""Contracts that end: when people are to be alerted before the end, and once only."""

from datetime import datetime, timedelta

from ..model.instrument import ZERO
from ..model.record import MonitorRecord

NOTICES = (timedelta(days=7), timedelta(hours=24))
"""How long before its end a contract's monitor is alerted, once each."""

_NEAR = timedelta(minutes=1)
_TRUSTED_AHEAD = timedelta(days=1)


def is_notice_due(record: MonitorRecord, now: datetime) -> bool:
    """Whether an alert is due that the contract will end: with a position open, at each notice.

    The time of the last such alert is on record, committed with it, so it is sent once however
    often the process starts. A time that lies ahead by more than a day is of a wrong clock, and
    counts as none (promise P13).

    Example: a contract that ends on the 26th at 8:00. The first run at or after the 19th, 8:00,
    alerts, and the first at or after the 25th, 8:00. One that is put under watch on the 25th at
    9:00 alerts once.
    """
    ends, alerted = record.expires_at, record.expiry_alerted_at
    if ends is None or record.position_size == ZERO or now >= ends:
        return False
    begun = [ends - before for before in NOTICES if ends - before <= now]
    if not begun:
        return False
    return alerted is None or alerted < begun[-1] or alerted - now > _TRUSTED_AHEAD


def has_ended(record: MonitorRecord, now: datetime) -> bool:
    """Whether the contract has ended by now, or ends within a minute: clocks differ."""
    return record.expires_at is not None and now >= record.expires_at - _NEAR
