"""What differs from exchange to exchange and a run has to know, as values of the port."""

import re
from dataclasses import dataclass
from datetime import timedelta

from ..model.errors import ConfigurationError

_LEAST = timedelta(seconds=2)
_MOST = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Lateness:
    """How late the exchange may execute a request, and how late reads may show the effect.

    Promises about writes whose answer was lost hold where the exchange is no later than this: an
    order that it accepts later, or shows later, is found by the pass after that, and put right.

    Attributes:
        requests: how long after a request left the exchange may still execute it; what arrives
            later is refused. At Bybit it is the receive window, 5 s by default
            (docs/v5/guide.mdx).
        reads: how long after an acknowledgement a read may still show the state before it;
            Bybit's staff say 10-15 s (docs-legacy#184).

    Raises:
        ConfigurationError: a request that has less than two seconds to arrive, or an hour to be
            seen: no clock is that exact, and no read that late.
    """

    requests: timedelta = timedelta(seconds=5)
    reads: timedelta = timedelta(seconds=15)

    def __post_init__(self) -> None:
        if not _LEAST <= self.requests <= _MOST:
            raise ConfigurationError(f"requests may be {_LEAST} to {_MOST} late: {self.requests}")
        if not timedelta(0) < self.reads <= _MOST:
            raise ConfigurationError(f"reads may be up to {_MOST} late: {self.reads}")

    @property
    def total(self) -> timedelta:
        """How long after a request left a read may still not show its effect."""
        return self.requests + self.reads


@dataclass(frozen=True, slots=True)
class LinkIdForm:
    """What the exchange accepts as an order link id.

    Attributes:
        max_length: the most characters that an id may have.
        alphabet: the characters that an id may consist of, as the inside of a regular
            expression's brackets, such as ``A-Za-z0-9_-``.
    """

    max_length: int
    alphabet: str

    def allows(self, text: str) -> bool:
        """Whether the exchange accepts this text as an id; an empty one is none."""
        return re.fullmatch(f"[{self.alphabet}]{{1,{self.max_length}}}", text) is not None
