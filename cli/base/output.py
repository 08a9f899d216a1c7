"""Lines for people and scripts, written so that nothing waits for whoever reads them.

A pipe that nobody reads is full after 64 kB, and every write to it blocks. The engine must not.
"""

import json
import os
import sys
from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from io import UnsupportedOperation
from threading import Lock
from typing import TextIO

from ...aio.queued import MOST, Queued

PATIENCE_SECONDS = 2.0
"""For so long the end of a command waits for the reader."""

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


class Lines:
    """Lines on their way to a stream: :data:`MOST` at most, the others are dropped and counted.

    Args:
        stream: gives the stream, as it is when a line comes in.
        dropped: the line that says how many were dropped.
        most: how many lines may wait.

    Attributes:
        as_json: whether each line is a JSON object, for programs that collect logs.
    """

    def __init__(
        self, stream: Callable[[], TextIO], dropped: Callable[[int], str], most: int = MOST
    ) -> None:
        self._stream = stream
        self._dropped = dropped
        self._queued = Queued("trueup-lines", most)
        self._error: OSError | None = None
        self.as_json = False

    def write(self, line: str) -> None:
        """Adds a line, with its end; returns at once.

        Raises:
            OSError: one before it could not be written.
        """
        error, self._error = self._error, None
        if error is not None:
            raise error
        stream = self._stream()
        self._queued.put(
            lambda: self._write(stream, line),
            lambda count: self._write(stream, self._dropped(count)),
        )

    def drain(self, seconds: float = PATIENCE_SECONDS) -> bool:
        """Waits until all is written; returns whether it is."""
        return self._queued.drain(seconds)

    def _write(self, stream: TextIO, line: str) -> None:
        try:
            write_whole(stream, line)
        except OSError as error:
            self._error = error


def json_line(level: str, message: str, at: datetime, fields: Mapping[str, str | None]) -> str:
    """A line of the log as a JSON object; fields that are absent or empty are left out."""
    said = {"time": f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}", "level": level}
    given = {name: value for name, value in fields.items() if value}
    return json.dumps({**said, "message": message, **given}, ensure_ascii=False) + "\n"


def error_line(message: str) -> str:
    """A line of the command itself, which begins with its name where people read it."""
    if STDERR.as_json:
        return json_line("ERROR", message, datetime.now(UTC), {})
    return f"trueup: {message}\n"


def _said_on_stderr(count: int) -> str:
    return error_line(f"{count} lines were dropped here: nobody read stderr")


def _said_on_stdout(count: int) -> str:
    return json.dumps({"dropped_lines": count}) + "\n"


STDERR = Lines(lambda: sys.stderr, _said_on_stderr)
"""The log, and why a command has failed."""
STDOUT = Lines(lambda: sys.stdout, _said_on_stdout)
"""What a running engine prints for scripts: one JSON document a line."""
