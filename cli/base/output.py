"""Lines for people and scripts, written so that nothing waits for whoever reads them.

A pipe that nobody reads is full after 64 kB, and every write to it blocks. The engine must not.
"""

import json
import os
import sys
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass
from io import UnsupportedOperation
from threading import Condition, Lock, Thread
from typing import TextIO

MOST = 10_000
"""So many lines wait for their reader at most."""
PATIENCE_SECONDS = 2.0
"""For so long the end of a command waits for the reader."""
_IDLE_SECONDS = 5.0

_locks: dict[int, Lock] = defaultdict(Lock)


def write_whole(stream: TextIO, text: str) -> None:
    """Writes a text and returns when all of it is written.

    It passes the stream's own buffer, whose lock is held while a write blocks: a process whose
    stderr is locked cannot end.

    Raises:
        OSError: it cannot be written.
    """
    try:
        number = stream.fileno()
    except UnsupportedOperation:
        stream.write(text)
        stream.flush()
        return
    data = text.encode(stream.encoding, stream.errors or "backslashreplace")
    with _locks[number]:
        while data:
            data = data[os.write(number, data) :]


@dataclass(slots=True)
class _Dropped:
    """Lines that nobody had room for, at their place among the others."""

    count: int = 0


class Lines:
    """Lines on their way to a stream: :data:`MOST` at most, the others are dropped and counted.

    A thread of its own writes them, and ends where there is nothing to write for a while.

    Args:
        stream: gives the stream, as it is when a line comes in.
        dropped: the line that says how many were dropped.
        most: how many lines may wait.
    """

    def __init__(
        self, stream: Callable[[], TextIO], dropped: Callable[[int], str], most: int = MOST
    ) -> None:
        self._stream = stream
        self._dropped = dropped
        self._most = most
        self._waiting: deque[tuple[TextIO, str | _Dropped]] = deque()
        self._changed = Condition()
        self._thread: Thread | None = None
        self._error: OSError | None = None

    def write(self, line: str) -> None:
        """Adds a line, with its end; returns at once.

        Raises:
            OSError: one before it could not be written.
        """
        with self._changed:
            error, self._error = self._error, None
            if error is not None:
                raise error
            last = self._waiting[-1][1] if self._waiting else None
            if len(self._waiting) < self._most:
                self._waiting.append((self._stream(), line))
            elif isinstance(last, _Dropped):
                last.count += 1
            else:
                self._waiting.append((self._stream(), _Dropped(1)))
            if self._thread is None:
                self._thread = Thread(target=self._serve, name="trueup-lines", daemon=True)
                self._thread.start()
            self._changed.notify_all()

    def drain(self, seconds: float = PATIENCE_SECONDS) -> bool:
        """Waits until all is written; returns whether it is."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._waiting, seconds)

    def _serve(self) -> None:
        while True:
            with self._changed:
                if not self._changed.wait_for(lambda: self._waiting, _IDLE_SECONDS):
                    self._thread = None
                    return
                stream, line = self._waiting[0]
                if isinstance(line, _Dropped):
                    # Counted to the end: what comes in from now on has a place behind it.
                    line = self._dropped(line.count)
                    self._waiting[0] = (stream, line)
            try:
                write_whole(stream, line)
            except (OSError, ValueError) as error:
                self._error = error if isinstance(error, OSError) else None
            with self._changed:
                self._waiting.popleft()
                self._changed.notify_all()


def _said_on_stderr(count: int) -> str:
    return f"trueup: {count} lines were dropped here: nobody read stderr\n"


def _said_on_stdout(count: int) -> str:
    return json.dumps({"dropped_lines": count}) + "\n"


STDERR = Lines(lambda: sys.stderr, _said_on_stderr)
"""The log, and why a command has failed."""
STDOUT = Lines(lambda: sys.stdout, _said_on_stdout)
"""What a running engine prints for scripts: one JSON document a line."""
