"""Moves of a market, and the clock that makes them happen."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from ..base.decimals import Exact, exact
from ..core.exchange import Simulator
from ..market.instruments import InstrumentSpec


@dataclass(frozen=True, slots=True)
class Move:
    """Where a contract's price goes, and when.

    Attributes:
        at_ms: when, in milliseconds of the market's own time, which begins at 0.
        symbol: the contract.
        price: its last price.
        mark_price: its mark price; None: it stays as it is, and follows if it followed.
        index_price: its index price, in the same way.
        change: what its price is multiplied by where somebody else has moved it since this move was
            drawn; None: it goes to `price` all the same.
    """

    at_ms: int
    symbol: str
    price: Decimal
    mark_price: Decimal | None = None
    index_price: Decimal | None = None
    change: Decimal | None = None


def price_of(sim: Simulator, symbol: str) -> Decimal | None:
    """The last price of a contract; None while it is not listed."""
    return sim.price(symbol) if symbol in sim.symbols else None


def possible(spec: InstrumentSpec, wanted: Decimal) -> Decimal:
    """The price on the tick that is nearest to what is wanted, within the contract's bounds."""
    return round(bounded(spec, wanted) / spec.tick) * spec.tick


def bounded(spec: InstrumentSpec, wanted: Decimal) -> Decimal:
    """What is wanted, within the contract's bounds; not on the tick."""
    return min(max(wanted, spec.min_price), spec.max_price)


def move_market(sim: Simulator, moves: Iterator[Move], speed: Exact = 1) -> None:
    """Let the clock make these moves from now on, each as `Simulator.set_price` would.

    The market's time passes `speed` times as fast as the clock's, so that a day of prices is over
    in an hour at 24, while clients and signatures keep the time of the clock. The moves may never
    end. A contract that was delisted meanwhile is left out.

    Args:
        sim: the exchange.
        moves: the moves, in the order of their times.
        speed: how many milliseconds of the market pass in one of the clock.

    Raises:
        ValueError: the speed is not positive.
    """
    pace = exact(speed)
    if pace <= 0:
        raise ValueError(f"the speed must be positive, not {pace}")
    _Course(sim, moves, pace).go_on()


class _Course:
    """Moves that the clock makes one after the other: each schedules the next."""

    def __init__(self, sim: Simulator, moves: Iterator[Move], speed: Decimal) -> None:
        self._sim, self._moves, self._speed = sim, moves, speed
        self._start_ms = sim.clock.now_ms()

    def go_on(self) -> None:
        move = next(self._moves, None)
        if move is None:
            return
        waits_ms = (move.at_ms / self._speed).to_integral_value(ROUND_CEILING)
        drawn_at = price_of(self._sim, move.symbol)
        self._sim.clock.call_at(self._start_ms + int(waits_ms), lambda: self._make(move, drawn_at))

    def _make(self, move: Move, drawn_at: Decimal | None) -> None:
        sim, now_at = self._sim, price_of(self._sim, move.symbol)
        if now_at is not None:
            price = move.price
            if move.change is not None and now_at != drawn_at:
                price = possible(sim.instrument(move.symbol), now_at * move.change)
            sim.set_price(move.symbol, price)
            if move.mark_price is not None:
                sim.set_mark_price(move.symbol, move.mark_price)
            if move.index_price is not None:
                sim.set_index_price(move.symbol, move.index_price)
        self.go_on()
