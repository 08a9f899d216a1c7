"""trueup alone in a process of its own, which reports what it costs."""

import gc
import time
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

from loguru import logger

from trueup import LoopSettings

from .live import Moment, engine, now, owners_of
from .scene import Scene
from .turns import Turn, Turns

_KIB = 1024
_QUIET_S = 1.0


class Resident:
    """trueup on an existing database, left to itself; its methods are called over a pipe."""

    def __init__(self, folder: Path, scene: Scene, url: str) -> None:
        logger.disable("trueup")
        self._empty = _resident_kib()
        self._folder, self._scene, self._url = folder, scene, url
        self._opened = ExitStack()
        self._began = now()

    def open(self) -> None:
        """Opens the reconciler."""
        self._began = now()
        owners = owners_of(self._scene.names, self._url)
        self._engine = self._opened.enter_context(engine(self._folder, owners))

    def start(self, settings: LoopSettings) -> None:
        """Starts it."""
        self._engine.start(settings)

    def swept(self) -> Moment:
        """Waits until every account was swept; returns the seconds from opening to the last."""
        self._engine.wait_for_sweeps(self._scene.accounts)
        return self._since(max(self._engine.swept.values()))

    def resumed(self, count: int) -> Moment:
        """Waits until this many runs were resumed; returns the seconds from opening to the last."""
        self._engine.wait_for_runs(count, "resume")
        return self._since(self._engine.ends["resume"][count - 1])

    def _since(self, moment: Moment) -> Moment:
        return Moment(moment.wall_s - self._began.wall_s, moment.cpu_s - self._began.cpu_s)

    def prove(self) -> None:
        """Waits until every account's view is synced, and for a while more."""
        self._engine.wait_until_synced(self._scene.accounts)
        time.sleep(_QUIET_S)

    def cpu_share(self, seconds: float) -> float:
        """CPU seconds per second, over this time."""
        began, cpu = time.perf_counter(), time.process_time()
        time.sleep(seconds)
        return (time.process_time() - cpu) / (time.perf_counter() - began)

    def time_turns(self) -> None:
        """Times the turns of the event loop from now on."""
        self._turns = self._opened.enter_context(Turns())

    def turns(self) -> tuple[Turn, Turn]:
        """The turn that was longest, and the one that used most CPU."""
        return self._turns.longest, self._turns.hardest

    def memory_mib(self) -> float:
        """Resident memory above that of the process with trueup imported and nothing opened."""
        gc.collect()
        return (_resident_kib() - self._empty) / _KIB

    def empty_mib(self) -> float:
        """Resident memory of the process before anything was opened."""
        return self._empty / _KIB


def idle_settings(interval: timedelta) -> LoopSettings:
    """The defaults, except for how often accounts are swept while their streams are synced."""
    return LoopSettings(streamed_interval=interval)


def _resident_kib() -> int:
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.partition("VmRSS:")[2].split()[0])
