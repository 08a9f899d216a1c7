"""P6 and P12 of entries that the user has named: these alone go, and they do go.

The judge reckons by itself which those are: from the patterns, the order as it truly is, and what
has truly filled of the position. Nothing of the engine's own rule is used.
"""

from fnmatch import fnmatchcase

from trueup.domain.model.stop import CancelEntries
from trueup.simulator import OrderStatus, SimOrder, StopOrderType

from ...ledger.book import Book
from ...scene.scene import Scene
from .truths import StopPromise

CANCELS = "/v5/order/cancel-batch"
_BY_PRICE_OR_TRIGGER = (StopOrderType.NONE, StopOrderType.STOP)


class EntryPromise(StopPromise):
    """A promise about entries: knows which of them the user wants to be cancelled."""

    def is_to_go(self, uid: str, order_id: str, at_ms: int) -> bool:
        """Whether a request that leaves then is right to cancel that order of somebody else."""
        order = self.ledger.orders[order_id]
        return any(
            _names(book, rule, order) and self._has_filled(book, rule, order, at_ms)
            for book in self.ledger.books_of(uid, order.symbol)
            if (rule := self.rule_of(book)) is not None
        )

    def rule_of(self, book: Book) -> CancelEntries | None:
        """Which entries the user wants to be cancelled; None for none."""
        wanted = self.wanted(book)
        return wanted.cancel_entries if wanted else None

    def named(self, book: Book, rule: CancelEntries) -> list[SimOrder]:
        """The entries at rest that the user has named."""
        resting = self.ledger.open_orders(book.key.account, book.key.symbol)
        others = [order for order in resting if order.order_id in self.ledger.external]
        return [order for order in others if _names(book, rule, order)]

    def _has_filled(self, book: Book, rule: CancelEntries, order: SimOrder, at_ms: int) -> bool:
        """Whether the level had filled in the position that the read before then could show.

        Once that is closed, only an order goes that was there as the level filled.
        """
        since_ms = self.shown_since(book, at_ms)
        opened_ms = book.opened_by(since_ms)
        if opened_ms <= self.ledger.hidden_ms.get(book.key.account, 0):
            # What the exchange has hidden may make the position one with that before it.
            opened_ms = 0
        fills = self.fills_of_levels(book, rule.after_level, since_ms)
        if not book.size and any(max(book.recognised_ms, order.created_ms) <= one for one in fills):
            # A position that opened later, and is closed again, may never have been shown.
            return True
        filled_ms = [one for one in fills if one >= opened_ms]
        is_open = any(held.size for held in book.protection.since(since_ms))
        return bool(filled_ms) and (is_open or order.created_ms <= max(filled_ms))

    def fills_of_levels(self, book: Book, first: int, since_ms: int) -> list[int]:
        """When orders filled whose level, that one or one beyond it, is done.

        It is not where another order of it has rested since that time, and still does.
        """
        by_level: dict[int, list[SimOrder]] = {}
        for order in self.ledger.orders.values():
            claim = self.ledger.claim_on(book.key.account, order)
            if claim is not None and claim.key == book.key and claim.level >= first:
                by_level.setdefault(claim.level, []).append(order)
        return [
            order.updated_ms
            for orders in by_level.values()
            if not any(one.status.is_open and one.created_ms < since_ms for one in orders)
            for order in orders
            if order.status is OrderStatus.FILLED
        ]


class NamedEntriesGo(EntryPromise):
    """At rest, once the level has filled and the position is open, no named entry rests.

    A level counts that surely has filled, since the record took the position for a new one. An
    order that waits for a trigger is seen only where such orders are read.
    """

    name = "P12 named entries go"

    def set_scene(self, scene: Scene) -> None:
        """Also takes whether the engine reads orders that wait for a trigger."""
        super().set_scene(scene)
        self._reads_conditional = scene.conditional_orders

    def at_rest(self, book: Book, at_ms: int) -> None:
        """Looks at each entry that rests."""
        rule = self.rule_of(book)
        if rule is None or not book.size:
            return
        opened_ms = max(book.opened_ms, book.recognised_ms)
        filled = self.fills_of_levels(book, rule.after_level, at_ms)
        if not any(one > opened_ms for one in filled):
            return
        for order in self.named(book, rule):
            if self._reads_conditional or not order.is_conditional:
                self.broken(
                    book.key, f"{order.link_id} rests, though TP{rule.after_level} has filled"
                )


def _names(book: Book, rule: CancelEntries, order: SimOrder) -> bool:
    """Whether the order only opens more of that position, and has an id that the user has named."""
    return (
        order.side.value == book.key.side.value
        and order.position_idx == book.index
        and not order.reduce_only
        and order.stop_order_type in _BY_PRICE_OR_TRIGGER
        and any(order.link_id and fnmatchcase(order.link_id, one) for one in rule.patterns)
    )
