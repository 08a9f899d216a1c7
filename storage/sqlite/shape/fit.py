"""Whether a database has the tables of its revision, or what to do about it."""

import sqlite3
from contextlib import closing
from pathlib import Path

from ....domain.model.errors import SchemaMismatch
from ...shared.generated.revisions import REVISIONS
from ..generated.schema import STATEMENTS
from ..migrations import Migrations
from .fingerprint import differences, fingerprint, shape_of

_DEFINITIONS = (
    "SELECT sql FROM sqlite_master "
    "WHERE type IN ('table', 'index') AND sql <> '' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
)
_NEW = frozenset(STATEMENTS)


def fits(connection: sqlite3.Connection, migrations: Migrations, revision: str) -> bool:
    """Whether the tables are those of the revision; true where these are not known."""
    expected = migrations.fingerprints.get(revision)
    if expected is None or (revision == REVISIONS[-1] and _is_as_made(connection)):
        return True
    return fingerprint(shape_of(connection)) == expected


def _is_as_made(connection: sqlite3.Connection) -> bool:
    """Whether the tables are, to the letter, those of a new database: one read says so."""
    return {sql for (sql,) in connection.execute(_DEFINITIONS)} == _NEW


def check_fit(
    path: Path, connection: sqlite3.Connection, migrations: Migrations, revision: str
) -> None:
    """Checks that the tables are those of the revision.

    Raises:
        SchemaMismatch: they are not.
    """
    if fits(connection, migrations, revision):
        return
    why = f" ({_differences(connection)})" if revision == REVISIONS[-1] else ""
    raise SchemaMismatch(
        f"{path} says that its schema is {revision}, but its tables are others{why}: undo what was "
        "changed by hand, put a copy in its place that `trueup backup` has made, or name another "
        "database"
    )


def _differences(connection: sqlite3.Connection) -> str:
    """In what the tables differ from those of a new database."""
    with closing(sqlite3.connect(":memory:")) as new:
        for statement in STATEMENTS:
            new.execute(statement)
        return differences(shape_of(connection), shape_of(new))
