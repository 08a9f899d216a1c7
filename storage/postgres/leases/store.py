"""The store of one shard: it writes what belongs to its accounts, for as long as its lease lasts.

Every write has a fence of its own in the database, whatever this process believes. A step has the
epoch in the WHERE of its one statement. Any other write makes sure, in its transaction, that nobody
has claimed the shard since, and nobody does before the transaction ends.
"""

from datetime import datetime

from ....domain.model.alert import PendingAlert
from ....domain.model.errors import Fenced
from ....domain.model.identity import MonitorKey
from ....domain.model.record import MonitorRecord
from ....domain.stopping.control import Control
from ....domain.store import Step
from ...shared.cache import KeptIntents
from ...shared.connection import Connection
from ...shared.store import Committed
from ..access.address import Address
from ..access.session import Raw
from ..stepping import commit_step
from ..store import PostgresStore
from .claims import STILL_OWNED
from .keeper import Lease

_EPOCH = b"SELECT epoch FROM monitor WHERE id = %s"
_BEGIN = b"""
BEGIN ISOLATION LEVEL REPEATABLE READ; SET LOCAL idle_in_transaction_session_timeout = '2s'"""
"""A process that is frozen in a transaction would keep its shard from being claimed."""


class LeasedStore(PostgresStore):
    """A :class:`trueup.domain.store.Store` of one shard's accounts.

    Other shards' accounts are read from the database each time, as other processes write them.
    Where the lease is over, each write raises :class:`LeaseOver`, and nothing is written.

    Args:
        address: of the database, whose tables are there.
        lease: of the shard. Closing the store does not give it back.
    """

    def __init__(self, address: Address, lease: Lease) -> None:
        self._lease = lease
        self._of_all: frozenset[int] = frozenset()
        super().__init__(address, _Owned(lease))

    def known(self, key: MonitorKey) -> MonitorRecord | None:
        """The monitor as it was last written or read here, or as it is in another shard."""
        return super().known(key) if self._lease.has(key.account) else super().load(key)

    def controls(self) -> tuple[Control, ...]:
        """The pauses and halts of the shard's accounts, and those of all accounts."""
        found = super().controls()
        self._of_all = frozenset(one.number for one in found if not one.scope.account)
        return tuple(
            one for one in found if not one.scope.account or self._lease.has(one.scope.account)
        )

    def acknowledge(self, number: int, at: datetime) -> None:
        """Notes since when the shard goes by a control of its own.

        What concerns all accounts no shard can acknowledge: another one may not go by it yet.
        """
        if number not in self._of_all:
            super().acknowledge(number, at)

    def pending_alerts(self, after: int = 0, limit: int = 100) -> tuple[PendingAlert, ...]:
        """Alerts of the shard that some sink does not have yet, oldest first."""
        while page := super().pending_alerts(after, limit):
            own = tuple(one for one in page if self._lease.has(one.alert.key.account))
            if own:
                return own
            after = page[-1].id
        return ()

    def _step(self, raw: Raw, step: Step, kept: KeptIntents) -> Committed:
        try:
            return commit_step(raw, step, kept, self._cache.phrases, self._lease.epoch)
        except Fenced:
            row = raw.execute(_EPOCH, (step.record.id,)).fetchone()
            if row is not None and row[0] == self._lease.epoch:
                raise
            # Somebody else owns the account: what he has made of it is not read again here.
            raise self._lease.refused() from None

    def _begin(self, raw: Raw) -> None:
        raw.execute(_BEGIN, prepare=False)
        owned = raw.execute(STILL_OWNED, (self._lease.number, self._lease.epoch)).fetchone()
        if owned is None:
            raise self._lease.refused()

    def _watched(self, connection: Connection, record: MonitorRecord) -> None:
        sql = "UPDATE monitor SET epoch = ? WHERE id = ?"
        connection.execute(sql, (self._lease.epoch, record.id))


class _Owned:
    """The right to write a shard, by its lease."""

    def __init__(self, lease: Lease) -> None:
        self._lease = lease

    def keep(self) -> None:
        """Raises where the lease is over."""
        self._lease.check()

    def release(self) -> None:
        """Does nothing: whoever has claimed the lease gives it back."""
