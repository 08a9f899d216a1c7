"""What a stop depends on, as it really was: surely, and possibly, for all that the engine may know.

The engine decides by a read, and reads are late by no more than stated. So what was true at any
time since then may be what it went by.
"""

from datetime import timedelta
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
        self._least_values = {spec.symbol: spec.min_notional for spec, _ in scene.instruments}
        self._least = {spec.symbol: spec.min_quantity for spec, _ in scene.instruments}
        self._latest_ms = scene.lateness.total // timedelta(milliseconds=1)
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

    def surely_reached(self, book: Book, by_ms: int, known_ms: int = 0) -> int:
        """The farthest level whose orders had filled by then, each completely, in this position.

        A level that the ladder no longer has counts for none. Nor does one as long as one of its
        orders still rested, or is announced and may yet be placed: it has more to fill.

        Args:
            book: of the monitor.
            by_ms: when they had filled.
            known_ms: those whose fill was on record by then count in any case.
        """
        ladder = book.record.ladder
        last = len(ladder.levels) if ladder else 0
        reached = 0
        for number, orders in self._orders(book).items():
            held = [order for order in orders if not _is_gone_by(order, by_ms)]
            has_filled = (
                _filled_by(order, by_ms) or self._is_known(order, known_ms) for order in held
            )
            if held and number <= last and all(has_filled):
                reached = max(reached, number)
        return reached

    def may_be_reached(self, book: Book, since_ms: int) -> int:
        """The farthest level of which anything has filled since the position then opened."""
        found = self._orders(book, since_ms)
        filled = (n for n, orders in found.items() if any(order.filled for order in orders))
        return max(filled, default=0)

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
        most: list[Decimal] = [size, self._markets[book.key.symbol]]
        if changed:
            most.append(changed.max_market_quantity)
        if book.protection.may_be_limit:
            most += [self.largest_before(book), self.largest(book)]
        return min(most)

    def least_order(self, book: Book, size: Decimal, limit: Decimal = ZERO) -> Decimal:
        """The smallest order that closes a position of that size, by the stricter rules.

        One with a limit price has the exchange's minimum of value, too.
        """
        changed = self.ledger.rules.get(book.key.symbol)
        step = self.step_of(book)
        least = max(size, self._least[book.key.symbol], changed.min_quantity if changed else ZERO)
        if limit:
            value = self._least_values[book.key.symbol]
            least = max(least, max(value, changed.min_notional if changed else ZERO) / limit)
        return (least / step).to_integral_value(ROUND_CEILING) * step

    def _orders(self, book: Book, since_ms: int | None = None) -> dict[int, list[SimOrder]]:
        """By level, its orders in this position; with a time, since the one that was open then."""
        found: dict[int, list[SimOrder]] = {}
        protection = book.protection
        cycle = protection.cycle if since_ms is None else protection.cycle_since(since_ms)
        opened_ms = book.opened_by(cycle[0].at_ms) if cycle else book.opened_ms
        for order in self.ledger.orders.values():
            claim = self.ledger.claim_on(book.key.account, order)
            if claim is None or claim.key != book.key or claim.level < 1:
                continue
            if order.status.is_open or order.updated_ms >= opened_ms:
                found.setdefault(claim.level, []).append(order)
        return found

    def _is_known(self, order: SimOrder, at_ms: int) -> bool:
        """Whether the record had it as filled by then."""
        known = [
            one.quantity for one in self.ledger.known.get(order.order_id, ()) if one.at_ms <= at_ms
        ]
        return order.status is OrderStatus.FILLED and order.quantity in known[-1:]


def _is_gone_by(order: SimOrder, by_ms: int) -> bool:
    """Whether it was closed by then without a fill: one that went later still held its level."""
    return not order.status.is_open and order.filled == ZERO and order.updated_ms <= by_ms


def _filled_by(order: SimOrder, by_ms: int) -> bool:
    return order.status is OrderStatus.FILLED and order.updated_ms <= by_ms
