"""What a sweep left to say of an account: for people who ask whether an idle engine lives."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ViewWord(StrEnum):
    """How an account is known after a sweep."""

    STREAMED = "streamed"
    """By its private stream: what happens is heard at once, and runs need no read."""
    SWEPT = "swept"
    """By reads alone: what happens is seen by the next sweep."""
    UNREADABLE = "unreadable"
    """Not at all: the sweep could not read it."""


@dataclass(frozen=True, slots=True)
class AccountStatus:
    """An account as of its last sweep.

    Attributes:
        swept_at: when the sweep began.
        monitors: how many it looked at.
        drifted: how many of them had something to do.
        reason: why the account is not streamed; empty if it is, or nobody listens.
        clock_offset_ms: the exchange's clock less this machine's; None while nobody measured.
    """

    account: str
    swept_at: datetime
    monitors: int
    drifted: int
    view: ViewWord
    reason: str = ""
    clock_offset_ms: int | None = None
