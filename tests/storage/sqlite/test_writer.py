"""The writer: order kept, one bad work alone fails, nothing queued is lost at the close."""

import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from contextlib import closing
from pathlib import Path
from sqlite3 import Connection, IntegrityError
from threading import Event

import pytest

from trueup.domain.model.errors import StoreError
from trueup.storage.sqlite.access.connections import writing_connection
from trueup.storage.sqlite.access.writer import BATCH_CAP, Writer

PATIENCE = 10


@pytest.fixture
def writer(path: Path) -> Iterator[Writer]:
    """A writer on a database with one table of unique numbers."""
    made = Writer(writing_connection(path))
    made.run(lambda connection: connection.execute("CREATE TABLE t (n INTEGER UNIQUE)"))
    yield made
    made.close()


def insert(number: int) -> Callable[[Connection], int]:
    """Work that stores the number."""

    def work(connection: Connection) -> int:
        connection.execute("INSERT INTO t VALUES (?)", (number,))
        return number

    return work


def numbers(connection: Connection) -> list[int]:
    """The numbers stored, in the order of their storing."""
    return [n for (n,) in connection.execute("SELECT n FROM t ORDER BY rowid")]


class Gate:
    """Work that holds the writer up, so that what is queued behind it makes one batch."""

    def __init__(self) -> None:
        self.reached = Event()
        self.opened = Event()

    def __call__(self, connection: Connection) -> None:
        """Waits until it is opened."""
        del connection
        self.reached.set()
        assert self.opened.wait(PATIENCE)


def test_work_is_done_in_its_order(writer: Writer) -> None:
    futures = [writer.submit(insert(n)) for n in range(2 * BATCH_CAP + 10)]
    assert [future.result(PATIENCE) for future in futures] == list(range(len(futures)))
    assert writer.run(numbers) == list(range(len(futures)))


def test_one_bad_work_does_not_fail_its_neighbours(writer: Writer) -> None:
    gate = Gate()
    held = writer.submit(gate)
    assert gate.reached.wait(PATIENCE)
    good = [writer.submit(insert(n)) for n in (1, 2)]
    bad = writer.submit(insert(1))
    late = writer.submit(insert(3))
    gate.opened.set()
    assert held.result(PATIENCE) is None
    assert [future.result(PATIENCE) for future in (*good, late)] == [1, 2, 3]
    assert isinstance(bad.exception(PATIENCE), IntegrityError)
    assert writer.run(numbers) == [1, 2, 3]


def test_a_batch_is_one_transaction(writer: Writer) -> None:
    gate = Gate()
    writer.submit(gate)
    assert gate.reached.wait(PATIENCE)
    done: list[str] = []
    watching = writer.submit(lambda connection: connection.set_trace_callback(done.append))
    futures = [writer.submit(insert(n)) for n in range(5)]
    gate.opened.set()
    watching.result(PATIENCE)
    for future in futures:
        future.result(PATIENCE)
    writer.run(lambda connection: connection.set_trace_callback(None))
    assert [one.split()[0] for one in done[:6]] == ["INSERT"] * 5 + ["COMMIT"]


def test_work_that_raises_leaves_nothing(writer: Writer) -> None:
    def half(connection: Connection) -> None:
        insert(1)(connection)
        raise KeyError("half")

    with pytest.raises(KeyError, match="half"):
        writer.run(half)
    assert writer.run(numbers) == []


def test_cancelled_work_is_not_done(writer: Writer) -> None:
    gate = Gate()
    writer.submit(gate)
    assert gate.reached.wait(PATIENCE)
    unwanted = writer.submit(insert(1))
    assert unwanted.cancel()
    gate.opened.set()
    assert writer.run(numbers) == []
    with pytest.raises(CancelledError):
        unwanted.result(PATIENCE)


def test_closing_finishes_what_is_queued(writer: Writer) -> None:
    futures = [writer.submit(insert(n)) for n in range(50)]
    writer.close()
    assert [future.result(0) for future in futures] == list(range(50))
    writer.close()
    with pytest.raises(StoreError, match="closed"):
        writer.submit(numbers)


def test_while_somebody_else_writes_nobody_waits_in_turn(writer: Writer, path: Path) -> None:
    begun: list[str] = []
    writer.run(lambda connection: connection.execute("PRAGMA busy_timeout = 20"))
    writer.run(lambda connection: connection.set_trace_callback(begun.append))
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        begun.clear()
        futures = [writer.submit(insert(n)) for n in range(20)]
        refused = [str(future.exception(PATIENCE)) for future in futures]
    assert refused == ["database is locked"] * 20
    # One for those that came first, one for all that came while it waited.
    assert begun.count("BEGIN IMMEDIATE") <= 2
    assert writer.run(numbers) == []
