"""P4: no write of ours lowers the cover below its floor, except where an order has to go.

A write that takes the cover below the floor (see :mod:`.bounds`) leaves a gap. A gap is
excused

- by orders that had to go: the exchange refused to amend the order, its level should have none,
  another order stands for its part, it has filled in part and its level is complete, or it is
  above the largest order that the exchange allows now, at a price that no level has; or it
  could not shrink (its price breaks a rule, its amend was refused, or it has filled the largest
  order that is allowed now) though more than the position rested; or, where more than the position
  rested, it shrank from above the largest order that the exchange allows now to that;
- by orders in excess: if more orders are live than the targets need, as many as are too many;
- by growth and places in open intents that were announced shortly before: they are on their way.
  :mod:`.growth` says by when they must have arrived.
"""

from decimal import Decimal
from math import ceil

from trueup.domain.model.commands import Operation
from trueup.domain.model.instrument import ZERO
from trueup.simulator import SimOrder

from ...ledger.book import Book
from ...ledger.effects import Effect, Impact
from ...ledger.ledger import Cause
from ...scene.scene import Scene
from ..final_state import instrument_of
from .bounds import CoverPromise

_ON_ITS_WAY_MS = 30_000
"""A request may take effect for 5 s and reads lag for 15 s; a run sends one after the other."""


class NoNakedMoment(CoverPromise):
    """No write of ours opens a gap in the cover without need."""

    name = "P4 no naked moment"

    def set_scene(self, scene: Scene) -> None:
        """Also takes the largest order that each contract allows."""
        super().set_scene(scene)
        self._most = {spec.symbol: spec.max_quantity for spec, _ in scene.instruments}

    def on_effect(self, effect: Effect) -> None:
        """Checks every monitor whose orders a write of ours cut."""
        if effect.cause is Cause.WORLD:
            return
        for impact in effect.impacts:
            if impact.cut > 0 and not self.is_late(effect, impact):
                self._check(impact, effect.at_ms)

    def _check(self, impact: Impact, at_ms: int) -> None:
        book, dip = impact.book, self.dip(impact, at_ms)
        if dip > self._coming(book, at_ms):
            self.broken(
                book.key,
                f"a write of ours left {book.leaves} covered, "
                f"where {book.leaves + dip} was covered and open",
            )

    def dip(self, impact: Impact, at_ms: int) -> Decimal:
        """How far a write of ours took the cover below the floor, without what had to go."""
        book = impact.book
        sizes = self.sizes(book, at_ms)
        before = impact.before - impact.filled - self.unseen(book, book.raised, at_ms)
        floor = min(before, *sizes)
        if floor <= book.leaves:
            return ZERO
        floor -= self.unseen(book, book.lost, at_ms) + self.unseen_fills(book, at_ms)
        dip = floor - book.leaves
        return max(dip - self.unavoidable(impact, max(sizes)), ZERO) if dip > 0 else ZERO

    def unavoidable(self, impact: Impact, size: Decimal) -> Decimal:
        """The quantity that had to be cancelled because nothing else could be done with it.

        Of orders in excess the largest are counted, in the engine's favour.
        """
        book = impact.book
        live = {order.order_id for order in book.live}
        gone, others = ZERO, list[Decimal]()
        for order, cut in impact.cuts:
            if order.order_id in live:
                gone += cut if self._is_largest(impact, order, size) else ZERO
                continue
            if self._must_go(book, order) or self._cannot_shrink(impact, order, size):
                gone += cut
            else:
                others.append(cut)
        others.sort()
        known = max(impact.owned_before, len(book.record.resting))
        too_many = max(known - self._wanted(book), 0)
        return gone + sum(others[len(others) - min(too_many, len(others)) :], ZERO)

    def _must_go(self, book: Book, order: SimOrder) -> bool:
        """Whether no order may rest in its place, or another one already does."""
        part = self._part(book, order)
        return (
            order.order_id in book.unamendable
            or not book.targets.get(part[0], ZERO)
            or any(self._part(book, other) == part for other in book.live)
            or (order.filled > 0 and self._has_enough(book, part[0]))
            or self._has_to_move(book, order)
        )

    def _has_to_move(self, book: Book, order: SimOrder) -> bool:
        """Whether the order is above the largest allowed now, at a price that no level has.

        With what has filled of it, no amend may bring it to a level: several orders take its place.
        """
        ladder = book.record.ladder
        levels = ladder.levels if ladder else ()
        is_at_a_level = any(level.price == order.price for level in levels)
        return order.quantity > self._largest(book) and not is_at_a_level

    def _is_outgrown(self, book: Book, order: SimOrder) -> bool:
        """Whether it has filled the largest order: the exchange accepts no other quantity of it."""
        return order.filled >= self._largest(book)

    def _cannot_shrink(self, impact: Impact, order: SimOrder, size: Decimal) -> bool:
        """Whether more than the position rested, and an amend cannot make the order smaller.

        The exchange refused one; or it checks a price that breaks a rule now; or all orders at
        their smallest are more than the position.
        """
        if impact.before - impact.filled <= size:
            return False
        if order.order_id in impact.book.refused or self._is_outgrown(impact.book, order):
            return True
        changed = self.ledger.rules.get(order.symbol)
        rules = instrument_of(changed) if changed else None
        if rules is None or not rules.refuses(order.price):
            return False
        least = rules.smallest(order.price) * impact.owned_before
        return self.ledger.amends_check_price or least > size

    def _is_largest(self, impact: Impact, order: SimOrder, size: Decimal) -> bool:
        """Whether more than the position rested, and the order shrank to the largest allowed now.

        It cannot stay between that and what it was, above the maximum: no amend makes it so.
        """
        if impact.before - impact.filled <= size:
            return False
        now = self.ledger.orders[order.order_id]
        return order.quantity > now.quantity == self._largest(impact.book)

    def _has_enough(self, book: Book, level: int) -> bool:
        """Whether the level has all its orders; a partly filled one can serve no other level."""
        target = book.targets.get(level, ZERO)
        others = [o.leaves for o in book.live if self._part(book, o)[0] == level]
        return len(others) >= ceil(target / self._largest(book)) or sum(others, ZERO) >= target

    def _largest(self, book: Book) -> Decimal:
        """The largest order that the contract allows now."""
        changed = self.ledger.rules.get(book.key.symbol)
        return changed.max_quantity if changed else self._most[book.key.symbol]

    def _wanted(self, book: Book) -> int:
        """How many orders the targets need: the exchange's maximum splits some of them."""
        most = self._largest(book)
        return sum(ceil(quantity / most) for quantity in book.targets.values())

    def _part(self, book: Book, order: SimOrder) -> tuple[int, int]:
        claim = self.ledger.claim_on(book.key.account, order)
        return (0, 0) if claim is None else (claim.level, claim.part)

    def _coming(self, book: Book, at_ms: int) -> Decimal:
        """What new intents add to the cover; of several for one order only the largest counts."""
        growth: dict[str, Decimal] = {}
        for intent in book.open_intents():
            if at_ms - self.ledger.announced_ms[intent.id] > _ON_ITS_WAY_MS:
                continue
            rests = intent.covered if intent.operation is Operation.AMEND else ZERO
            known = growth.get(intent.order_link_id, ZERO)
            growth[intent.order_link_id] = max(known, intent.covers - rests)
        return sum(growth.values(), ZERO)
