"""From a take-profit's fill at the exchange until a bot's own view agrees."""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from statistics import median
from tempfile import mkdtemp

from tests.clients.bots import bot, python_for
from tests.clients.freqtrade.running import BUILT, SYMBOL, UID, freqtrade, wait_for
from tests.clients.telegram_bot.telegram import read_until, telegram, variables
from tests.clients.times.watching import Watch
from trueup.simulator import ClockKind, Simulator, SimulatorServer, load_scenario, scenarios

ROUNDS = 4
LEVELS = ("60600", "61200", "61800")
ENTRY = Decimal(60000)
LOOP_S = 5
"""How often freqtrade's loop runs by default."""

Reads = Callable[[int, Decimal], None]
"""Returns once the bot's own view has a level's fill and what is left."""
Running = AbstractContextManager[tuple[Simulator, Watch, Reads]]


@dataclass(frozen=True, slots=True)
class Round:
    """One position, from its entry to flat.

    Attributes:
        known_ms: of each level, from its fill until the bot's own view agreed.
        breakeven_s: from TP1's fill until the stop was at the entry.
        unprotected: quantity-seconds without a stop, from the first stop until then.
    """

    known_ms: tuple[float, ...]
    breakeven_s: float
    unprotected: Decimal


def known(folder: Path) -> tuple[dict[str, dict[str, int]], Sequence[Round]]:
    """The figures of each bot, over all levels of a few positions; and freqtrade's rounds."""
    told: dict[str, dict[str, int]] = {}
    for name in ("plain", "ccxt", "telegram_bot", "nautilus"):
        python = python_for(name, below(folder))
        told[name] = _figures([_round(_serve(name, python, below(folder))) for _ in range(ROUNDS)])
    python = python_for("freqtrade", below(folder), built=BUILT)
    rounds = [_round(_freqtrade(python, below(folder)), LOOP_S) for _ in range(ROUNDS)]
    return {**told, "freqtrade": _figures(rounds)}, rounds


def below(folder: Path) -> Path:
    """A new folder in a folder."""
    return Path(mkdtemp(dir=folder))


def _figures(rounds: Sequence[Round]) -> dict[str, int]:
    taken = [each for one in rounds for each in one.known_ms]
    return {"fills": len(taken), "median_ms": round(median(taken)), "max_ms": round(max(taken))}


def _round(running: Running, rhythm_s: float = 0) -> Round:
    """One position: each level fills at a random moment of the bot's own rhythm."""
    taken, filled_at = [], []
    with running as (sim, watch, reads):
        wait_for(sim, lambda: len(sim.orders(UID)) == len(LEVELS) + 1)
        for number, price in enumerate(LEVELS, start=1):
            time.sleep(0.5 + random.uniform(0, rhythm_s))  # noqa: S311 - no secret
            sim.set_price(SYMBOL, price)
            filled = watch.fallen()
            reads(number, filled.held)
            taken.append((time.monotonic() - filled.at) * 1000)
            filled_at.append(filled.at)
        first = watch.wait(lambda one: bool(one.stops))
        even = watch.wait(lambda one: ENTRY in one.triggers.values(), filled_at[0])
        return Round(tuple(taken), even.at - filled_at[0], watch.unprotected(first.at, even.at))


@contextmanager
def _serve(name: str, python: Path, folder: Path) -> Iterator[tuple[Simulator, Watch, Reads]]:
    """A bot of examples/ with a position, on a simulator in this process."""
    sim = load_scenario(scenarios()["start"], ClockKind.REAL)
    watch = Watch(sim, UID)
    with telegram() as (here, address), SimulatorServer(sim) as server:
        script = f"{name}/bot.py"
        with bot(python, folder, server.url, script, **variables(address)) as one:

            def reads(number: int, left: Decimal) -> None:
                words = f"{left.normalize()} is held"
                if name == "telegram_bot":
                    read_until(here, f"TP{number}", words)
                elif name == "nautilus":
                    one.read_until(words)
                else:
                    one.read_until(f"TP{number}", words)

            if name == "telegram_bot":
                here.write("/open")
            yield sim, watch, reads


@contextmanager
def _freqtrade(python: Path, folder: Path) -> Iterator[tuple[Simulator, Watch, Reads]]:
    with freqtrade(python, folder, loop_s=LOOP_S) as one:
        watch = Watch(one.sim, UID)
        yield one.sim, watch, lambda number, _left: one.read_until(f"INFO - trueup TP{number}")
