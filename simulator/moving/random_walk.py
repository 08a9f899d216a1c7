"""A random walk: every contract takes a small step each second, by a seed."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import count
from random import Random

from ..core.exchange import Simulator
from ..market.instruments import InstrumentSpec
from .moves import Move

STEP_MS = 1000
"""How often each contract moves."""
WIDEST_STEP = 200
"""The widest step, in millionths of the price; narrower ones are as likely. An hour of them moves
a price by 0.7 % (one standard deviation), about as much as a large perpetual moves."""
_MILLION = 1_000_000


def random_walk(sim: Simulator, seed: str = "trueup") -> Iterator[Move]:
    """The moves of all contracts that the exchange lists now, from their prices of now; endless.

    The same seed and the same first price give a contract the same path, whatever the others do,
    and whatever the bot does. A price stays within the contract's own bounds.
    """
    walks = [
        _Walk(spec, sim.price(symbol), Random(f"{seed} {symbol}"))  # noqa: S311 - no secret
        for symbol in sim.symbols
        if (spec := sim.instrument(symbol)).category == "linear"
    ]
    if not walks:
        return
    for number in count(1):
        for walk in walks:
            yield Move(number * STEP_MS, walk.spec.symbol, walk.step())


@dataclass(slots=True)
class _Walk:
    """One contract's walk; `at` is not rounded, so that small steps add up on a coarse tick."""

    spec: InstrumentSpec
    at: Decimal
    random: Random

    def step(self) -> Decimal:
        """The next price, on the tick."""
        change = self.random.randint(-WIDEST_STEP, WIDEST_STEP)
        wanted = self.at * (_MILLION + change) / _MILLION
        self.at = min(max(wanted, self.spec.min_price), self.spec.max_price)
        return round(self.at / self.spec.tick) * self.spec.tick
