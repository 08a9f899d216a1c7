"""Requests to stop or to reload: signals and threads make them, the main thread waits for them."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from types import FrameType, TracebackType
from typing import Self

_STOPPING = (signal.SIGINT, signal.SIGTERM)
_ANY_BYTE = b"\0"


class Request(StrEnum):
    """What a signal or a thread requests from the service."""

    STOP = "stop"
    RELOAD = "reload"


class Control:
    """The requests of signals and threads; a context manager that closes its pipe.

    The kernel may deliver a signal to any thread, and a main thread that waits for a lock sleeps
    on: its handler would never run. So the main thread waits for a pipe instead, into which every
    signal writes.
    """

    def __init__(self) -> None:
        self._is_to_stop = False
        self._is_to_reload = False
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

    def stop(self) -> None:
        """Requests the end, from any thread."""
        self._is_to_stop = True
        with suppress(BlockingIOError):  # a full pipe wakes its reader as well
            os.write(self._write, _ANY_BYTE)

    def next(self) -> Request:
        """Waits for the next request, in the main thread, without a limit; a stop comes first."""
        while not (self._is_to_stop or self._is_to_reload):
            os.read(self._read, 1)
        if self._is_to_stop:
            return Request.STOP
        self._is_to_reload = False
        return Request.RELOAD

    @contextmanager
    def on_signals(self) -> Iterator[None]:
        """Turns signals into requests: SIGINT and SIGTERM stop, SIGHUP reloads.

        A second SIGINT or SIGTERM kills the process.
        """

        def end(number: int, frame: FrameType | None) -> None:
            del frame
            signal.signal(number, signal.SIG_DFL)
            self.stop()

        def reload(number: int, frame: FrameType | None) -> None:
            del number, frame
            self._is_to_reload = True

        woken = signal.set_wakeup_fd(self._write, warn_on_full_buffer=False)
        before = {number: signal.signal(number, end) for number in _STOPPING}
        before[signal.SIGHUP] = signal.signal(signal.SIGHUP, reload)
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
            signal.set_wakeup_fd(woken)
