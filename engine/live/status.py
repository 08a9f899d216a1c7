"""The status of an account's live view, for people."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

SILENCE = "the feed is silent"
"""The reason of a view whose stream gave no sign of life for too long."""


class ViewState(StrEnum):
    """Whether the whole account is known without a request."""

    SYNCED = "synced"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class LiveStatus:
    """The status of a live view.

    Attributes:
        reason: why the view is unknown; empty if it is synced.
        received_at: when the stream last gave a sign of life; None before its first opening.
        invalidations: the symbols that have to be read before they are used, each with the
            reason.
        from_view: how many observations the view answered without a request.
        by_read: how many observations needed requests.
        silent: for how long the stream has given no sign of life, by a clock that nobody sets; None
            before its first opening.
    """

    account: str
    state: ViewState
    reason: str
    received_at: datetime | None
    invalidations: tuple[tuple[str, str], ...]
    from_view: int
    by_read: int
    silent: timedelta | None = None
