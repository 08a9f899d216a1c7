"""A close: a part of a position, or all of it, is closed at the market, once.

Somebody commands it for one position. What it comes to is on record before its first request
leaves, and so is the order link id of each request: a reply that is lost is looked up by it.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from ...copies import replace
from ..instrument import ZERO, plain
from ..ladder import HUNDRED

OPEN = "open"
"""The stage of a close that has not come to its end."""


class CloseCause(StrEnum):
    """Who commands a close.

    ``command``: a person, or a program. ``crossed``: a stop that the market is already past, by
    ``on_crossed = "close"``. ``deadline``: the time of ``close_after`` is over.
    """

    COMMAND = "command"
    CROSSED = "crossed"
    DEADLINE = "deadline"


class CloseEnd(StrEnum):
    """How a close ended.

    ``done``: all that was asked for is closed. ``part``: less is, as the position ended sooner or
    the rest cannot be closed. ``refused``: nothing is.
    """

    DONE = "done"
    PART = "part"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class CloseCommand:
    """What somebody asks for.

    Attributes:
        cause: who asks.
        cycle: of the position that is meant, as the monitor counts them: no other one is closed.
        share: how much of the position, in percent; 100 for all of it.
        by: the person's name; empty where no person asks.
        reason: why, for people.
        number: of the command on record; 0 where no person or program has put one there.
    """

    cause: CloseCause
    cycle: int
    share: Decimal = HUNDRED
    by: str = ""
    reason: str = ""
    number: int = 0

    def __str__(self) -> str:
        """``50 % of the position, by ann@host: too much``."""
        whole = (
            "the position" if self.share == HUNDRED else f"{plain(self.share)} % of the position"
        )
        by = f", by {self.by}" if self.by else ""
        return f"{whole}{by}" + (f": {self.reason}" if self.reason else "")


@dataclass(frozen=True, slots=True)
class Closing:
    """One close, from the moment on at which a run took the command.

    Attributes:
        command: what was asked for.
        size: the position's size then.
        quantity: what is to be closed of it.
        began_at: when that was.
        filled: what its requests are known to have closed.
        link_ids: of its requests, oldest first; each is a market order that reduces the position.
        end: how it ended; None while it is open.
        detail: why it ended so, or what stands in its way, for people.
        reported: the stage that an event has reported last; empty before the first.
    """

    command: CloseCommand
    size: Decimal
    quantity: Decimal
    began_at: datetime
    filled: Decimal = ZERO
    link_ids: tuple[str, ...] = ()
    end: CloseEnd | None = None
    detail: str = ""
    reported: str = ""

    @property
    def is_open(self) -> bool:
        """Whether it has not come to its end."""
        return self.end is None

    @property
    def remaining(self) -> Decimal:
        """What is still to be closed."""
        return max(self.quantity - self.filled, ZERO) if self.is_open else ZERO

    @property
    def stage(self) -> str:
        """``open``, or how it ended."""
        return self.end.value if self.end else OPEN

    def __str__(self) -> str:
        """``50 of 100 closed``, or ``30 of 50 closed (50 % of 100)``."""
        share, size = self.command.share, plain(self.size)
        part = "" if share == HUNDRED else f" ({plain(share)} % of {size})"
        return f"{plain(self.filled)} of {plain(self.quantity)} closed{part}"


@dataclass(frozen=True, slots=True)
class Deadline:
    """Since when a position is open, where it is to be closed after some time.

    Attributes:
        cycle: of the position, as the monitor counts them.
        since_ms: from when on the time counts, by the exchange's clock, epoch milliseconds.
        is_over: whether the close that it asks for has been begun: that is done once.
    """

    cycle: int
    since_ms: int
    is_over: bool = False


@dataclass(frozen=True, slots=True)
class ClosingRecord:
    """What is on record of a monitor's closes.

    Attributes:
        taken: the number of the newest command that a run has taken: it takes each once.
        last: the close that is open, or the one that ended last; None before the first.
        deadline: of the position that is open; None where there is none.
        unreported: closes before it that have ended, and whose end no event has reported.
    """

    taken: int = 0
    last: Closing | None = None
    deadline: Deadline | None = None
    unreported: tuple[Closing, ...] = ()

    def with_new(self, closing: Closing) -> "ClosingRecord":
        """The record with another close, after the last one has ended."""
        last = self.last
        waits = last is not None and last.reported != last.stage
        unreported = (*self.unreported, last) if last is not None and waits else self.unreported
        return replace(self, last=closing, unreported=unreported)

    def of(self, number: int) -> Closing | None:
        """What became of the command of that number; None where no run has taken it."""
        known = (*self.unreported, *((self.last,) if self.last else ()))
        return next((one for one in known if one.command.number == number), None)

    @property
    def open(self) -> Closing | None:
        """The close that has not come to its end; None where none is open."""
        return self.last if self.last is not None and self.last.is_open else None

    @property
    def link_ids(self) -> tuple[str, ...]:
        """The ids of the last close's orders."""
        return self.last.link_ids if self.last else ()


NO_CLOSE = ClosingRecord()
"""Of a monitor whose position nobody has ever closed by command."""
