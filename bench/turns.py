"""How long the event loop's thread is held: for so long everybody else on it has to wait."""

import asyncio
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import NamedTuple, Self

from chaos.speed.patching import patched

_THREAD = "trueup-loop"


class Turn(NamedTuple):
    """How long a turn was, in milliseconds; and what it was, for whoever asks why."""

    wall_ms: float = 0.0
    cpu_ms: float = 0.0
    what: str = ""


class Turns:
    """Times every callback of the loop's thread between entering and leaving.

    Attributes:
        longest: the one that held the thread for longest.
        hardest: the one that used most CPU.
    """

    def __init__(self) -> None:
        self.longest = self.hardest = Turn()
        self._patch = patched(asyncio.Handle, "_run", self._timed())

    def __enter__(self) -> Self:
        """Starts timing."""
        self._patch.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stops timing."""
        self._patch.__exit__()

    def _timed(self) -> Callable[[asyncio.Handle], None]:
        run = vars(asyncio.Handle)["_run"]

        def timed(handle: asyncio.Handle) -> None:
            wall, cpu = time.perf_counter_ns(), time.thread_time_ns()
            run(handle)
            self._note(handle, time.perf_counter_ns() - wall, time.thread_time_ns() - cpu)

        return timed

    def _note(self, handle: asyncio.Handle, wall_ns: int, cpu_ns: int) -> None:
        turn = Turn(wall_ns / 1_000_000, cpu_ns / 1_000_000)
        if turn.wall_ms > self.longest.wall_ms or turn.cpu_ms > self.hardest.cpu_ms:
            if threading.current_thread().name != _THREAD:
                return
            turn = turn._replace(what=repr(handle))
            self.longest = max(self.longest, turn, key=lambda one: one.wall_ms)
            self.hardest = max(self.hardest, turn, key=lambda one: one.cpu_ms)
