"""A database opened for people who query its views in Python."""

from collections.abc import Iterator
from contextlib import contextmanager
from os import PathLike
from pathlib import Path

from sqlalchemy import create_engine, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool
from sqlmodel import Session

from .access.connections import database_path, reading_connection, stale
from .schema import check, check_views


@contextmanager
def open_session(database: str | PathLike[str]) -> Iterator[Session]:
    """Opens a database to query its views, also while an engine runs on it; it cannot write.

    What the session reads is one moment's state, from its first query on; ``session.rollback()``
    goes on to the present. The rows stay usable after the session. Do not keep it open for hours:
    SQLite cannot trim its log meanwhile.

    Args:
        database: the file, or a URL such as ``sqlite:///trueup.db``.

    Raises:
        SchemaMismatch: another trueup made the database, or its views.
        StoreError: there is no such file, it is no database of trueup, or a query failed.
    """
    path = _path(database)
    check(path)
    check_views(path)
    engine = create_engine(
        "sqlite://", creator=lambda: reading_connection(path), poolclass=NullPool
    )
    event.listen(engine, "begin", lambda begun: begun.exec_driver_sql("BEGIN"))
    try:
        with Session(engine) as session:
            yield session
    except SQLAlchemyError as error:
        raise stale(path, getattr(error, "orig", None) or error) from error
    finally:
        engine.dispose()


def _path(database: str | PathLike[str]) -> Path:
    if isinstance(database, str) and "://" in database:
        return database_path(database)
    return Path(database).resolve()
