"""A connection that gives up a server that has gone silent.

The system notices a server that no packet reaches. It does not notice one whose machine answers
while its disk hangs or its process is stopped: a commit there would wait for ever, and nobody would
be told.
"""

import time
from collections.abc import Callable, Generator
from datetime import timedelta
from typing import Any, TypeVar

import psycopg

T = TypeVar("T")
_Steps = Generator[Any, Any, T]


class PatientConnection(psycopg.Connection[tuple[Any, ...]]):
    """A connection whose statements end, in an error, once the server has been silent for long.

    What the server makes of the statement afterwards is not known; the connection is closed.

    Attributes:
        patience: how long one wait for the server may last; None for as long as it takes.
    """

    patience: timedelta | None = None

    def wait(self, gen: _Steps[T], *args: Any, **options: Any) -> T:  # noqa: ANN401 - the driver's
        """Waits as the driver does, and no longer than the patience.

        Raises:
            psycopg.OperationalError: the server was silent for longer.
        """
        if self.patience is None:
            return super().wait(gen, *args, **options)
        return super().wait(_bounded(gen, self.patience, self.pgconn.finish), *args, **options)


def _bounded(gen: _Steps[T], patience: timedelta, give_up: Callable[[], None]) -> _Steps[T]:
    """The driver's steps, until none has been possible for so long.

    The driver resumes its steps about ten times a second where nothing has arrived.
    """
    ends = time.monotonic() + patience.total_seconds()
    try:
        wanted = next(gen)
        while True:
            ready = yield wanted
            if ready:
                ends = time.monotonic() + patience.total_seconds()
            elif time.monotonic() > ends:
                gen.close()
                give_up()
                silent = f"it has been silent for {patience.total_seconds():g} s"
                raise psycopg.OperationalError(f"the server does not answer: {silent}")
            wanted = gen.send(ready)
    except StopIteration as done:
        value: T = done.value
        return value
