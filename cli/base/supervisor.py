"""What supervises the process: systemd, or whoever else sets NOTIFY_SOCKET (sd_notify(3))."""

import os
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from threading import Event, Thread

_SOCKET = "NOTIFY_SOCKET"
_PERIOD = "WATCHDOG_USEC"
_WHOSE = "WATCHDOG_PID"
_MICROSECONDS = 1_000_000
_BEATS_PER_PERIOD = 2
"""As sd_watchdog_enabled(3) recommends."""


class Supervisor:
    """Notifies systemd of how the service stands; does nothing where nobody asks for that.

    Nothing waits for it: what its socket does not take is lost.

    Args:
        environment: says where its socket is, and how often it wants a sign of life.
    """

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        self._address = environment.get(_SOCKET, "")
        whose = environment.get(_WHOSE, "")
        period = environment.get(_PERIOD, "") if whose in ("", str(os.getpid())) else ""
        self._period = int(period) / _MICROSECONDS if period.isdecimal() else 0.0

    def ready(self, status: str) -> None:
        """The service is at work: after its start, and after a reload."""
        self._notify("READY=1", f"STATUS={status}")

    def reloading(self) -> None:
        """The service reads its configuration; :meth:`ready` follows."""
        now = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
        self._notify("RELOADING=1", f"MONOTONIC_USEC={now}", "STATUS=reads the configuration")

    def stopping(self) -> None:
        """The service ends, once what is under way has ended."""
        self._notify("STOPPING=1", "STATUS=waits for the runs under way")

    @contextmanager
    def watched(self, pulse: Callable[[Callable[[], object]], object]) -> Iterator[None]:
        """Gives signs of life as often as systemd asks, from the thread that does the work.

        Args:
            pulse: has that thread call a function; one that hangs does not, and systemd ends the
                process.
        """
        if not (self._address and self._period):
            yield
            return
        done = Event()

        def beat() -> None:
            while not done.wait(self._period / _BEATS_PER_PERIOD):
                pulse(lambda: self._notify("WATCHDOG=1"))

        thread = Thread(target=beat, name="trueup-supervisor", daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()

    def _notify(self, *lines: str) -> None:
        if not self._address:
            return
        # An @ stands for the zero byte that abstract addresses begin with.
        address = self._address.replace("@", "\0", 1) if self._address[0] == "@" else self._address
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sent:
            sent.setblocking(False)  # noqa: FBT003 - as socket calls it
            sent.sendto("\n".join(lines).encode(), address)
