"""What a process beside the engine does with its database, by the database's URL."""

from ..domain.fleet import Fleet, FleetOrder
from ..domain.model.errors import ConfigurationError
from ..domain.stopping.control import Control
from .opening import installed
from .postgres.access.address import address_of, is_postgres
from .sqlite import controls, database_path
from .sqlite.access import lock


def named_server(url: str) -> str | None:
    """The server and the database that a URL names, without a password; None for a file.

    Raises:
        StoreError: it is a URL of PostgreSQL, and names no database.
    """
    return address_of(url).name if is_postgres(url) else None


def has_password(url: str) -> bool:
    """Whether a URL of PostgreSQL has a password in it.

    Raises:
        StoreError: it names no database.
    """
    return address_of(url).has_password


def owner_of(url: str) -> str | None:
    """The process that has the database open for writing, as people read it; None if none has.

    Raises:
        StoreError: the URL is of no database, or it cannot be reached.
    """
    if is_postgres(url):
        with installed():
            from .postgres import beside  # noqa: PLC0415 - an extra
        return beside.owner_of(url)
    path = database_path(url)
    return f"process {lock.owner_of(path) or 'unknown'}" if lock.is_held(path) else None


def is_there(url: str) -> bool:
    """Whether there is a database that has anything in it.

    Raises:
        StoreError: the URL is of no database, or it cannot be reached.
    """
    if is_postgres(url):
        with installed():
            from .postgres import beside  # noqa: PLC0415 - an extra
        return beside.is_there(url)
    path = database_path(url)
    return path.is_file() and path.stat().st_size > 0


def is_held(url: str) -> bool:
    """Whether a process has the database open for writing.

    Raises:
        StoreError: the URL is of no database, or it cannot be reached.
    """
    if is_postgres(url):
        return owner_of(url) is not None
    return lock.is_held(database_path(url))


def record_beside(url: str, asked: Control) -> Control:
    """Puts a control on record, beside the engine if there is one; durably.

    Raises:
        ConfigurationError: it is a resume, and more than it names is stopped.
        SchemaMismatch: another trueup wrote the database.
        StoreError: the database cannot be written.
    """
    if is_postgres(url):
        with installed():
            from .postgres import beside  # noqa: PLC0415 - an extra
        return beside.record_beside(url, asked)
    return controls.record_beside(database_path(url), asked)


def is_settled(url: str, number: int) -> bool:
    """Whether the engine has acknowledged a control, or none runs that could.

    Raises:
        StoreError: the database cannot be read.
    """
    if is_postgres(url):
        with installed():
            from .postgres import beside  # noqa: PLC0415 - an extra
        return beside.is_settled(url, number)
    return controls.is_settled(database_path(url), number)


def fleet_of(url: str) -> Fleet:
    """How the processes that share a database stand.

    Raises:
        ConfigurationError: it is a file, which nobody shares.
        StoreError: it cannot be read.
    """
    _check_shareable(url)
    with installed():
        from .postgres.leases import opening  # noqa: PLC0415 - an extra
    return opening.fleet_of(url)


def order_fleet(url: str, order: FleetOrder) -> None:
    """Orders one of the processes that share a database, or all, to have no shards.

    Raises:
        ConfigurationError: it is a file, which nobody shares.
        StoreError: it cannot be written.
    """
    _check_shareable(url)
    with installed():
        from .postgres.leases import opening  # noqa: PLC0415 - an extra
    opening.order_fleet(url, order)


def end_order(url: str, worker: str) -> bool:
    """Ends such an order; returns whether there was one.

    Raises:
        ConfigurationError: it is a file, which nobody shares.
        StoreError: it cannot be written.
    """
    _check_shareable(url)
    with installed():
        from .postgres.leases import opening  # noqa: PLC0415 - an extra
    return opening.end_order(url, worker)


def _check_shareable(url: str) -> None:
    if not is_postgres(url):
        raise ConfigurationError("processes share a database on PostgreSQL alone, not a file")
