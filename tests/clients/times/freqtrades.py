"""freqtrade's own stop handling beside trueup's in it: TP1 fills, and a SIGKILL comes."""

import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.clients.bots import python_for
from tests.clients.freqtrade.running import BUILT, SYMBOL, TRUEUP, UID, Bot, freqtrade
from tests.clients.times.knowing import ENTRY, LEVELS, LOOP_S, Round, below
from tests.clients.times.watching import ZERO, Moment, Watch

OWN = (Path(__file__).parent, "OwnStop")
ROUNDS, MINUTE_S = 2, 70.0
"""Positions of each kind, and the pause after which freqtrade may move its stop again."""
_LOOPS = 4

Is = Callable[[Moment, Moment], bool]
"""Whether a change is the one that is waited for: what was before and after it."""


def _sold(before: Moment, after: Moment) -> bool:
    return ZERO < after.held < before.held


def _stop_gone(before: Moment, after: Moment) -> bool:
    return bool(before.stops and not after.stops and after.held)


def _stop_new(before: Moment, after: Moment) -> bool:
    return any(before.triggers.get(one) != at for one, at in after.triggers.items())


@dataclass(frozen=True, slots=True)
class Kill:
    """A SIGKILL at a change of the exchange.

    Attributes:
        words: which change.
        strategy: whose stop it is.
        change: what is waited for, from the take-profit on.
    """

    words: str
    side: str
    strategy: tuple[Path, str]
    change: Is


KILLS = (
    Kill("TP1 has filled", "trueup", TRUEUP, _sold),
    Kill("the stop has moved to the entry", "trueup", TRUEUP, _stop_new),
    Kill("the stop is cancelled, to be placed anew", "freqtrade", OWN, _stop_gone),
    Kill("TP1 has filled", "freqtrade", OWN, _sold),
    Kill("the new stop is at the entry", "freqtrade", OWN, _stop_new),
)


def freqtrades(folder: Path, trueup: Sequence[Round]) -> Iterator[dict[str, object]]:
    """The figures of both sides, as they come; trueup's rounds have been measured already."""
    python = python_for("freqtrade", below(folder), built=BUILT)
    sides = {"trueup": _figures(trueup)}
    for name, pause_s in (("soon", 0), ("later", MINUTE_S)):
        sides[name] = _figures([_own(python, below(folder), pause_s) for _ in range(ROUNDS)])
    yield {"breakeven": sides}
    killed: list[dict[str, object]] = []
    for kill in KILLS:
        killed.append(_killed(python, below(folder), kill))
        yield {"killed": killed}


def _figures(rounds: Sequence[Round]) -> dict[str, object]:
    times = [one.breakeven_s for one in rounds]
    return {
        "fills": len(rounds),
        "median_s": round(median(times), 3),
        "max_s": round(max(times), 3),
        "unprotected": str(round(max(one.unprotected for one in rounds), 5)),
    }


def _entered(one: Bot, watch: Watch, orders: int) -> Moment:
    """Waits for entry, stop and ladder, and for a loop of freqtrade's beyond them."""
    first = watch.wait(lambda moment: bool(moment.held and moment.stops))
    while len(one.sim.orders(UID)) < orders:
        time.sleep(0.01)
    for _ in range(2):
        one.read_until("Bot heartbeat")
    return first


def _own(python: Path, folder: Path, pause_s: float) -> Round:
    """One position by freqtrade's own means; TP1's price comes a pause after the entry."""
    with freqtrade(python, folder, OWN, LOOP_S) as one:
        watch = Watch(one.sim, UID)
        first = _entered(one, watch, orders=1)
        while time.monotonic() < first.at + pause_s:
            one.read_until("Bot heartbeat")
        before = watch.moments[-1]
        one.sim.set_price(SYMBOL, LEVELS[0])
        sold = watch.wait(lambda moment: moment.held < before.held, before.at)
        even = watch.wait(_is_even, sold.at)
        one.end(signal.SIGKILL)
        return Round((), even.at - sold.at, watch.unprotected(first.at, even.at))


def _is_even(moment: Moment) -> bool:
    """Whether a stop is at the entry; freqtrade's counts the fees, and is a little above it."""
    return any(trigger >= ENTRY for trigger in moment.triggers.values())


def _killed(python: Path, folder: Path, kill: Kill) -> dict[str, object]:
    """Killed at a change, started again; what then rests, and how long nothing protected."""
    with freqtrade(python, folder, kill.strategy, LOOP_S) as one:
        watch = Watch(one.sim, UID)
        _entered(one, watch, orders=1 if kill.strategy is OWN else len(LEVELS) + 1)
        assert one.process is not None
        victim, killed_at = one.process.pid, list[float]()

        def strike(before: Moment, after: Moment) -> None:
            if not killed_at and kill.change(before, after):
                os.kill(victim, signal.SIGKILL)
                killed_at.append(time.monotonic())

        watch.at_change = strike
        one.sim.set_price(SYMBOL, LEVELS[0])
        watch.wait(lambda _moment: bool(killed_at))
        one.end(signal.SIGKILL)
        left = watch.moments[-1]
        one.start()
        for _ in range(_LOOPS):
            one.read_until("Bot heartbeat")
        last, until = watch.moments[-1], time.monotonic()
        one.end(signal.SIGKILL)
        return {
            "side": kill.side,
            "when": kill.words,
            "unprotected_while_down": str(left.unprotected),
            "held": str(last.held),
            "stops": [str(each) for each in sorted(last.stops.values())],
            "at": [str(each) for each in sorted(last.triggers.values())],
            "orders": len(one.sim.orders(UID)),
            "unprotected": str(round(watch.unprotected(killed_at[0], until), 5)),
        }
