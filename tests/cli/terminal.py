"""A command in a real terminal: what it shows there, and keys that are pressed."""

import os
import pty
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from select import select

from .desk import Desk

_SECONDS = 60.0


class Terminal:
    """One end of a pseudo-terminal; the command has the other one.

    Attributes:
        shown: all that was shown.
        process: the command.
    """

    def __init__(self, end: int, process: subprocess.Popen[bytes]) -> None:
        self._end = end
        self.process = process
        self.shown = ""

    def until(self, text: str) -> str:
        """Reads on until a text is shown; returns what was shown from the last such call on."""
        before = len(self.shown)
        while text not in self.shown[before:]:
            assert select([self._end], [], [], _SECONDS)[0], f"no {text!r}: {self.shown}"
            try:
                found = os.read(self._end, 65_536)
            except OSError:  # as Linux says that the other end is closed
                found = b""
            assert found, f"it ended without {text!r}: {self.shown}"
            self.shown += found.decode()
        return self.shown[before:]

    def press(self, keys: str) -> None:
        """Presses keys."""
        os.write(self._end, keys.encode())

    def ended(self) -> int:
        """Reads what is left; the exit code."""
        while select([self._end], [], [], _SECONDS)[0]:
            try:
                found = os.read(self._end, 65_536)
            except OSError:
                break
            if not found:
                break
            self.shown += found.decode()
        return self.process.wait(_SECONDS)


@contextmanager
def terminal(desk: Desk, *args: str) -> Iterator[Terminal]:
    """Gives a command in a terminal of its own."""
    end, other = pty.openpty()
    env = {name: value for name, value in desk.env.items() if value is not None}
    process = subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-m", "trueup", *args, "--config", str(desk.config)],
        env={**os.environ, **env, "TERM": "xterm", "COLUMNS": "120", "LINES": "40"},
        stdin=other,
        stdout=other,
        stderr=other,
        start_new_session=True,
    )
    os.close(other)
    try:
        yield Terminal(end, process)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            process.wait()
        os.close(end)
