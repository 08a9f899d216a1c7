"""Idle: many monitors, and nothing happens to any of them."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from trueup.simulator import RequestRecord

from .apart import apart
from .measurement import Figure, Kind, Measurement, Scale, Tick
from .population import populate
from .resident import Resident, idle_settings
from .scene import Scene
from .served import served
from .target import Target, at_most

HOW = "one process, its private streams open; the exchange is another process"
WINDOW = "the same, over one interval of sweeps"
_WINDOWS_S = {"full": 30.0, "quick": 0.5}


def _measure(scale: Scale, tick: Tick) -> tuple[Figure, ...]:
    scene = Scene(accounts=scale.accounts, symbols=scale.symbols, ladders=True)
    window_s = _WINDOWS_S[scale.name]
    with TemporaryDirectory() as name, served(scene) as exchange:
        populate(Path(name), scene.names, scene.listed)
        with apart(Resident, Path(name), scene, exchange.url) as resident:
            resident.ask("open")
            resident.ask("start", idle_settings(timedelta(seconds=window_s)))
            resident.ask("swept")
            resident.ask("prove")
            tick()
            before = exchange.ask("count")
            share = resident.ask("cpu_share", window_s)
            requests = exchange.requests(before)
            memory, empty = resident.ask("memory_mib"), resident.ask("empty_mib")
    tick()
    monitors = f"{len(scene.places)} monitors on {scene.accounts} accounts"
    return (
        _figure(
            f"memory above the empty process, {monitors}", "MiB", memory, HOW, at_most("95", "MiB")
        ),
        _figure("memory of the empty process, trueup imported", "MiB", empty, HOW),
        _figure(
            f"CPU, every account swept every {window_s:g} s",
            "%",
            100 * share,
            WINDOW,
            at_most("12", "%"),
        ),
        *_requests(requests, scene),
    )


def _requests(requests: Sequence[RequestRecord], scene: Scene) -> tuple[Figure, ...]:
    swept = {request.uid for request in requests}
    return (
        _figure("accounts swept meanwhile", "", len(swept), WINDOW),
        _figure(
            f"requests a sweep of an account of {scene.symbols} monitors",
            "",
            len(requests) / max(len(swept), 1),
            WINDOW,
        ),
    )


def _figure(name: str, unit: str, value: float, how: str, target: Target | None = None) -> Figure:
    return Figure(Kind(name, unit), how, Decimal(str(round(value, 3))), target=target)


IDLE = Measurement("idle", "Nothing happens to any of many monitors", _measure)
