"""A database that several processes share, by its URL."""

from ....domain.leases import LeaseSettings
from ....domain.ports import Clock
from ..access.address import address_of
from ..access.errors import store_errors
from ..access.ownership import first_of_those_who_share
from ..schema import check, prepare
from .keeper import Lease, Leases
from .store import LeasedStore


def open_leases(url: str, owner: str, clock: Clock, settings: LeaseSettings) -> Leases:
    """The leases of a process, none yet; the database is made or upgraded if nobody else has it.

    Args:
        url: of the database.
        owner: the process's name, that no other process ever has.
        clock: the time.
        settings: how long leases last.

    Raises:
        StoreLocked: one engine has the database for itself.
        SchemaMismatch: another trueup wrote it; one that is older is upgraded by the process that
            is started when no other shares it.
        StoreError: the URL is of no PostgreSQL database, or it cannot be used.
    """
    address = address_of(url)
    with store_errors(address.name), first_of_those_who_share(address) as is_first:
        if is_first:
            prepare(address)
        else:
            check(address)
    return Leases(address, owner, clock, settings)


def open_shard(url: str, lease: Lease) -> LeasedStore:
    """The store of one shard."""
    return LeasedStore(address_of(url), lease)
