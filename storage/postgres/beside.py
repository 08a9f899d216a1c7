"""What a process beside the engine does with its database: asks who has it, and puts it on hold."""

from contextlib import closing

from ...domain.stopping.control import Control
from ..shared.controls import read_control, write_control
from .access.address import address_of
from .access.connections import connected
from .access.errors import store_errors, value_errors
from .access.ownership import owner_by
from .access.session import Session
from .schema import check
from .store import LOCK_CONTROLS

_TABLES = b"SELECT 1 FROM pg_tables WHERE schemaname = current_schema() LIMIT 1"


def owner_of(url: str) -> str | None:
    """Who has the database open for writing; None if nobody has.

    Raises:
        StoreError: the database cannot be reached.
    """
    address = address_of(url)
    with store_errors(address.name), closing(connected(address)) as raw:
        return owner_by(raw)


def is_there(url: str) -> bool:
    """Whether the database has any tables.

    Raises:
        StoreError: the database cannot be reached.
    """
    address = address_of(url)
    with store_errors(address.name), closing(connected(address)) as raw:
        return bool(raw.execute(_TABLES).fetchone())


def record_beside(url: str, asked: Control) -> Control:
    """Puts a control on record, beside the engine if there is one; durably.

    Raises:
        ConfigurationError: it is a resume, and more than it names is stopped.
        SchemaMismatch: another trueup wrote the database.
        StoreError: the database cannot be written.
    """
    address = address_of(url)
    check(address)
    with (
        store_errors(address.name),
        value_errors(address.name),
        closing(connected(address)) as raw,
        raw.transaction(),
    ):
        raw.execute(LOCK_CONTROLS)
        return write_control(Session(raw), asked)


def is_settled(url: str, number: int) -> bool:
    """Whether the engine has acknowledged a control, or none runs that could.

    Raises:
        StoreError: the database cannot be read.
    """
    address = address_of(url)
    with store_errors(address.name), closing(connected(address)) as raw:
        if owner_by(raw) is None:
            return True
        control = read_control(Session(raw), number)
    return control is None or control.acknowledged_at is not None
