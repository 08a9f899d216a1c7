"""Brings a database to the schema of this trueup, or says why it cannot be used.

A new one is made by the generated statements, and an up-to-date one is recognised by two reads.
Only an upgrade needs the migrations, and imports alembic and SQLAlchemy for them.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

from ...domain.model.errors import SchemaMismatch, StoreError
from ..shared.generated.revisions import REVISIONS
from .access.connections import migrating_connection, reading_connection, store_errors
from .generated.schema import STATEMENTS
from .migrations import OURS, Migrations
from .shape.fit import check_fit, fits
from .view_definitions import guards_agree, renew_views, views_agree

_TABLES = (
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
)
_STAMP = "INSERT INTO alembic_version VALUES (?)"


def prepare(path: Path, migrations: Migrations = OURS) -> None:
    """Makes or upgrades the database; the caller holds its lock. An upgrade keeps a copy first.

    The copy is ``<name>.<old revision>.bak`` beside it. The upgrade is one transaction. Of a
    database from days on which a migration was still being written, what it lacks is added.

    Raises:
        SchemaMismatch: a newer trueup wrote it, or its tables are not those of its revision;
            nothing was changed.
        StoreError: it is not a database of trueup, or cannot be read or written.
    """
    with store_errors(path):
        revision = _revision(path, migrations) if _has_content(path) else None
        if revision is None:
            _create(path)
        elif not (fit := _fits(path, migrations, revision)) or revision != migrations.head:
            _back_up(path, f"{path.name}.{revision}.bak")
            _upgrade(path, migrations, "" if fit else revision)
        elif not (_views_agree(path) and _guards_agree(path)):
            _renew_views(path)


def check(path: Path, migrations: Migrations = OURS) -> None:
    """Checks that the database can be read as it is.

    Raises:
        SchemaMismatch: another trueup wrote it.
        StoreError: there is none, or it is not trueup's.
    """
    with store_errors(path):
        revision = _revision(path, migrations) if _has_content(path) else None
    if revision is None:
        raise StoreError(f"there is no database {path} yet: the engine creates it when it starts")
    if revision != migrations.head:
        raise SchemaMismatch(
            f"{path} has the schema {revision} of an older trueup: start the engine once "
            "to upgrade it"
        )
    with store_errors(path), closing(reading_connection(path)) as connection:
        check_fit(path, connection, migrations, revision)


def check_views(path: Path) -> None:
    """Checks that the views are those of this trueup.

    Raises:
        SchemaMismatch: another trueup made them.
        StoreError: the database cannot be read.
    """
    with store_errors(path):
        agree = _views_agree(path)
    if not agree:
        raise SchemaMismatch(
            f"{path} has the views of another trueup: start the engine once to recreate them"
        )


def _has_content(path: Path) -> bool:
    return path.is_file() and path.stat().st_size > 0


def _revision(path: Path, migrations: Migrations) -> str | None:
    """The database's revision; None if it has no tables at all."""
    with closing(reading_connection(path)) as connection:
        connection.execute("BEGIN")
        tables = [name for (name,) in connection.execute(_TABLES)]
        if not tables:
            return None
        if "alembic_version" not in tables or "monitor" not in tables:
            raise StoreError(f"{path} is a database of something else: trueup needs its own")
        found = connection.execute("SELECT version_num FROM alembic_version").fetchall()
    revision = ", ".join(str(version) for (version,) in found)
    if revision not in migrations.revisions:
        raise SchemaMismatch(
            f"{path} has the schema {revision or 'of an unfinished upgrade'}, which this trueup "
            f"does not know (its own is {migrations.head}): use the newer trueup that wrote it, "
            "or another database"
        )
    return revision


def _fits(path: Path, migrations: Migrations, revision: str) -> bool:
    with closing(reading_connection(path)) as connection:
        return fits(connection, migrations, revision)


def _views_agree(path: Path) -> bool:
    with closing(reading_connection(path)) as connection:
        return views_agree(connection)


def _guards_agree(path: Path) -> bool:
    with closing(reading_connection(path)) as connection:
        return guards_agree(connection)


def _create(path: Path) -> None:
    """Makes every table, index and view, in one transaction."""
    with closing(migrating_connection(path)) as connection, connection:
        connection.execute("BEGIN IMMEDIATE")
        for statement in STATEMENTS:
            connection.execute(statement)
        connection.execute(_STAMP, (REVISIONS[-1],))
        renew_views(path, connection)


def _renew_views(path: Path) -> None:
    with closing(migrating_connection(path)) as connection, connection:
        connection.execute("BEGIN IMMEDIATE")
        renew_views(path, connection)


def _back_up(path: Path, name: str) -> None:
    """A consistent copy beside the database, whole or not there."""
    copy = path.with_name(name)
    unfinished = path.with_name(f"{name}.part")
    unfinished.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("VACUUM INTO ?", (str(unfinished),))
    unfinished.replace(copy)


def _upgrade(path: Path, migrations: Migrations, unfit: str) -> None:
    from .migrating import migrate  # noqa: PLC0415 - slow to import, and seldom needed

    migrate(path, migrations, unfit=unfit)
