"""The one thread that writes. Callers that arrive together share one commit, and its fsync."""

from collections.abc import Callable
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from sqlite3 import Connection
from threading import Lock, Thread
from typing import Any, TypeVar

from ....aio.waits import result_of
from ....domain.model.errors import StoreError
from ...shared.forked import gives_up_in_children, leak, refuse

T = TypeVar("T")

BATCH_CAP = 256

_Item = tuple[Callable[[Connection], Any], Future[Any]]


class Writer:
    """Runs work on the only write connection, in the order it was handed in.

    The work that is queued when a commit ends makes up the next batch, with no delay to collect
    more. If one item of a batch raises, the batch is rolled back and its items run one by one, each
    in a transaction of its own, so that only the bad one fails. Work may therefore run twice, and
    must do nothing but use its connection.

    Args:
        connection: one that writes; the writer closes it.
        check: called before each commit; what it raises keeps the commit from being made.
        after_commit: called with the connection after each commit; it must not raise.

    Raises:
        sqlite3.Error: the database cannot be written.
    """

    def __init__(
        self,
        connection: Connection,
        check: Callable[[], object] = lambda: None,
        after_commit: Callable[[Connection], object] = lambda _connection: None,
    ) -> None:
        self._check = check
        self._after_commit = after_commit
        self._queue: SimpleQueue[_Item | None] = SimpleQueue()
        self._gate = Lock()
        self._closed = self._is_forked = False
        self._connection = connection
        try:
            _try_to_write(self._connection)
        except BaseException:
            self._connection.close()
            raise
        self._thread = Thread(target=self._serve, name="trueup-writer", daemon=True)
        self._thread.start()
        gives_up_in_children(self)

    def give_up(self) -> None:
        """In a forked process: nothing is written here, and the connection is not closed."""
        self._is_forked = True
        leak(self._connection)

    def submit(self, work: Callable[[Connection], T]) -> Future[T]:
        """Queues the work; the future is done when its transaction is on disk.

        Raises:
            StoreError: the writer is closed, or another process has it.
        """
        if self._is_forked:
            raise refuse()
        future: Future[T] = Future()
        with self._gate:
            if self._closed:
                raise StoreError("the database was closed")
            self._queue.put((work, future))
        return future

    def run(self, work: Callable[[Connection], T]) -> T:
        """Queues the work and waits until its transaction is on disk.

        Raises:
            StoreError: the writer is closed.
            sqlite3.Error: the database refused; nothing of the work was kept.
        """
        return result_of(self.submit(work))

    def close(self) -> None:
        """Finishes what is queued and closes the connection; a second call does nothing."""
        if self._is_forked:
            return
        with self._gate:
            if self._closed:
                return
            self._closed = True
            self._queue.put(None)
        self._thread.join()
        try:
            self._connection.execute("PRAGMA optimize")
        finally:
            self._connection.close()

    def _serve(self) -> None:
        serving = True
        while serving:
            batch, serving = self._next_batch()
            if batch:
                self._commit(batch)

    def _next_batch(self) -> tuple[list[_Item], bool]:
        """What waits now, at least one item or the end; and whether more may come."""
        batch: list[_Item] = []
        item = self._queue.get()
        while item is not None:
            if item[1].set_running_or_notify_cancel():
                batch.append(item)
            if len(batch) >= BATCH_CAP:
                return batch, True
            try:
                item = self._queue.get_nowait()
            except Empty:
                return batch, True
        return batch, False

    def _commit(self, batch: list[_Item]) -> None:
        try:
            self._connection.execute("BEGIN IMMEDIATE")
        except BaseException as error:  # noqa: BLE001 - it belongs to the callers who wait
            # Somebody else is writing: none of them could, and each would wait as long again.
            for _, future in batch:
                future.set_exception(error)
            return
        try:
            with self._connection:
                # Before the work, too: what it read of another database would be no answer.
                self._check()
                results = [work(self._connection) for work, _ in batch]
                self._check()
        except BaseException as error:  # noqa: BLE001 - it belongs to the caller who waits
            if len(batch) == 1:
                batch[0][1].set_exception(error)
            else:
                for item in batch:
                    self._commit([item])
        else:
            for (_, future), result in zip(batch, results, strict=True):
                future.set_result(result)
            self._after_commit(self._connection)


def _try_to_write(connection: Connection) -> None:
    """Writes and rolls back: SQLite opens a read-only file without an error."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        connection.execute("PRAGMA user_version = 1")
    finally:
        connection.rollback()
