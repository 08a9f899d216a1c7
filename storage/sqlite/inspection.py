"""A database opened for people who query its views in Python."""

from collections.abc import Iterator
from contextlib import contextmanager
from os import PathLike
from pathlib import Path

from sqlalchemy import ColumnElement, Function, UnaryExpression, create_engine, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import ORMExecuteState
from sqlalchemy.pool import NullPool
from sqlalchemy.sql.visitors import ExternallyTraversible, iterate
from sqlmodel import Session

from ..sql.column_types import ExactDecimal
from .access.connections import (
    check_no_folder,
    database_failed,
    database_path,
    reading_connection,
)
from .schema import check, check_views

_CALCULATING = frozenset(("max", "min", "sum", "total", "avg", "abs", "round"))


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
        TypeError: a query sorts by exact numbers, calculates with them, or compares one with
            something else than a Decimal.
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
            event.listen(session, "do_orm_execute", _refuse_wrong_numbers)
            yield session
    except SQLAlchemyError as error:
        cause = getattr(error, "orig", None) or error
        if isinstance(cause, TypeError):
            raise TypeError(str(cause)) from error
        raise database_failed(path, cause) from error
    finally:
        engine.dispose()


def _path(database: str | PathLike[str]) -> Path:
    if isinstance(database, str) and "://" in database:
        return database_path(database)
    path = Path(database).resolve()
    check_no_folder(path)
    return path


def _refuse_wrong_numbers(state: ORMExecuteState) -> None:
    """Refuses what SQL would work out from the text of numbers, in which 9 comes after 10.

    Raises:
        TypeError: the query does so.
    """
    statement = state.statement
    for part in iterate(statement if isinstance(statement, ExternallyTraversible) else None):
        if isinstance(part, Function) and part.name in _CALCULATING:
            wrong = any(_is_exact(each) for each in part.clauses)
        else:
            # SQLAlchemy offers no public way to ask a select what it sorts by.
            wrong = any(map(_is_exact, getattr(part, "_order_by_clauses", ())))
        if wrong:
            raise TypeError("numbers are exact text: sort and calculate in Python, not in SQL")


def _is_exact(clause: object) -> bool:
    while isinstance(clause, UnaryExpression):
        clause = clause.element
    return isinstance(clause, ColumnElement) and isinstance(clause.type, ExactDecimal)
