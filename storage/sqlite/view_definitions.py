"""Views and triggers: whether a database has those of this trueup, and how they are replaced."""

from pathlib import Path
from sqlite3 import Connection

from ...domain.model.errors import StoreError
from ..sql.views.definitions import definitions
from .generated.guards import GUARDS

_DEFINITIONS = "SELECT name, sql FROM sqlite_master WHERE type = ?"


def views_agree(connection: Connection) -> bool:
    """Whether the definitions of the views are exactly those of this trueup."""
    return _found(connection, "view") == definitions()


def guards_agree(connection: Connection) -> bool:
    """Whether the triggers that keep rows as they are, are exactly those of this trueup."""
    return _found(connection, "trigger") == GUARDS


def drop_views(connection: Connection) -> None:
    """Drops every view and trigger.

    SQLite rebuilds no table that a view still reads, and a migration may change what no other
    program may.
    """
    for kind in ("view", "trigger"):
        for name in _found(connection, kind):
            connection.execute(f'DROP {kind.upper()} "{name}"')


def renew_views(path: Path, connection: Connection) -> None:
    """Recreates every view and trigger, and checks that the tables they join fit together.

    Raises:
        StoreError: a row refers to one that does not exist.
    """
    drop_views(connection)
    for definition in (*definitions().values(), *GUARDS.values()):
        connection.execute(definition)
    broken = connection.execute("PRAGMA foreign_key_check").fetchone()
    if broken is not None:
        raise StoreError(f"{path}: rows of {broken[0]} refer to no existing {broken[2]}")


def _found(connection: Connection, kind: str) -> dict[str, str]:
    """What of a kind the database has, each with its definition."""
    return dict(connection.execute(_DEFINITIONS, (kind,)).fetchall())
