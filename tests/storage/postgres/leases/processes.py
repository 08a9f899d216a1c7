"""What stands for a process in these tests: its leases, by a clock that the test sets."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from trueup.domain.leases import LeaseSettings, shard_of
from trueup.storage.postgres.access.address import address_of
from trueup.storage.postgres.leases.keeper import Lease, Leases
from trueup.storage.postgres.leases.store import LeasedStore

from ...databases import client
from ...samples import KEY

SETTINGS = LeaseSettings()
SHARDS = 4
SHARD = shard_of(KEY.account, SHARDS)


class SetClock:
    """A clock that stands where the test has put it.

    Attributes:
        at: its moment.
    """

    def __init__(self) -> None:
        self.at = timedelta(hours=1)

    def now(self) -> datetime:
        """One moment for all."""
        return datetime(2026, 1, 31, tzinfo=UTC)

    def moment(self) -> timedelta:
        """Where it stands."""
        return self.at

    def sleep(self, duration: timedelta) -> None:
        """Passes at once."""
        self.at += duration


class Process:
    """A process that shares the database.

    Attributes:
        clock: its own.
        leases: those that it has.
    """

    def __init__(self, url: str, owner: str) -> None:
        self.clock = SetClock()
        self.leases = Leases(address_of(url), owner, self.clock, SETTINGS, SHARDS)
        self._url = url

    def lease(self) -> Lease:
        """Claims all there are; returns that of the sample's shard."""
        return next(one for one in self.leases.claim(SHARDS) if one.number == SHARD)

    @contextmanager
    def store(self) -> Iterator[LeasedStore]:
        """A store under the lease of the sample's shard."""
        with LeasedStore(address_of(self._url), self.lease()) as opened:
            yield opened


def end_leases(url: str) -> None:
    """The server's clock has come to the end of every lease."""
    with client(url) as other:
        other.execute("UPDATE shard SET lease_until_us = 1 WHERE lease_until_us IS NOT NULL")
