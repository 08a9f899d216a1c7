"""Upgrades a database by the migrations. Only this module needs alembic and SQLAlchemy to run."""

import sqlite3
from contextlib import suppress
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from .access.connections import database_failed, migrating_connection
from .migrations import OURS, Migrations
from .shape.fit import check_fit
from .shape.repairs import repair
from .view_definitions import drop_views, renew_views


def migrate(
    path: Path, migrations: Migrations = OURS, target: str = "head", *, unfit: str = ""
) -> None:
    """Runs the migrations that the database lacks and recreates its views, in one transaction.

    Args:
        path: the database's file.
        migrations: which there are.
        target: the revision to stop at, for tests; the views are those of the newest alone.
        unfit: the database's revision, where its tables are not those of it and are repaired first.

    Raises:
        SchemaMismatch: the tables cannot be repaired; nothing was changed.
        StoreError: the database refused; nothing was changed.
    """
    engine = migrating_engine(path)
    try:
        with engine.begin() as connection:
            raw = connection.connection.driver_connection
            if not isinstance(raw, sqlite3.Connection):
                raise TypeError(f"the migrations run on sqlite3, not on {type(raw).__name__}")
            drop_views(raw)
            if unfit:
                _repair(path, raw, migrations, unfit)
            command.upgrade(configuration(connection, migrations), target)
            if target == "head":
                renew_views(path, raw)
    except SQLAlchemyError as error:
        raise database_failed(path, getattr(error, "orig", None) or error) from error
    finally:
        engine.dispose()


def _repair(
    path: Path, connection: sqlite3.Connection, migrations: Migrations, revision: str
) -> None:
    with suppress(sqlite3.OperationalError):
        repair(connection, revision)
    check_fit(path, connection, migrations, revision)


def configuration(connection: Connection, migrations: Migrations = OURS) -> Config:
    """Alembic's configuration for work on the connection, in its transaction."""
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(migrations.location).replace("%", "%%"))
    return config


def migrating_engine(path: Path) -> Engine:
    """Connections that write, with references unchecked while tables are rebuilt.

    A transaction owns the database from its start: the driver by itself begins one only at the
    first write, and what was read before would not belong to it.
    """
    engine = create_engine(
        "sqlite://", creator=lambda: migrating_connection(path), poolclass=NullPool
    )
    event.listen(engine, "begin", lambda begun: begun.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine
