"""Requests to stop or to reload: signals and threads make them, the main thread waits for them."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from enum import StrEnum
from select import select
from threading import Thread
from time import monotonic
from types import FrameType, TracebackType
from typing import Self

from .failures import ExitCode

_STOPPING = (signal.SIGINT, signal.SIGTERM)
_STOP = b"\0"
_CLOSE = b"\xff"
_KILLED = 128
"""What a shell adds to the number of the signal that has killed a process."""


class Request(StrEnum):
    """What a signal or a thread requests from the service."""

    STOP = "stop"
    RELOAD = "reload"


class Control:
    """The requests of signals and threads; a context manager that closes its pipes.

    The kernel may deliver a signal to any thread, and a main thread that waits for a lock sleeps
    on: its handler would never run. So every signal writes into a pipe that a thread reads, and the
    main thread waits for another pipe instead.

    Args:
        patience: how long after a stop was requested the process may go on, before it is ended
            with exit code 1; None for as long as it likes.

    Attributes:
        late: called right before that, in a thread.
    """

    def __init__(self, patience: timedelta | None = None) -> None:
        self.late: Callable[[], object] = lambda: None
        self._is_to_stop = False
        self._is_to_reload = False
        self._patience = patience
        self._wakes, self._wake = os.pipe()
        self._requests, self._request = os.pipe()
        os.set_blocking(self._request, False)
        os.set_blocking(self._wake, False)
        self._thread = Thread(target=self._attend, name="trueup-signals", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        os.set_blocking(self._wake, True)
        os.write(self._wake, _CLOSE)
        self._thread.join()
        for end in (self._wakes, self._wake, self._requests, self._request):
            os.close(end)

    def stop(self) -> None:
        """Requests the end, from any thread."""
        self._is_to_stop = True
        _write(self._wake, _STOP)

    def reload(self) -> None:
        """Requests a reload, from any thread."""
        self._is_to_reload = True
        _write(self._wake, bytes([signal.SIGHUP]))

    def next(self) -> Request:
        """Waits for the next request, in the main thread, without a limit; a stop comes first."""
        while not (self._is_to_stop or self._is_to_reload):
            os.read(self._requests, 1)
        if self._is_to_stop:
            return Request.STOP
        self._is_to_reload = False
        return Request.RELOAD

    def _attend(self) -> None:
        """Passes on what wakes it; ends the process where its end takes too long."""
        ends_at: float | None = None
        signals = 0
        while True:
            left = None if ends_at is None else max(ends_at - monotonic(), 0)
            if not select([self._wakes], [], [], left)[0]:
                self._end()
            byte = os.read(self._wakes, 1)
            if byte == _CLOSE:
                return
            if byte[0] in _STOPPING:
                signals += 1
                if signals == 2:  # noqa: PLR2004 - the second one
                    os._exit(_KILLED + byte[0])
            if byte == _STOP or byte[0] in _STOPPING:
                self._is_to_stop = True
                if ends_at is None and self._patience is not None:
                    ends_at = monotonic() + self._patience.total_seconds()
            _write(self._request, byte)

    def _end(self) -> None:
        try:
            self.late()
        finally:
            os._exit(ExitCode.NOT_TRUE)

    @contextmanager
    def on_signals(self) -> Iterator[None]:
        """Turns signals into requests: SIGINT and SIGTERM stop, SIGHUP reloads.

        A second SIGINT or SIGTERM kills the process, also where the main thread has not noticed
        the first one.
        """

        def end(number: int, frame: FrameType | None) -> None:
            del number, frame
            for each in _STOPPING:
                signal.signal(each, signal.SIG_DFL)
            self.stop()

        def reload(number: int, frame: FrameType | None) -> None:
            del number, frame
            self._is_to_reload = True

        woken = signal.set_wakeup_fd(self._wake, warn_on_full_buffer=False)
        before = {number: signal.signal(number, end) for number in _STOPPING}
        before[signal.SIGHUP] = signal.signal(signal.SIGHUP, reload)
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
            signal.set_wakeup_fd(woken)


def _write(pipe: int, byte: bytes) -> None:
    with suppress(BlockingIOError):  # a full pipe wakes its reader as well
        os.write(pipe, byte)
