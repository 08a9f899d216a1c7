"""The views of a database: whether they are those of this trueup, and how they are replaced."""

from pathlib import Path
from sqlite3 import Connection

from ...domain.model.errors import StoreError
from ..sql.views.definitions import definitions

_VIEWS = "SELECT name, sql FROM sqlite_master WHERE type = 'view'"


def views_agree(connection: Connection) -> bool:
    """Whether the definitions of the views are exactly those of this trueup."""
    return dict(connection.execute(_VIEWS).fetchall()) == definitions()


def drop_views(connection: Connection) -> None:
    """Drops every view: SQLite rebuilds no table that a view still reads."""
    for name, _ in connection.execute(_VIEWS).fetchall():
        connection.execute(f'DROP VIEW "{name}"')


def renew_views(path: Path, connection: Connection) -> None:
    """Recreates every view, and checks that the tables they join fit together.

    Raises:
        StoreError: a row refers to one that does not exist.
    """
    drop_views(connection)
    for definition in definitions().values():
        connection.execute(definition)
    broken = connection.execute("PRAGMA foreign_key_check").fetchone()
    if broken is not None:
        raise StoreError(f"{path}: rows of {broken[0]} refer to no existing {broken[2]}")
