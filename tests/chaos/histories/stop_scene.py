"""A small scene with a stop: a long of 100 at 10, with TP1 at 11 and TP2 at 12."""

from decimal import Decimal

from chaos import History, Scene, Verdict, WatchedMonitor, play
from chaos.histories import moves
from trueup.domain.model.identity import MonitorKey, Side
from trueup.domain.model.ladder import Ladder
from trueup.domain.model.stop import Stop
from trueup.domain.venue.account import Account
from trueup.simulator import Behaviour, Fault, FaultKind, InstrumentSpec

LADDER = Ladder.of(("11", 50), ("12", 50))
KEY = MonitorKey("main", "BANDUSDT", Side.BUY)
PERCENT = Stop.of(percent=5)
SETS = "sets the stop of BANDUSDT: positionIdx=0 stopLoss="


def scene(stop: Stop, ladder: Ladder | None = LADDER) -> Scene:
    spec = InstrumentSpec(
        symbol="BANDUSDT",
        tick="0.1",
        step="1",
        min_quantity="1",
        max_quantity="1000",
        min_notional="0",
    )
    return Scene(
        accounts=(Account("main", "main-key", "main-secret"),),
        instruments=((spec, Decimal(10)),),
        monitors=(WatchedMonitor(KEY, ladder, Decimal(100), LADDER.levels, stop=stop),),
        behaviour=Behaviour(rate_limits=False),
        latency_ms=20,
        order_page=50,
        batch_size=10,
        conditional_orders=False,
    )


def played(stop: Stop, *happening: moves.Move, ladder: Ladder | None = LADDER) -> Verdict:
    in_time = tuple(sorted(happening, key=lambda move: move.at_ms))
    return play(History(0, scene(stop, ladder), in_time), keep_log=True)


def prices_set(verdict: Verdict) -> list[str]:
    """Where requests set the stop, in order, each with what became of it."""
    return [line.split(SETS)[1] for line in verdict.lines if SETS in line]


def refused(at_ms: int, times: int = 1) -> moves.Move:
    text = "StopLoss:1 set for Buy position should lower than base_price:1??LastPrice"
    fault = Fault(
        kind=FaultKind.RET_CODE,
        path="trading-stop",
        times=times,
        code=10001,
        text=text,
        effect=False,
    )
    return moves.SpoilRequests(at_ms, fault)
