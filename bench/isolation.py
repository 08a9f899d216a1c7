"""Isolation: one account is in trouble; do the others notice?"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from trueup import Account
from trueup.adapters.bybit import BybitExchange
from trueup.adapters.bybit.ip_budget import IpBudget
from trueup.adapters.simulator import Fault, FaultKind, StreamFault, StreamFaultKind
from trueup.domain.ports import Exchange as Port
from trueup.engine.system import SystemClock

from .live import STREAMS, engine, owners_of, percentile, unbound_exchange, watch
from .measurement import Figure, Kind, Measurement, Sample, Scale, Tick
from .sampling import interleave
from .scene import GROWTH, Place, Scene
from .served import Exchange, served
from .target import ratio_at_most
from .truth import Truth

WITHOUT = "the same accounts in the same run, with nobody in trouble"
_HEALTHY = 8
_BAD = f"a{_HEALTHY}"
_SYMBOLS = 4
_GAP_S = 0.06
_QUIET_S = 0.3
_FLOOD_GAP_S = 0.01
_FLOOD_SIZE = Decimal("0.4")
_LATE_MS = 30_000
_REVOKED = Fault(
    kind=FaultKind.RET_CODE, code=10003, text="API key is invalid.", uid=_BAD, times=None
)
_DROP = StreamFault(kind=StreamFaultKind.DROP, uid=_BAD)
_REFUSED = StreamFault(kind=StreamFaultKind.AUTH_FAILED, uid=_BAD, times=None)
TROUBLES: Mapping[str, tuple[Fault | StreamFault, ...]] = {
    "a revoked key": (_REVOKED, _REFUSED, _DROP),
    "a banned address (403)": (
        Fault(kind=FaultKind.SERVER_ERROR, status=403, uid=_BAD, times=None),
    ),
    "replies after 30 s": (
        Fault(kind=FaultKind.LATE_REPLY, delay_ms=_LATE_MS, uid=_BAD, times=None),
    ),
    "a flood of fills": (),
}
_FLOOD = "a flood of fills"
_NOBODY = ""
_Times = list[Decimal]


def _measure(scale: Scale, tick: Tick) -> tuple[Figure, ...]:
    scene = Scene(accounts=_HEALTHY + 1, symbols=_SYMBOLS, round_trip_ms=scale.trip_ms)
    times: dict[str, list[_Times]] = {trouble: [] for trouble in (_NOBODY, *TROUBLES)}
    with TemporaryDirectory() as name:
        folders = (Path(name) / str(number) for number in count())

        def side(trouble: str) -> Callable[[], Sample]:
            def sample() -> Sample:
                times[trouble].append(_phase(scene, next(folders), trouble, scale.live))
                return {}

            return sample

        interleave({trouble: side(trouble) for trouble in times}, max(1, scale.live // 3), tick)
    pooled = {trouble: rounds[1:] for trouble, rounds in times.items()}
    return tuple(
        figure
        for trouble in TROUBLES
        for figure in _figures(trouble, pooled[trouble], pooled[_NOBODY])
    )


def _phase(scene: Scene, folder: Path, trouble: str, times: int) -> _Times:
    """How long each healthy ladder took, beside an account in that trouble, all made anew."""
    folder.mkdir()
    healthy = [place for place in scene.places[::_SYMBOLS] if place.account != _BAD]
    bad = [place for place in scene.places if place.account == _BAD]
    with served(scene) as exchange:
        owners = owners_of(scene.names, exchange.url)
        with engine(folder, owners, connect=_connect()) as opened:
            watch(opened.reconciler, owners, (*healthy, *bad))
            opened.start(STREAMS)
            exchange.truths((*healthy, *bad))
            opened.wait_until_proven(len(owners))
            _begin(exchange, trouble, bad, times)
            taken = [
                truth.seconds * 1000 for _ in range(times) for truth in _fills(exchange, healthy)
            ]
            opened.reconciler.stop(timedelta(0))
    return taken


def _connect() -> Callable[[Account], Port]:
    """Exchanges, of which the one in trouble has an address of its own: a ban is an address's."""
    usual, own = unbound_exchange(), IpBudget(SystemClock())

    def connect(account: Account) -> Port:
        return BybitExchange(account, ip_budget=own) if account.name == _BAD else usual(account)

    return connect


def _begin(exchange: Exchange, trouble: str, bad: Sequence[Place], times: int) -> None:
    """Trouble begins, and the account has something to do in it."""
    if trouble == _NOBODY:
        return
    if trouble == _FLOOD:
        lasts_s = times * (_QUIET_S + _HEALTHY * _GAP_S + 1)
        fills = int(lasts_s / (_FLOOD_GAP_S * len(bad)))
        exchange.ask("flood", bad, _FLOOD_SIZE, _FLOOD_GAP_S, fills)
        return
    exchange.ask("inject", *TROUBLES[trouble])
    exchange.ask("enter", bad, GROWTH)
    exchange.ask("fill", bad)


def _fills(exchange: Exchange, healthy: Sequence[Place]) -> Iterator[Truth]:
    exchange.ask("enter", healthy, GROWTH)
    time.sleep(_QUIET_S)
    exchange.ask("fill", healthy, _GAP_S)
    return iter(exchange.truths(healthy))


def _figures(trouble: str, ours: Sequence[_Times], without: Sequence[_Times]) -> Iterator[Figure]:
    for share in (50, 99):
        mine, its = (
            percentile([one for times in side for one in times], share) for side in (ours, without)
        )
        ratios = [
            percentile(one, share) / percentile(other, share)
            for one, other in zip(ours, without, strict=True)
        ]
        yield Figure(
            Kind(f"time to true of the others, p{share}, {trouble}", "ms"),
            WITHOUT,
            mine,
            its,
            mine / its,
            min(ratios),
            max(ratios),
            ratio_at_most("1.1"),
        )


ISOLATION = Measurement(
    "isolation", "One account of nine is in trouble: the time to true of the others", _measure
)
