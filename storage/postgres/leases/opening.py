"""A database that several processes share, by its URL."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

from ....domain.fleet import Fleet, FleetOrder
from ....domain.leases import LeaseSettings
from ....domain.ports import Clock
from ..access.address import address_of
from ..access.connections import ANSWERED_WITHIN, connected
from ..access.errors import store_errors, value_errors
from ..access.ownership import first_of_those_who_share
from ..access.session import Raw
from ..schema import check, prepare
from .keeper import Lease, Leases
from .orders import give_order, lift_order, read_fleet
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


def fleet_of(url: str) -> Fleet:
    """How the processes that share a database stand.

    Raises:
        SchemaMismatch: another trueup wrote it.
        StoreError: the URL is of no PostgreSQL database, or it cannot be used.
    """
    with _beside(url) as raw:
        return read_fleet(raw)


def order_fleet(url: str, order: FleetOrder) -> None:
    """Puts an order on record; one of before to the same process stays as it is.

    Raises:
        SchemaMismatch: another trueup wrote it.
        StoreError: the URL is of no PostgreSQL database, or it cannot be written.
    """
    with _beside(url) as raw:
        give_order(raw, order)


def end_order(url: str, worker: str) -> bool:
    """Ends the order to a process, or the halt of all; returns whether there was one.

    Raises:
        SchemaMismatch: another trueup wrote it.
        StoreError: the URL is of no PostgreSQL database, or it cannot be written.
    """
    with _beside(url) as raw:
        return lift_order(raw, worker)


@contextmanager
def _beside(url: str) -> Iterator[Raw]:
    """A connection beside the processes, whoever has the database."""
    address = address_of(url)
    check(address)
    with (
        store_errors(address.name),
        value_errors(address.name),
        closing(connected(address, answered_within=ANSWERED_WITHIN)) as raw,
    ):
        yield raw


def open_shard(url: str, lease: Lease) -> LeasedStore:
    """The store of one shard."""
    return LeasedStore(address_of(url), lease)
