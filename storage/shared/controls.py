"""Pauses, halts and resumes: the one table that processes beside the engine write, too."""

from dataclasses import replace
from datetime import UTC, datetime

from ...domain.fleet import FleetOrder
from ...domain.reporting.one_line import one_line
from ...domain.stopping.control import Control, ends
from ..sql.columns import instant
from ..sql.control_rows import control_of, control_row
from .connection import Connection
from .generated import control_statements as statements

_FLEET_ORDERS = "SELECT worker, ordered_at, ordered_by, reason FROM fleet_order ORDER BY worker"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def read_controls(connection: Connection) -> tuple[Control, ...]:
    """The pauses and halts in force, and what was not acknowledged yet, oldest first."""
    return tuple(map(control_of, statements.CONTROLS.rows(connection)))


def read_control(connection: Connection, number: int) -> Control | None:
    """The control of that number, or None."""
    row = statements.CONTROL.row(connection, control_number=number)
    return None if row is None else control_of(row)


def read_fleet_orders(connection: Connection) -> tuple[FleetOrder, ...]:
    """The orders in force to the processes that share the accounts, the halt of all first."""
    return tuple(
        FleetOrder(str(worker), instant(at) or _EPOCH, str(by), str(reason))
        for worker, at, by, reason in connection.execute(_FLEET_ORDERS).fetchall()
    )


def write_control(connection: Connection, asked: Control) -> Control:
    """Adds a control, and ends those that it ends; returns it with its number and with those.

    Raises:
        ConfigurationError: it is a resume, and more than it names is stopped.
    """
    # A line break in what a person says could forge a line of `trueup status`.
    asked = replace(asked, by=one_line(asked.by), reason=one_line(asked.reason))
    over = ends(asked, read_controls(connection))
    number = statements.INSERT_CONTROL.insert(connection, control_row(asked))
    values = {"numbers": [one.number for one in over], "ended_by": number}
    statements.END_CONTROLS.run(connection, values)
    return replace(asked, number=number, ended=over)


def write_acknowledged(connection: Connection, number: int, at: datetime) -> None:
    """Notes since when the engine goes by a control."""
    statements.ACKNOWLEDGE.run(connection, {"control_number": number, "acknowledged_at": at})
