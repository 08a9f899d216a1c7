"""Taking samples: sides in turn, wall time, and CPU time without the simulator's share."""

import gc
import time
from collections.abc import Callable, Mapping
from decimal import Decimal
from types import TracebackType
from typing import Self

from .measurement import CPU, WALL, Sample, Tick

_NS_A_MS = 1_000_000

Side = Callable[[], Sample]


def interleave(sides: Mapping[str, Side], rounds: int, tick: Tick) -> dict[str, list[Sample]]:
    """Samples every side, in turns A B A B, so that whatever else the machine does hits all alike.

    The first round warms up and is thrown away.
    """
    taken: dict[str, list[Sample]] = {name: [] for name in sides}
    for number in range(rounds + 1):
        for name, side in sides.items():
            gc.collect()
            sample = side()
            if number:
                taken[name].append(sample)
        tick()
    return taken


class Stopwatch:
    """Wall and CPU time between entering and leaving.

    Args:
        elsewhere: CPU nanoseconds used so far by threads that do not count.
    """

    def __init__(self, elsewhere: Callable[[], int] = lambda: 0) -> None:
        self._elsewhere = elsewhere
        self._wall = self._cpu = 0

    def __enter__(self) -> Self:
        """Starts the watch."""
        self._wall = time.perf_counter_ns()
        self._cpu = time.process_time_ns() - self._elsewhere()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stops the watch."""
        self._cpu = time.process_time_ns() - self._elsewhere() - self._cpu
        self._wall = time.perf_counter_ns() - self._wall

    def sample(self, repeats: int = 1) -> Sample:
        """Wall and CPU milliseconds for each of the repeats."""
        return {WALL: self.wall_ms / repeats, CPU: self.cpu_ms / repeats}

    @property
    def wall_ms(self) -> Decimal:
        """Wall milliseconds."""
        return Decimal(self._wall) / _NS_A_MS

    @property
    def cpu_ms(self) -> Decimal:
        """CPU milliseconds of this process, without those spent elsewhere."""
        return Decimal(self._cpu) / _NS_A_MS
