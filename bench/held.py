"""The longest turn of the event loop, while many things happen at once."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

from .apart import apart
from .canned.server import canned
from .fan_out_canned import fan, running
from .measurement import Figure, Kind, Measurement, Sample, Scale, Tick, alone
from .population import populate
from .resident import Resident, idle_settings
from .scene import Scene
from .target import at_most
from .turns import Turn, Turns

LONGEST = "the longest callback of the loop's thread, wall time; the exchange is canned"
HARDEST = "the same by CPU: without waits for a processor or for other threads"
_MONITORS = {"full": 1_000, "quick": 4}
_SWEEPS = {"full": timedelta(seconds=15), "quick": timedelta(seconds=1)}
_RARELY = timedelta(hours=1)


def _measure(scale: Scale, tick: Tick) -> tuple[Figure, ...]:
    many = Scene(accounts=scale.accounts, symbols=scale.symbols, ladders=True)
    one = Scene(accounts=1, symbols=_MONITORS[scale.name], ladders=True)
    mirrors = max(scale.mirrors)
    parts: tuple[tuple[str, Callable[[], tuple[Turn, Turn]]], ...] = (
        (f"{mirrors} mirrors fill at once", lambda: _fan_out(mirrors)),
        (
            f"start-up, {len(many.places)} monitors on {many.accounts} accounts",
            lambda: _start_up(many),
        ),
        (
            f"sweeps of an account with {len(one.places)} monitors",
            lambda: _sweeps(one, _SWEEPS[scale.name]),
        ),
    )
    made: list[Figure] = []
    for name, sample in parts:
        samples = [sample() for _ in range(max(1, scale.live // 2))]
        made += _figures(name, samples)
        tick()
    return tuple(made)


def _figures(name: str, samples: list[tuple[Turn, Turn]]) -> Iterator[Figure]:
    for how, words, taken in (
        (LONGEST, "", [longest.wall_ms for longest, _ in samples]),
        (HARDEST, ", CPU", [hardest.cpu_ms for _, hardest in samples]),
    ):
        kind = Kind(f"longest turn{words}: {name}", "ms")
        rounds: list[Sample] = [{kind: Decimal(str(round(ms, 3)))} for ms in taken]
        yield from alone(rounds, how, {} if words else {kind: at_most("20", "ms")})


def _fan_out(mirrors: int) -> tuple[Turn, Turn]:
    scene = Scene(accounts=mirrors + 1, ladders=True)
    with canned(scene) as exchange, running(exchange, scene.places) as opened:
        fan(exchange, opened, scene.places)
        with Turns() as turns:
            fan(exchange, opened, scene.places)
    return turns.longest, turns.hardest


def _start_up(scene: Scene) -> tuple[Turn, Turn]:
    """From the start until every account was swept and its view is synced."""
    with TemporaryDirectory() as name, canned(scene) as exchange:
        populate(Path(name), scene.names, scene.listed)
        with apart(Resident, Path(name), scene, exchange.url) as resident:
            resident.ask("open")
            resident.ask("time_turns")
            resident.ask("start", idle_settings(_RARELY))
            resident.ask("swept")
            resident.ask("prove")
            return cast("tuple[Turn, Turn]", resident.ask("turns"))


def _sweeps(scene: Scene, interval: timedelta) -> tuple[Turn, Turn]:
    with TemporaryDirectory() as name, canned(scene) as exchange:
        populate(Path(name), scene.names, scene.listed)
        with apart(Resident, Path(name), scene, exchange.url) as resident:
            resident.ask("open")
            resident.ask("start", idle_settings(interval))
            resident.ask("swept")
            resident.ask("prove")
            resident.ask("time_turns")
            resident.ask("cpu_share", 2 * interval.total_seconds())
            return cast("tuple[Turn, Turn]", resident.ask("turns"))


HELD = Measurement(
    "held", "The longest turn of the event loop, on whose thread everybody is", _measure
)
