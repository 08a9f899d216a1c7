"""What many runs in one process leave behind: memory, objects, threads and descriptors."""

import gc
import sys
import threading
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from .live import STREAMS, engine, owners_of, watch
from .measurement import Figure, Kind, Measurement, Sample, Scale, Tick
from .scene import GROWTH, Scene
from .served import served
from .target import ratio_at_most

MEMORY = Kind("resident memory", "KiB")
OBJECTS = Kind("Python objects that the collector knows")
THREADS = Kind("threads")
DESCRIPTORS = Kind("open descriptors")
_TARGETS = {
    MEMORY: ratio_at_most("1.05"),
    OBJECTS: ratio_at_most("1.02"),
    THREADS: ratio_at_most("1"),
    DESCRIPTORS: ratio_at_most("1"),
}
_ACCOUNTS = 5
_HALF = 2
"""By then each symbol's view knows as many closed orders as it keeps."""


def _measure(scale: Scale, tick: Tick) -> tuple[Figure, ...]:
    runs = 10_000 if scale.name == "full" else 200
    early, late = _played(runs, tick)
    return tuple(
        Figure(
            kind,
            f"the same after {runs // _HALF:,} runs, one process, streams",
            late[kind],
            early[kind],
            late[kind] / early[kind],
            target=_TARGETS[kind],
        )
        for kind in _TARGETS
    )


def _played(runs: int, tick: Tick) -> tuple[Sample, Sample]:
    """What is there after half of the runs, and after all of them."""
    scene, early = Scene(accounts=_ACCOUNTS), Sample()
    with TemporaryDirectory() as name, served(scene) as exchange:
        owners = owners_of(scene.names, exchange.url)
        with engine(Path(name), owners) as opened:
            watch(opened.reconciler, owners, scene.places)
            opened.start(STREAMS)
            exchange.truths(scene.places)
            opened.wait_until_synced(_ACCOUNTS)
            while (done := sum(opened.runs.values())) < runs:
                if not early and done >= runs // _HALF:
                    early = _left_behind()
                exchange.ask("enter", scene.places, GROWTH)
                exchange.ask("fill", scene.places)
                exchange.truths(scene.places)
                opened.ends.clear()
                tick()
            return early, _left_behind()


def _left_behind() -> Sample:
    gc.collect()
    return {
        MEMORY: Decimal(_resident_kib()),
        OBJECTS: Decimal(len(gc.get_objects())),
        THREADS: Decimal(threading.active_count()),
        DESCRIPTORS: Decimal(sum(1 for _ in Path("/dev/fd").iterdir())),
    }


def _resident_kib() -> int:
    """Where the system says; else 1."""
    if sys.platform != "linux":
        return 1
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


LONG_USE = Measurement("long-use", "What 10,000 runs in one process leave behind", _measure)
