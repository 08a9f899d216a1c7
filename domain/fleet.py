"""The processes that share the accounts, as the database has them. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from .leases import shard_of


@dataclass(frozen=True, slots=True)
class FleetOrder:
    """What somebody ordered of one process, or of all.

    Attributes:
        worker: the process that shall have no shards; empty: no lease of any is renewed or claimed.
        at: since when.
        by: who ordered it.
        reason: why, in their words; may be empty.
    """

    worker: str
    at: datetime
    by: str
    reason: str = ""

    @property
    def line(self) -> str:
        """``all workers: halted by ann since 2026-01-31 12:00 UTC: news``."""
        return f"{f'worker {self.worker}' if self.worker else 'all workers'}: {self}"

    def __str__(self) -> str:
        """For people: ``halted by ann since 2026-01-31 12:00 UTC: news``."""
        what = "drained" if self.worker else "halted"
        why = f": {self.reason}" if self.reason else ""
        return f"{what} by {self.by} since {self.at:%F %H:%M} UTC{why}"


@dataclass(frozen=True, slots=True)
class FleetWorker:
    """One of the processes.

    Attributes:
        name: that no other process ever had.
        is_present: whether it is connected to the database. One that is not may still have leases,
            until they end.
        shards: the numbers of those whose leases it has.
        accounts: on record, that belong to these.
        lease_until: when the first of its leases ends, unless it is renewed; None without any.
        order: that it shall have none; None where there is no such order.
    """

    name: str
    is_present: bool
    shards: tuple[int, ...] = ()
    accounts: tuple[str, ...] = ()
    lease_until: datetime | None = None
    order: FleetOrder | None = None


@dataclass(frozen=True, slots=True)
class Fleet:
    """All of them at one moment.

    Attributes:
        at: the moment, by the database's clock.
        halted: the order that no lease is renewed or claimed; None where there is none.
        shards: how many there are; 0 where no process has ever shared the database.
        workers: by name.
        free: the numbers of the shards that nobody has a lease of.
        unserved: the accounts on record that belong to these.
    """

    at: datetime
    halted: FleetOrder | None
    shards: int
    workers: tuple[FleetWorker, ...]
    free: tuple[int, ...]
    unserved: tuple[str, ...]

    @property
    def last_lease(self) -> datetime | None:
        """When the last lease ends, unless one is renewed; None where nobody has any."""
        return max((one.lease_until for one in self.workers if one.lease_until), default=None)

    def worker(self, name: str) -> FleetWorker | None:
        """The process of that name; None where there is none."""
        return next((one for one in self.workers if one.name == name), None)


def accounts_in(accounts: Sequence[str], shards: int, numbers: Sequence[int]) -> tuple[str, ...]:
    """The accounts that belong to these shards, of so many in all, by name.

    >>> accounts_in(["main", "mirror"], 8, [4])
    ('main',)
    """
    return tuple(sorted(name for name in accounts if shards and shard_of(name, shards) in numbers))
