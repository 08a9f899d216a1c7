"""One healthy account, and a crowd of others that are all in trouble at once."""

import time
from collections.abc import Callable, Sequence
from datetime import timedelta

from .canned.accounts import Trouble
from .canned.server import canned
from .fan_out_canned import running
from .isolation import NOBODY, Times, compared
from .measurement import Figure, Measurement, Sample, Scale, Tick
from .sampling import interleave
from .scene import GROWTH, Place, Scene
from .served import Exchange

ALONE = "the same account in the same run, the others healthy"
_WORDS = {Trouble.FAILS: "whose reads fail at once", Trouble.LATE: "whose replies take 30 s"}
_CROWDS = {"full": 100, "quick": 3}
_FILLS = {"full": 12, "quick": 1}
_QUIET_S = 1.2
"""Longer than the second in which Bybit allows ten amends: no fill waits for that limit."""


def _measure(scale: Scale, tick: Tick) -> tuple[Figure, ...]:
    crowd, fills = _CROWDS[scale.name], _FILLS[scale.name]
    rounds = max(1, scale.live // 3)
    each, kinds = 1 + crowd, ("", *Trouble)
    scene = Scene(
        accounts=each * len(kinds) * (rounds + 1), ladders=True, round_trip_ms=scale.trip_ms
    )
    times: dict[str, list[Times]] = {kind: [] for kind in kinds}
    groups = (scene.places[start : start + each] for start in range(0, scene.accounts, each))
    with canned(scene) as exchange:

        def side(kind: str) -> Callable[[], Sample]:
            def sample() -> Sample:
                times[kind].append(_phase(exchange, next(groups), kind, fills))
                return {}

            return sample

        interleave({kind: side(kind) for kind in kinds}, rounds, tick)
    return tuple(
        figure
        for kind in Trouble
        for figure in compared(
            f"time to true of the healthy one, {{}}, {crowd} accounts {_WORDS[kind]}",
            times[kind][1:],
            times[NOBODY][1:],
            ALONE,
        )
    )


def _phase(exchange: Exchange, places: Sequence[Place], kind: str, fills: int) -> Times:
    """How long the first ladder takes each time, beside the others in that trouble."""
    healthy, crowd = places[:1], places[1:]
    with running(exchange, places) as opened:
        if kind:
            exchange.ask("trouble", crowd, Trouble(kind))
            exchange.ask("enter", crowd, GROWTH)
            exchange.ask("fill", crowd)
        taken: Times = []
        for _ in range(fills):
            exchange.ask("enter", healthy, GROWTH)
            time.sleep(_QUIET_S)
            exchange.ask("fill", healthy)
            taken += [truth.seconds * 1000 for truth in exchange.truths(healthy)]
        exchange.ask("calm")
        opened.reconciler.stop(timedelta(0))
    return taken


CROWD = Measurement(
    "crowd", "One account is healthy, all others are in trouble: its time to true", _measure
)
