"""Leases: which process owns which accounts, for how long, and when a write may still leave. Pure.

Several processes share the accounts: an account belongs to a *shard*, and the shard to the one
process that has its lease. A lease that is not renewed ends by itself, and then another process
claims the shard with the next *epoch*. Two fences keep the one before out, though it may have been
frozen and know nothing of it: the database refuses each commit of an older epoch, and the exchange
refuses each request that comes later than it was signed for. The second holds because a write only
leaves if the lease outlives the last moment at which the exchange would accept it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from zlib import crc32

from .model.errors import ConfigurationError

LeaseEnd = Callable[[], timedelta | None]
"""Until which moment of the monotonic clock the lease certainly lasts; None: there is no lease."""

SHARDS = 64
"""How many shards a database is divided into when it is first shared; it stays so."""
_RENEWALS = 4


def no_lease() -> None:
    """A :data:`LeaseEnd` where one process owns the database: no lease ends."""
    return


def shard_of(account: str, shards: int = SHARDS) -> int:
    """The shard of an account; the same in every process, and for good.

    >>> shard_of("main"), shard_of("main", 8)
    (36, 4)
    """
    return crc32(account.encode()) % shards


@dataclass(frozen=True, slots=True)
class LeaseSettings:
    """How long leases last.

    Attributes:
        ttl: how long a lease lasts after its last renewal: a process that dies, or is cut off, is
            replaced after as long.
        window: how long after it was signed the exchange may accept a request.

    Raises:
        ConfigurationError: there would be moments, though every renewal succeeds, at which no
            write could leave.
    """

    ttl: timedelta = timedelta(seconds=8)
    window: timedelta = timedelta(seconds=3)

    def __post_init__(self) -> None:
        if self.window < timedelta(seconds=2):
            raise ConfigurationError("a request needs at least 2 seconds to arrive")
        # What is left just before a renewal, with a second for the renewal and for clocks.
        if self.ttl - self.renewed_every < self.window + timedelta(seconds=1):
            raise ConfigurationError(
                f"a lease of {self.ttl.total_seconds():g} s is too short for requests that may "
                f"take {self.window.total_seconds():g} s to arrive: three quarters of it have to "
                "be a second longer"
            )

    @property
    def renewed_every(self) -> timedelta:
        """How long after a renewal the next one is sent."""
        return self.ttl / _RENEWALS
