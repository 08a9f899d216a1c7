"""What a stop depends on, as it really was: surely, and possibly, for all that the engine may know.

The engine decides by a read, and reads are late by no more than stated. So what was true at any
time since then may be what it went by.
"""

from decimal import ROUND_CEILING, Decimal

from trueup.domain.model.instrument import ZERO
from trueup.domain.model.stop import Stop
from trueup.simulator import OrderStatus, SimOrder

from ...ledger.book import Book
from ...ledger.protection import Held
from ...scene.scene import Scene
from ..cover.bounds import CoverPromise
from .reckoning import Truth, sign

_FIGURES = Decimal("1e-8")
"""An average has eight decimals in a row."""


class StopPromise(CoverPromise):
    """A promise about stops: knows what they depend on."""

    def set_scene(self, scene: Scene) -> None:
        """Takes the contracts, their prices, and how late reads may be."""
        super().set_scene(scene)
        self._ticks = {spec.symbol: spec.tick for spec, _ in scene.instruments}
        self._prices = {spec.symbol: price for spec, price in scene.instruments}
        self._least = {spec.symbol: spec.min_quantity for spec, _ in scene.instruments}
        self._markets = {spec.symbol: spec.max_market_quantity for spec, _ in scene.instruments}

    def window(self, book: Book, at_ms: int) -> list[Held]:
        """Position and stop as they were since the time that the engine's last read showed."""
        return book.protection.since(self.shown_since(book, at_ms))

    def wanted(self, book: Book) -> Stop | None:
        """What the user wants of the stop; None for none."""
        stop = book.record.stop
        return stop.wanted if stop and stop.ended is None else None

    def truth(self, book: Book, held: Held, reached: int, best: Decimal) -> Truth:
        """What the stop depends on in that state."""
        symbol, side = book.key.symbol, book.key.side
        changed = self.ledger.rules.get(symbol)
        ticks = {self._ticks[symbol], changed.tick if changed else self._ticks[symbol]}
        entry = held.entry.quantize(_FIGURES)
        return Truth(side, entry, book.record.ladder, reached, best, tuple(sorted(ticks)))

    def surely_reached(self, book: Book, by_ms: int) -> int:
        """The farthest level whose orders had filled by then, each completely, in this position.

        A level that the ladder no longer has counts for none.
        """
        ladder = book.record.ladder
        last = len(ladder.levels) if ladder else 0
        filled = (n for n, fills in self._fills(book, by_ms).items() if n <= last and all(fills))
        return max(filled, default=0)

    def may_be_reached(self, book: Book, since_ms: int) -> int:
        """The farthest level of which anything has filled since the position then opened."""
        found = self._fills(book, None, since_ms)
        return max((number for number, fills in found.items() if any(fills)), default=0)

    def best(self, book: Book, since_ms: int) -> tuple[Decimal, Decimal]:
        """The market's worst and best price since then, for the position's side."""
        before, later = self._prices[book.key.symbol], list[Decimal]()
        for one in self.ledger.prices.get(book.key.symbol, ()):
            if one.at_ms <= since_ms:
                before = one.quantity
            else:
                later.append(one.quantity)
        ways = sorted((before, *later), key=lambda price: price * sign(book.key.side))
        return ways[0], ways[-1]

    def takes(self, book: Book, price: Decimal) -> bool:
        """Whether the exchange takes a stop at that price, by rules that it has changed."""
        changed = self.ledger.rules.get(book.key.symbol)
        if changed is None:
            return True
        return not (
            (changed.min_price and price < changed.min_price)
            or (changed.max_price and price > changed.max_price)
        )

    def coverable(self, book: Book, size: Decimal) -> Decimal:
        """How much of a position of that size one order of ours may close, by any of the rules."""
        changed = self.ledger.rules.get(book.key.symbol)
        most = self._markets[book.key.symbol]
        return min(size, most, changed.max_market_quantity if changed else most)

    def least_order(self, book: Book, size: Decimal) -> Decimal:
        """The smallest order that closes a position of that size, by the stricter rules."""
        changed = self.ledger.rules.get(book.key.symbol)
        step = self.step_of(book)
        least = max(size, self._least[book.key.symbol], changed.min_quantity if changed else ZERO)
        return (least / step).to_integral_value(ROUND_CEILING) * step

    def _fills(
        self, book: Book, by_ms: int | None, since_ms: int | None = None
    ) -> dict[int, list[bool]]:
        """By level, of each of its orders in this position, whether it has filled.

        With a time: completely, and by then. Without: anything of it.
        """
        found: dict[int, list[bool]] = {}
        protection = book.protection
        cycle = protection.cycle if since_ms is None else protection.cycle_since(since_ms)
        opened_ms = book.opened_by(cycle[0].at_ms) if cycle else book.opened_ms
        for order in self.ledger.orders.values():
            claim = self.ledger.claim_on(book.key.account, order)
            if claim is None or claim.key != book.key or claim.level < 1:
                continue
            if not order.status.is_open and order.updated_ms < opened_ms:
                continue
            has = order.filled > ZERO if by_ms is None else _filled_by(order, by_ms)
            is_gone = not order.status.is_open and order.filled == ZERO
            if not is_gone:
                found.setdefault(claim.level, []).append(has)
        return found


def _filled_by(order: SimOrder, by_ms: int) -> bool:
    return order.status is OrderStatus.FILLED and order.updated_ms <= by_ms
