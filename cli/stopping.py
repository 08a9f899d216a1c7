"""A wish to stop, that signals make and threads wait for."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event
from types import FrameType, TracebackType
from typing import Self

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_ANY_BYTE = b"\0"


class Stop:
    """Set once, from a thread or by a signal; a context manager that frees what it holds.

    The kernel may hand a signal to any thread, and a main thread that waits for a lock then
    sleeps on: its handler would never run. So the main thread waits for a pipe instead, into
    which every signal writes.
    """

    def __init__(self) -> None:
        self._event = Event()
        self._read, self._write = os.pipe()
        os.set_blocking(self._write, False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        os.close(self._read)
        os.close(self._write)

    def set(self) -> None:
        """Wishes it; whoever waits is woken."""
        self._event.set()
        with suppress(BlockingIOError):  # a full pipe wakes its reader as well
            os.write(self._write, _ANY_BYTE)

    @property
    def is_set(self) -> bool:
        """Whether it is wished."""
        return self._event.is_set()

    def wait(self, seconds: float) -> None:
        """Waits for it, so long at most; for every thread but the main one."""
        self._event.wait(seconds)

    def wait_for_signal(self) -> None:
        """Waits for it in the main thread, without an end."""
        while not self.is_set:
            os.read(self._read, 1)

    @contextmanager
    def on_signals(self) -> Iterator[None]:
        """Lets SIGINT and SIGTERM wish it, for the time being; a second one kills."""

        def wish(number: int, frame: FrameType | None) -> None:
            del frame
            signal.signal(number, signal.SIG_DFL)
            self.set()

        woken = signal.set_wakeup_fd(self._write, warn_on_full_buffer=False)
        before = {number: signal.signal(number, wish) for number in _SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
            signal.set_wakeup_fd(woken)
