"""Brings a database to the schema of this trueup, or says why it can't be used.

An up-to-date one is known by one read: alembic is not even imported for it.
"""

import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from ...domain.errors import SchemaMismatch, StoreError
from ..sql.views import definitions
from .connections import migrating_engine, reading_connection, store_errors

if TYPE_CHECKING:
    from alembic.config import Config

_TABLES = (
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
)
_VIEWS = "SELECT name, sql FROM sqlite_master WHERE type = 'view'"


@dataclass(frozen=True, slots=True)
class Migrations:
    """Where the migrations are, and which there are.

    Attributes:
        location: the folder with ``env.py`` and ``versions``.
        revisions: oldest first; a test holds them against the folder.
    """

    location: Path = field(default_factory=lambda: Path(__file__).parents[1] / "migrations")
    revisions: tuple[str, ...] = ("0001", "0002", "0003")

    @property
    def head(self) -> str:
        """The newest revision: the schema of this trueup."""
        return self.revisions[-1]


OURS = Migrations()


def prepare(path: Path, migrations: Migrations = OURS) -> None:
    """Makes or upgrades the database; the caller holds its lock. An upgrade keeps a copy first.

    The copy is ``<name>.<old revision>.bak`` beside it. The upgrade is one transaction.

    Raises:
        SchemaMismatch: a newer trueup wrote it; nothing was changed.
        StoreError: it is no database of trueup, or cannot be read or written.
    """
    with store_errors(path):
        revision = _revision(path, migrations) if _has_content(path) else None
        if revision == migrations.head and _views_agree(path):
            return
        if revision not in (None, migrations.head):
            _back_up(path, f"{path.name}.{revision}.bak")
        _upgrade(path, migrations, revision)


def check(path: Path, migrations: Migrations = OURS) -> None:
    """That the database can be read as it is.

    Raises:
        SchemaMismatch: another trueup wrote it.
        StoreError: there is none, or it is not trueup's.
    """
    with store_errors(path):
        revision = _revision(path, migrations) if _has_content(path) else None
    if revision is None:
        raise StoreError(f"there is no database {path} yet: the engine makes it when it starts")
    if revision != migrations.head:
        raise SchemaMismatch(
            f"{path} has the schema {revision} of an older trueup: start the engine once, "
            "it upgrades the database"
        )


def configuration(connection: Connection, migrations: Migrations = OURS) -> "Config":
    """Alembic's configuration for work on the connection, in its transaction."""
    from alembic.config import Config  # noqa: PLC0415 - slow, and seldom needed

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(migrations.location).replace("%", "%%"))
    return config


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


def _views_agree(path: Path) -> bool:
    with closing(reading_connection(path)) as connection:
        return dict(connection.execute(_VIEWS).fetchall()) == definitions()


def _back_up(path: Path, name: str) -> None:
    """A consistent copy beside the database, whole or not there."""
    copy = path.with_name(name)
    unfinished = path.with_name(f"{name}.part")
    unfinished.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("VACUUM INTO ?", (str(unfinished),))
    unfinished.replace(copy)


def _upgrade(path: Path, migrations: Migrations, revision: str | None) -> None:
    """Migrates and makes the views anew, all in one transaction.

    The views go first: SQLite rebuilds no table that a view still reads.
    """
    engine = migrating_engine(path)
    try:
        with engine.begin() as connection:
            for name, _ in connection.exec_driver_sql(_VIEWS).all():
                connection.exec_driver_sql(f'DROP VIEW "{name}"')
            if revision != migrations.head:
                from alembic import command  # noqa: PLC0415 - slow, and seldom needed

                command.upgrade(configuration(connection, migrations), "head")
            for definition in definitions().values():
                connection.exec_driver_sql(definition)
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
            if broken is not None:
                raise StoreError(f"{path}: rows of {broken[0]} belong to no {broken[2]}")
    finally:
        engine.dispose()
