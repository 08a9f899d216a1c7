"""What people read of a contract's end: before it, and of the position that it closed."""

from datetime import datetime, timedelta
from decimal import Decimal

from ..model.instrument import plain

_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)


def shown(at: datetime) -> str:
    """``2025-12-26 08:00 UTC``."""
    return f"{at:%Y-%m-%d %H:%M} UTC"


def ends_soon(expires_at: datetime, now: datetime) -> str:
    """``⏳ the contract expires on 2025-12-26 08:00 UTC, in 6 days 23 hours``."""
    left = expires_at - now
    parts = [_counted(left // _DAY, "day"), _counted(left % _DAY // _HOUR, "hour")]
    span = " ".join(filter(None, parts)) or "less than an hour"
    return f"⏳ the contract expires on {shown(expires_at)}, in {span}"


def ended_flat(expires_at: datetime, size: Decimal) -> str:
    """What became of a position at the end of its contract."""
    return (
        f"⌛ the contract expires on {shown(expires_at)}: its position of {plain(size)} is closed"
    )


def _counted(count: int, unit: str) -> str:
    if not count:
        return ""
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
