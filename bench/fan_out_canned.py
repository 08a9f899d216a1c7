"""Fan-out against a canned exchange, which costs so little that the client alone is measured."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from .bare import THREADS, bare, call_all
from .canned.server import canned
from .fan_out import BARE, Fan, enter, fill
from .live import STREAMS, Engine, engine, owners_of
from .measurement import Figure, Kind, Measurement, Sample, Scale, Tick, alone, figures
from .population import populate
from .sampling import Side, interleave
from .scene import Place, Scene
from .served import Exchange
from .target import at_least, at_most, ratio_at_least, ratio_at_most

COUNTED = "counted by the canned exchange, or its own CPU"
ONE_CORE = "what one processor allows: a second ÷ CPU a run"
AT_ONCE = "two round trips and the CPU of all runs"
_MS = 1000


def _measure(scale: Scale, tick: Tick) -> tuple[Figure, ...]:
    return tuple(
        figure
        for mirrors in scale.mirrors
        if mirrors >= min(100, max(scale.mirrors))
        for figure in (*_near(mirrors, scale, tick), *_far(mirrors, scale, tick))
    )


def _near(mirrors: int, scale: Scale, tick: Tick) -> Iterator[Figure]:
    """The exchange is as near as can be: the CPU decides."""
    scene = Scene(accounts=mirrors + 1 + THREADS, ladders=True)
    places, others = scene.places[: mirrors + 1], scene.places[mirrors + 1 :]
    count = len(places)
    with (
        canned(scene) as exchange,
        running(exchange, places) as opened,
        bare(exchange, others, has_ladders=True) as calls,
    ):
        sides: dict[str, Side] = {
            "trueup": lambda: _sample(fan(exchange, opened, places), count),
            "pybit": lambda: {_CPU: call_all(calls, count).cpu_ms / count},
        }
        taken = interleave(sides, max(1, scale.live // 2), tick)
    ours = [{named(kind, mirrors): value for kind, value in one.items()} for one in taken["trueup"]]
    cpu, rate, other = (named(kind, mirrors) for kind in (_CPU, _RATE, _OTHER))
    pybit = [{cpu: one[_CPU]} for one in taken["pybit"]]
    core = [{rate: _MS / one[cpu]} for one in ours]
    counted = [{kind: value for kind, value in one.items() if kind != cpu} for one in ours]
    yield from alone(counted, COUNTED, {rate: at_least("300", "/s"), other: at_most("0.5", "ms")})
    yield from figures(ours, core, ONE_CORE, {rate: ratio_at_least("0.8")})
    yield from figures(ours, pybit, BARE, {cpu: ratio_at_most("2.5")})


def _far(mirrors: int, scale: Scale, tick: Tick) -> Iterator[Figure]:
    """The exchange is a round trip away, and all mirrors fill at once."""
    scene = Scene(accounts=mirrors + 1, ladders=True, round_trip_ms=scale.trip_ms)
    kind = Kind(f"until all are true, {mirrors} mirrors at {scale.trip_ms} ms a round trip", "ms")
    allowed = 2 * Decimal(scale.trip_ms)
    with canned(scene) as exchange, running(exchange, scene.places) as opened:
        sides = {"trueup": lambda: _far_sample(fan(exchange, opened, scene.places), kind)}
        taken = interleave(sides, max(1, scale.live // 2), tick)["trueup"]
    bound = [{kind: allowed + one[_CPU]} for one in taken]
    yield from figures(taken, bound, AT_ONCE, {kind: ratio_at_most("1")})


_CPU = Kind("CPU a run", "ms")
_RATE = Kind("runs", "/s")
_OTHER = Kind("CPU of the exchange's process a run", "ms")
_REQUESTS = Kind("requests a run")


def named(kind: Kind, mirrors: int) -> Kind:
    """The kind for this number of mirrors."""
    return Kind(f"{kind.name}, {mirrors} mirrors", kind.unit)


def _sample(fan: Fan, count: int) -> Sample:
    return {
        _RATE: count / fan.ended_s,
        _CPU: fan.cpu_ms / count,
        _REQUESTS: Decimal(fan.requests) / count,
        _OTHER: Decimal(fan.other_s) * _MS / count,
    }


def _far_sample(fan: Fan, kind: Kind) -> Sample:
    return {kind: fan.true_s * _MS, _CPU: fan.cpu_ms}


def fan(exchange: Exchange, opened: Engine, places: Sequence[Place]) -> Fan:
    """The entries of all fill.

    Raises:
        RuntimeError: trueup asked for what was never recorded.
    """
    enter(exchange, places)
    taken = fill(exchange, opened, places)
    if unforeseen := exchange.ask("unforeseen"):
        raise RuntimeError(f"the canned exchange has no answer to {unforeseen}")
    return taken


@contextmanager
def running(exchange: Exchange, places: Sequence[Place]) -> Iterator[Engine]:
    """Runs trueup on positions whose ladders rest; its streams are open, its views synced."""
    names = tuple(dict.fromkeys(place.account for place in places))
    symbols = tuple(dict.fromkeys(place.symbol for place in places))
    with TemporaryDirectory() as folder:
        populate(Path(folder), names, symbols)
        with engine(Path(folder), owners_of(names, exchange.url)) as opened:
            opened.start(STREAMS)
            opened.wait_until_synced(len(names))
            yield opened


FAN_OUT_CANNED = Measurement(
    "fan-out-canned",
    "The same against a canned exchange, which costs next to nothing",
    _measure,
)
