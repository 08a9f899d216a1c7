"""What a stored time is worth: the wall clock that wrote it may have been wrong (promise P13)."""

from datetime import datetime, timedelta

from ..model.intent import Intent
from ..model.protection import StopIntent

_NOTHING = timedelta(0)
_AHEAD = timedelta(seconds=10)
"""So far another machine's clock may be ahead."""


def left_until(at: datetime | None, now: datetime, longest: timedelta) -> timedelta:
    """How long to wait until a stored time, but never longer than what could have set it.

    A try was due in 5 minutes, and the pause before a try is 10 minutes at most. Then the clock,
    which had been an hour ahead, was set right:

    >>> at = datetime(2026, 1, 1, 13, 5)
    >>> longest = timedelta(minutes=10)
    >>> str(left_until(at, datetime(2026, 1, 1, 13, 1), longest))
    '0:04:00'
    >>> str(left_until(at, datetime(2026, 1, 1, 12, 1), longest))
    '0:10:00'
    >>> str(left_until(at, datetime(2026, 1, 1, 14, 0), longest))
    '0:00:00'

    Args:
        at: the stored time; None for a time that is over.
        now: the wall clock.
        longest: the longest pause that could have set it.
    """
    return _NOTHING if at is None else min(max(at - now, _NOTHING), longest)


def has_passed(at: datetime, span: timedelta, now: datetime) -> bool:
    """Whether so much time has passed since a stored time.

    That holds for a time in the future too: the clock was wrong then or is now, and what waits for
    the span to pass would wait as long as the clock was off.
    """
    return at > now or now - at >= span


def is_old(at: datetime, span: timedelta, now: datetime) -> bool:
    """Whether a sign of life with a stored time is older than it may be.

    One of the time to come is: the clock was wrong, and nobody knows how long ago it was. Another
    machine's clock may be ahead a little, and ``now`` may be of a moment before the row was read.

    >>> at = datetime(2026, 1, 1, 13, 0)
    >>> is_old(at, timedelta(minutes=5), datetime(2026, 1, 1, 13, 4))
    False
    >>> is_old(at, timedelta(minutes=5), datetime(2026, 1, 1, 13, 5))
    True
    >>> is_old(at, timedelta(minutes=5), datetime(2026, 1, 1, 12, 59, 59))
    False
    >>> is_old(at, timedelta(minutes=5), datetime(2026, 1, 1, 12, 0))
    True
    """
    return has_passed(at, span + _AHEAD, now + _AHEAD)


def elapsed(since: timedelta, moment: timedelta) -> timedelta:
    """How much time has passed since a moment on record, by a clock that nobody sets.

    That is the time since the machine started, which goes on over restarts of the process. Where it
    is less than what is on record, the machine was started since: so much has passed at the least.
    """
    return moment - since if since <= moment else moment


def age_of(write: Intent | StopIntent, moment: timedelta, now: datetime) -> timedelta:
    """How long ago a write was announced, or left last, by a clock that nobody sets.

    Whether a request may still take effect must not change with the wall clock: an order would be
    given up that is still on its way, or waited for as long as the clock was wrong. Only of a write
    that was recorded without its moment does the stored time count.

    Args:
        write: announced by this process or by another one on this machine.
        moment: the time since the machine started.
        now: the wall clock.
    """
    if write.announced is None:
        return max(now - write.created_at, _NOTHING)
    return elapsed(write.announced, moment)
