"""A random walk: every contract takes a small step each second, by a seed."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import count
from random import Random

from ..core.exchange import Simulator
from ..market.instruments import InstrumentSpec
from .moves import Move, bounded, possible, price_of

STEP_MS = 1000
"""How often each contract moves."""
WIDEST_STEP = 200
"""The widest step, in millionths of the price; narrower ones are as likely. An hour of them moves
a price by 0.7 % (one standard deviation), about as much as a large perpetual moves."""
_MILLION = 1_000_000


def random_walk(sim: Simulator, seed: str = "trueup") -> Iterator[Move]:
    """The moves of all contracts that the exchange lists now, from their prices of now; endless.

    The same seed and the same first price give a contract the same path, whatever the others do,
    and whatever the bot does. A price stays within the contract's own bounds. Where somebody else
    moves a price, its walk goes on from there, with the steps that it would have taken.
    """
    walks = [
        _Walk(sim, spec, sim.price(symbol), Random(f"{seed} {symbol}"))  # noqa: S311 - no secret
        for symbol in sim.symbols
        if (spec := sim.instrument(symbol)).category == "linear"
    ]
    if not walks:
        return
    for number in count(1):
        for walk in walks:
            yield walk.step(number * STEP_MS)


@dataclass(slots=True)
class _Walk:
    """One contract's walk.

    Attributes:
        sim: the exchange.
        spec: the contract.
        at: where the walk is; not rounded, so that small steps add up on a coarse tick.
        random: what draws the steps.
        known: the price before the last step, where it was not made yet, and after it: at any other
            somebody has moved it.
    """

    sim: Simulator
    spec: InstrumentSpec
    at: Decimal
    random: Random
    known: tuple[Decimal | None, ...] = ()

    def step(self, at_ms: int) -> Move:
        """The next move: from where the walk is, or from where somebody else has put the price."""
        symbol, there = self.spec.symbol, price_of(self.sim, self.spec.symbol)
        if self.known and there is not None and there not in self.known:
            self.at = there
        drawn = self.random.randint(-WIDEST_STEP, WIDEST_STEP)
        change = Decimal(_MILLION + drawn) / _MILLION
        self.at = bounded(self.spec, self.at * change)
        price = possible(self.spec, self.at)
        self.known = (there, price)
        return Move(at_ms, symbol, price, change=change)
