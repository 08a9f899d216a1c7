"""The idle pass: a run finds that nothing has changed."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from urllib.parse import quote

from pybit.unified_trading import HTTP

from trueup.simulator import RequestRecord

from .measurement import Figure, Kind, Measurement, Sample, Scale, Tick, figures
from .sampling import Stopwatch, interleave
from .world import SYMBOL, World, pybit, trueup, world

REQUESTS = Kind("requests a pass")
_ORDERS, _POSITIONS = "/v5/order/realtime", "/v5/position/list"
_PAIR = {_ORDERS: {"category": "linear", "symbol": SYMBOL}}
_PAIR[_POSITIONS] = _PAIR[_ORDERS]

_Query = tuple[str, dict[str, str]]


def _measure(scale: Scale, tick: Tick) -> tuple[Figure, ...]:
    with world() as place, trueup(place) as (reconciler, monitor), pybit(place) as http:
        before = len(place.sim.requests)
        reconciler.reconcile(monitor)
        same = _queries(place.requests_since(before))
        passes: dict[str, Callable[[], object]] = {
            "trueup": lambda: reconciler.reconcile(monitor),
            "pair": lambda: _send(http, list(_PAIR.items())),
            "same": lambda: _send(http, same),
        }
        sides = {name: _side(place, scale, one) for name, one in passes.items()}
        taken = interleave(sides, scale.rounds, tick)
    return (
        *figures(taken["trueup"], taken["pair"], "pybit: one read of orders, one of position"),
        *figures(taken["trueup"], taken["same"], "pybit: the very requests of trueup"),
    )


def _side(place: World, scale: Scale, one_pass: Callable[[], object]) -> Callable[[], Sample]:
    def sample() -> Sample:
        before = len(place.sim.requests)
        with Stopwatch(place.server_cpu) as watch:
            for _ in range(scale.repeats):
                one_pass()
        made = Decimal(len(place.requests_since(before)))
        return {REQUESTS: made / scale.repeats, **watch.sample(scale.repeats)}

    return sample


def _queries(requests: Sequence[RequestRecord]) -> list[_Query]:
    """The reads among the requests, to be sent again; pybit takes a cursor percent-encoded."""
    return [
        (
            request.path,
            {
                name: quote(value, safe="") if name == "cursor" else value
                for name, value in request.params.items()
            },
        )
        for request in requests
    ]


def _send(http: HTTP, queries: Sequence[_Query]) -> None:
    ways = {_ORDERS: http.get_open_orders, _POSITIONS: http.get_positions}
    for path, params in queries:
        ways[path](**params)


IDLE_PASS = Measurement("idle-pass", "Nothing to do: four levels rest as they should", _measure)
