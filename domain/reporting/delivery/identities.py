"""What tells a repeated message from a new one: at every try, after a restart, on request."""

import re
from collections.abc import Sequence
from hashlib import sha256

from ...model.alert import Alert

_LENGTH = 16
_LONGEST = 40
_UNSAFE = re.compile(r"[^A-Za-z0-9_.-]")
"""A bot may name its runs as it likes; a header of HTTP or of mail may not have everything."""


def identity_of(alert: Alert, number: int) -> str:
    """The key of an alert: its number in the outbox, and its run.

    The run tells the alerts of two databases apart that one receiver gets. An alert that is not in
    the outbox has a number below 0, and no run: its time stands for that.

    >>> from datetime import UTC, datetime
    >>> from ...model.identity import MonitorKey, Side
    >>> from ...model.record import RunOutcome
    >>> at = datetime(2026, 1, 31, 12, 0, 7, 250_000, tzinfo=UTC)
    >>> alert = Alert("5f2c", MonitorKey("main", "BANDUSDT", Side.SELL), RunOutcome.FAILED, "", at)
    >>> identity_of(alert, 17)
    '17-5f2c'
    """
    numbered = str(number) if number > 0 else f"d{-number}"
    run = alert.run_id or format(alert.created_at, "%Y%m%dT%H%M%S.%f")
    return f"{numbered}-{_UNSAFE.sub('', run)[:_LONGEST]}"


def identity_of_all(alerts: Sequence[Alert]) -> str:
    """The key of the one message for these alerts: another message for other ones has another."""
    joined = "\n".join(alert.identity for alert in alerts)
    return f"{len(alerts)}x{sha256(joined.encode()).hexdigest()[:_LENGTH]}"
