"""P3: no write of ours lifts the cover above its ceiling, the position.

Above the ceiling (see :mod:`.bounds`) excuses are, besides what others added to our orders:

- for an amend, what should have shrunk in the same request and was refused: the exchange handles a
  batch item by item;
- for an amend, what others, or the exchange, took off its order, as far as the engine was shown it
  larger;
- for any write, a shrink that was acknowledged and that a fill overtook, or that the exchange
  refused in the end because the contract's rules changed on its way;
- where the exchange changed the contract's rules, less than a quantity step: a position that is no
  number of steps keeps the next number above it, if as much was on record before the write. So does
  what orders that rest off the new steps leave of it.
"""

from collections.abc import Collection
from decimal import Decimal

from trueup.domain.model.commands import Operation
from trueup.domain.model.instrument import ZERO

from ...ledger.book import Book
from ...ledger.effects import Effect, Impact
from ...ledger.ledger import Cause
from .bounds import CoverPromise


class NotAbove(CoverPromise):
    """No write of ours lifts the owned live quantity above the position."""

    name = "P3 not above the position"

    def on_effect(self, effect: Effect) -> None:
        """Checks every monitor whose cover a write of ours lifted."""
        if effect.cause is Cause.WORLD:
            return
        for impact in effect.impacts:
            if impact.lifted > 0 and not self.is_late(effect, impact):
                self._check(impact, effect)

    def _check(self, impact: Impact, effect: Effect) -> None:
        book, at_ms = impact.book, effect.at_ms
        if book.leaves <= book.size:
            return
        ceiling = max(self.sizes(book, at_ms)) - self._known_fills(book, at_ms)
        ceiling += self.off_step(book, ceiling)
        refused = () if impact.placed else self._in_request(effect)
        ceiling += self._not_shrunk(book, {*refused, *self._overtaken(book)})
        above = book.leaves - ceiling - self.unseen(book, book.raised, at_ms)
        if above > 0 and impact.lifted > self._given_back(book, effect):
            self.broken(
                book.key,
                f"a write of ours lifted the cover to {book.leaves} of a position of {ceiling}",
            )

    def _given_back(self, book: Book, effect: Effect) -> Decimal:
        """How much of the lift only gives back what others took off the orders, unseen.

        The engine was shown an order larger, and made it smaller than that.
        """
        taken = self.unseen(book, book.lost, effect.at_ms)
        if not taken:
            return ZERO
        since, back = self.shown_since(book, effect.at_ms), ZERO
        live = {order.order_id for order in book.live}
        for changed in effect.changed_orders:
            before, after = changed.before, changed.after
            if before is None or after.order_id not in live or after.leaves <= before.leaves:
                continue
            states = self.ledger.states_of(changed.uid, order_id=after.order_id)[:-1]
            known = [s.leaves for s in states if s.updated_ms >= since]
            known += [s.leaves for s in states if s.updated_ms < since][-1:]
            back += min(max(known) - before.leaves, after.leaves - before.leaves)
        return min(back, taken)

    def _known_fills(self, book: Book, at_ms: int) -> Decimal:
        """What filled since that read and was on record: the position is smaller by as much."""
        read_ms = book.viewed_as_of(self.read_before(book, at_ms))
        filled = sum((one.quantity for one in book.filled if one.at_ms > read_ms), ZERO)
        known_by = at_ms - self._effect_delay_ms
        return max(filled - self.ledger.unknown_fills(book, known_by), ZERO) if filled else ZERO

    def _overtaken(self, book: Book) -> Collection[str]:
        """Orders that filled without the engine's knowledge: their amend may have come too late."""
        known = {order.order_id: order.filled for order in book.record.orders}
        return [o.order_id for o in book.live if o.filled > known.get(o.order_id, o.filled)]

    def _in_request(self, effect: Effect) -> Collection[str]:
        """The orders of the request that caused this effect whose amends were, or may be, refused.

        The exchange refuses at once; what it accepts may take effect a moment later.
        """
        if effect.at_ms != self.ledger.request_ms + self._effect_delay_ms:
            return ()
        return [item.get("orderId", "") for item in self.ledger.request_items]

    def _not_shrunk(self, book: Book, orders: Collection[str]) -> Decimal:
        """How much of these orders should have shrunk and did not; each order counts once.

        An amend that was on its way when the rules changed may have been refused as well.
        """
        live = {order.order_id: order.leaves for order in book.live}
        rules_ms = self.ledger.rules_ms.get(book.key.symbol, 0)
        excess: dict[str, Decimal] = {}
        for intent in book.open_intents():
            on_its_way = self.ledger.announced_ms[intent.id] < rules_ms
            shrinks = intent.operation is Operation.AMEND and intent.shrinks
            if shrinks and (on_its_way or intent.order_id in orders):
                known = excess.get(intent.order_id, ZERO)
                more = live.get(intent.order_id, ZERO) - intent.covers
                excess[intent.order_id] = max(known, more)
        return sum(excess.values(), ZERO)
