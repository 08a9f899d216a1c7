"""What the last sweep found out about an account, so that people see that an idle engine works."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ViewWord(StrEnum):
    """How trueup follows an account."""

    STREAMED = "streamed"
    """By its private stream: events arrive at once, and runs need no read."""
    SWEPT = "swept"
    """By reads alone: the next sweep sees what has happened."""
    UNREADABLE = "unreadable"
    """Not at all: the sweep could not read the account."""


@dataclass(frozen=True, slots=True)
class AccountStatus:
    """An account as of its last sweep.

    Attributes:
        swept_at: when the sweep began.
        monitors: how many the sweep checked.
        drifted: how many of them needed a run.
        reason: why the account is not streamed, if it could be, and for which symbols the sweep
            was blind; empty if neither holds.
        clock_offset_ms: the exchange's clock minus this machine's; None before it was measured.
        engine_start: the number of the service's start that made the sweep; None where it is not
            on record.
    """

    account: str
    swept_at: datetime
    monitors: int
    drifted: int
    view: ViewWord
    reason: str = ""
    clock_offset_ms: int | None = None
    engine_start: int | None = None
