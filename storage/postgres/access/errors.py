"""What the driver raises, as errors of the project: one line, without the rows concerned."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from ....domain.model.errors import StoreError, StoreUnavailable, Unstorable

_PASSING = ("08", "25006", "25P03", "53", "55P03", "57", "58")
"""Beginnings of codes that tell of a moment: connection, resources, a server that stops."""


@contextmanager
def store_errors(name: str) -> Iterator[None]:
    """Turns what the database raises into one line for people.

    Args:
        name: of the database.

    Raises:
        StoreError: the database could not do what was asked.
    """
    try:
        yield
    except (psycopg.Error, OSError, ValueError, ArithmeticError) as error:
        raise database_failed(name, error) from error


@contextmanager
def value_errors(name: str) -> Iterator[None]:
    """Tells a value that the database refuses from a database that cannot be used.

    Raises:
        Unstorable: a number or a text does not fit into its column, or a row contradicts another.
    """
    try:
        yield
    except (psycopg.IntegrityError, psycopg.DataError, ValueError, ArithmeticError) as error:
        raise Unstorable(f"the database {name} refuses a value: {_line(error)}") from error


def database_failed(name: str, cause: BaseException) -> StoreError:
    """The error of a database that could not do what was asked, and why."""
    kind = StoreUnavailable if _is_passing(cause) else StoreError
    return kind(f"the database {name} cannot be used: {_line(cause)}")


def _is_passing(cause: BaseException) -> bool:
    if not isinstance(cause, psycopg.OperationalError | psycopg.InterfaceError):
        return isinstance(cause, OSError)
    return cause.sqlstate is None or cause.sqlstate.startswith(_PASSING)


def _line(cause: BaseException) -> str:
    """The first line: those behind it may quote a row."""
    return next(iter(str(cause).splitlines()), type(cause).__name__)
