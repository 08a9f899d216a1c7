"""Replays: how fast recorded runs are decided once more."""

import json
from collections.abc import Callable
from contextlib import closing
from decimal import Decimal

from trueup.domain.recording.passes import RecordedPass
from trueup.engine.replay.comparing import compare
from trueup.storage import SqlReader, open_reader
from trueup.storage.audit import read_transcript, recordings

from .measurement import Figure, Kind, Measurement, Sample, Scale, Tick, figures
from .sampling import Stopwatch, interleave
from .target import at_least
from .world import AFTER, BEFORE, trueup, world

RATE = Kind("runs replayed a core", "/s")


def _measure(scale: Scale, tick: Tick) -> tuple[Figure, ...]:
    with world() as place:
        with trueup(place) as (reconciler, monitor):
            for number in range(10 * scale.repeats):
                place.hold(BEFORE if number % 2 else AFTER)
                reconciler.reconcile(monitor)
        tick()
        with closing(open_reader(f"sqlite:///{place.folder / 'trueup.db'}")) as reader:
            sides = {"replay": _side(reader, _replayed), "read": _side(reader, _read)}
            taken = interleave(sides, scale.rounds, tick)
    target = {RATE: at_least("200", "/s")}
    return figures(taken["replay"], taken["read"], "reading their records alone", target)


def _side(reader: SqlReader, take: Callable[[SqlReader], int]) -> Callable[[], Sample]:
    def sample() -> Sample:
        with Stopwatch() as watch:
            runs = take(reader)
        return {RATE: 1000 * runs / max(watch.cpu_ms, Decimal(1))}

    return sample


def _replayed(reader: SqlReader) -> int:
    """Replays every run, and compares it with what is on record."""
    return sum(
        not one.lines
        for recorded in recordings(reader)
        for one in compare(recorded.passes, lambda run: read_transcript(reader, run))
    )


def _read(reader: SqlReader) -> int:
    """Reads what was recorded of every run, and makes text of it again."""
    return sum(_made(one) for recorded in recordings(reader) for one in recorded.passes)


def _made(recorded: RecordedPass) -> int:
    return len(recorded.runs) if json.dumps(recorded.items) else 0


REPLAYS = Measurement("replays", "Recorded runs, decided once more", _measure)
