"""Levels whose price the market has passed, where the engine is told to wait for them or to refuse.

The judge knows where the market was at every moment, from the exchange itself. The engine decides
by a mark price that it has read. So what it announces is held to the last moments before: in one of
them the market must not have passed the price yet. There is no other excuse. What the market does
after that is the race that is left, and it fills no more than what was announced in these moments.

In the same way a run that settles may leave uncovered what the ladder asks for at a price that the
market had passed in one of the last moments, as far as no order of that level rests, and only where
the engine is told to wait.
"""

from collections.abc import Iterator
from decimal import Decimal

from trueup.domain.model.commands import Operation
from trueup.domain.model.identity import Side
from trueup.domain.model.instrument import ZERO
from trueup.domain.model.record import MonitorRecord
from trueup.domain.planning.targets import Targets
from trueup.domain.store import Step

from ...ledger.book import Book
from ...ledger.ledger import Ledger
from ...scene.scene import Scene
from ..promise import Promise

_READ_MS = 20_000
"""How old the mark price may be, at the most, by which a run decides."""


class NothingBeyond(Promise):
    """No order is announced at a price that the market has passed for a while, or moved to it."""

    name = "P3 nothing beyond the market"

    def set_scene(self, scene: Scene) -> None:
        """Takes what the engine is told, and where markets are at the start."""
        self._withholds = scene.beyond_market != "fill"
        self._markets = Markets(self.ledger, scene)

    def on_commit(self, step: Step, before: MonitorRecord, at_ms: int) -> None:
        """Holds each price that is announced against the market."""
        del before
        book = self.ledger.books[step.record.key]
        at_ms = self.ledger.decided_ms(book.key, at_ms)
        for write in book.announced if self._withholds else ():
            is_new = write.price is not None and write.price != write.price_before
            if write.operation is Operation.CANCEL or write.price is None or not is_new:
                continue
            if all(passed(book, write.price, mark) for mark in self._markets.marks(book, at_ms)):
                self.broken(book.key, f"{write.price} is announced, and the market has passed it")


class Markets:
    """Where the markets of a scene were.

    Args:
        ledger: knows each move of them.
        scene: says where they are before the first, and what the engine is told.
    """

    def __init__(self, ledger: Ledger, scene: Scene) -> None:
        self._ledger = ledger
        self._first = {spec.symbol: price for spec, price in scene.instruments}
        self._verdict = scene.beyond_market

    def marks(self, book: Book, at_ms: int) -> Iterator[Decimal]:
        """The mark prices of the last moments before that time, the latest first."""
        since = at_ms - _READ_MS
        for moved in reversed(self._ledger.prices.get(book.key.symbol, ())):
            if moved.at_ms <= at_ms:
                yield moved.quantity
            if moved.at_ms <= since:
                return
        yield self._first[book.key.symbol]

    def may_wait(self, book: Book, targets: Targets | None, at_ms: int) -> Decimal:
        """How much of the targets the engine may wait with at that time, where it is told to."""
        return self.may_withhold(book, targets, at_ms) if self._verdict == "wait" else ZERO

    def may_withhold(self, book: Book, targets: Targets | None, at_ms: int) -> Decimal:
        """How much of the targets the engine places no order for at that time, as it is told."""
        if self._verdict == "fill" or not targets:
            return ZERO
        marks, found = list(self.marks(book, at_ms)), ZERO
        for level, price in {(one.level, one.price) for one in targets.orders}:
            if any(passed(book, price, mark) for mark in marks):
                found += max(targets.of_level(level) - self._rests(book, level), ZERO)
        return found

    def _rests(self, book: Book, level: int) -> Decimal:
        rests = ZERO
        for order in book.live:
            claim = self._ledger.claim_on(book.key.account, order)
            rests += order.leaves if claim is not None and claim.level == level else ZERO
        return rests


def passed(book: Book, price: Decimal, mark: Decimal) -> bool:
    """Whether an order that closes the position fills at once at that price."""
    return price <= mark if book.key.side is Side.BUY else price >= mark
