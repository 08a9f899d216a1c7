"""Isolation: one account is in trouble; do the others notice?"""

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from trueup import Account
from trueup.adapters.bybit import BybitExchange, SystemClock
from trueup.adapters.bybit.limits.ip_limiter import IpBudget
from trueup.domain.ports import Exchange as Port
from trueup.simulator import Fault, FaultKind, StreamFault, StreamFaultKind

from .live import STREAMS, engine, owners_of, percentile, unbound_exchange, watch
from .measurement import Figure, Kind, Measurement, Sample, Scale, Tick
from .sampling import interleave
from .scene import GROWTH, Place, Scene
from .served import Exchange, served
from .target import ratio_at_most
from .truth import Truth

WITHOUT = "the same accounts in the same run, with nobody in trouble"
_HEALTHY = 8
_SYMBOLS = 4
_GAP_S = 0.06
_QUIET_S = 0.3
_TIMES = 4
_FLOOD_GAP_S = 0.01
_FLOOD_FILLS = 10_000
_FLOOD_SIZE = Decimal("0.4")
_LATE_MS = 30_000
NOBODY = ""
REVOKED, BANNED, LATE = "a revoked key", "a banned address (403)", "replies after 30 s"
FLOOD = f"a flood of {1 / _FLOOD_GAP_S:g} fills/s"
TROUBLES = (REVOKED, BANNED, LATE, FLOOD)

Times = list[Decimal]


def _measure(scale: Scale, tick: Tick) -> tuple[Figure, ...]:
    rounds = max(1, scale.live // 3)
    troubles = TROUBLES if scale.live > 1 else (REVOKED,)
    phases = (rounds + 1) * (1 + len(troubles))
    each = _HEALTHY + 1
    scene = Scene(accounts=phases * each, symbols=_SYMBOLS, round_trip_ms=scale.trip_ms)
    times: dict[str, list[Times]] = {trouble: [] for trouble in (NOBODY, *troubles)}
    with TemporaryDirectory() as folder, served(scene) as exchange:
        groups = iter([scene.names[n * each : (n + 1) * each] for n in range(phases)])

        def side(trouble: str) -> Callable[[], Sample]:
            def sample() -> Sample:
                world = _World(exchange, next(groups), scene.listed)
                times[trouble].append(world.phase(Path(folder), trouble, min(scale.live, _TIMES)))
                return {}

            return sample

        interleave({trouble: side(trouble) for trouble in times}, rounds, tick)
    pooled = {trouble: taken[1:] for trouble, taken in times.items()}
    return tuple(
        figure
        for trouble in troubles
        for figure in compared(
            f"time to true of the others, {{}}, {trouble}", pooled[trouble], pooled[NOBODY], WITHOUT
        )
    )


class _World:
    """Accounts that no other phase uses; the last one is the one that gets into trouble."""

    def __init__(self, exchange: Exchange, names: Sequence[str], symbols: Sequence[str]) -> None:
        self._exchange = exchange
        self._names = names
        self._bad = names[-1]
        self._healthy = [Place(name, symbols[0]) for name in names[:-1]]
        self._troubled = [Place(self._bad, symbol) for symbol in symbols]

    def phase(self, folder: Path, trouble: str, times: int) -> Times:
        """How long each healthy ladder took, beside an account in that trouble."""
        exchange = self._exchange
        own = folder / self._bad
        own.mkdir()
        owners = owners_of(self._names, exchange.url)
        with engine(own, owners, connect=_connect(self._bad)) as opened:
            watch(opened.reconciler, owners, (*self._healthy, *self._troubled))
            opened.start(STREAMS)
            exchange.truths((*self._healthy, *self._troubled))
            opened.wait_until_synced(len(owners))
            self._begin(trouble)
            taken = [truth.seconds * 1000 for _ in range(times) for truth in self._fills()]
            exchange.ask("calm")
            opened.reconciler.stop(timedelta(0))
        return taken

    def _begin(self, trouble: str) -> None:
        """Lets trouble begin, and gives the account something to do in it."""
        exchange, bad = self._exchange, self._troubled
        if trouble == FLOOD:
            exchange.ask("flood", bad, _FLOOD_SIZE, _FLOOD_GAP_S, _FLOOD_FILLS)
        elif trouble != NOBODY:
            exchange.ask("inject", *_faults(trouble, self._bad))
            exchange.ask("enter", bad, GROWTH)
            exchange.ask("fill", bad)

    def _fills(self) -> Sequence[Truth]:
        self._exchange.ask("enter", self._healthy, GROWTH)
        time.sleep(_QUIET_S)
        self._exchange.ask("fill", self._healthy, _GAP_S)
        return self._exchange.truths(self._healthy)


def _faults(trouble: str, uid: str) -> Sequence[Fault | StreamFault]:
    if trouble == BANNED:
        return (Fault(kind=FaultKind.SERVER_ERROR, status=403, uid=uid, times=None),)
    if trouble == LATE:
        return (Fault(kind=FaultKind.LATE_REPLY, delay_ms=_LATE_MS, uid=uid, times=None),)
    return (
        Fault(
            kind=FaultKind.RET_CODE,
            code=10003,
            text="API key is invalid.",
            uid=uid,
            times=None,
        ),
        StreamFault(kind=StreamFaultKind.AUTH_FAILED, uid=uid, times=None),
        StreamFault(kind=StreamFaultKind.DROP, uid=uid),
    )


def _connect(bad: str) -> Callable[[Account], Port]:
    """Opens exchanges; the account in trouble has its own address, because bans hit addresses."""
    usual, own = unbound_exchange(), IpBudget(SystemClock())

    def connect(account: Account) -> Port:
        return BybitExchange(account, ip_budget=own) if account.name == bad else usual(account)

    return connect


def compared(
    name: str, ours: Sequence[Times], without: Sequence[Times], against: str
) -> Iterator[Figure]:
    """The figures of a trouble: the times of its rounds beside those of rounds without it.

    Args:
        name: the figure's, with a place for the percentile.
        ours: the times of each round.
        without: the same without trouble.
        against: what the baseline is.
    """
    for share in (50, 99):
        mine, its = (
            percentile([one for times in side for one in times], share) for side in (ours, without)
        )
        ratios = [
            percentile(one, share) / percentile(other, share)
            for one, other in zip(ours, without, strict=True)
        ]
        yield Figure(
            Kind(name.format(f"p{share}"), "ms"),
            against,
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
