"""P4: no write of ours lowers the cover below its floor, except where an order has to go.

A write that takes the cover below the floor (see :mod:`.bounds`) leaves a gap. A gap is
excused

- by orders that had to go: the exchange said that the order cannot be amended, or it has filled in
  part and its level is complete, or will be by what other orders of it can grow to, or it is above
  the largest order that the exchange allows now, at a price that no level has, or more than the
  position rested, and it has filled as much as that largest order;
- by an order that shrank from above the largest order that the exchange allows now to that, where
  more than the position rested, as far as the engine was shown;
- by orders in excess: if more orders are live than the targets need, as many as are too many;
- by growth of an order that an earlier amend of ours asked for, that no read can have shown,
  and that is not on record as confirmed: the promise is about what rests for sure;
- by growth and places in open intents that were announced shortly before: they are on their way,
  and what had to go is replaced, too. :mod:`.covered_again` says by when. Those count as well that
  the exchange refused since, as it had not carried out yet what makes room for them.
"""

from datetime import timedelta
from decimal import Decimal
from math import ceil

from trueup.domain.model.commands import Operation
from trueup.domain.model.instrument import ZERO
from trueup.domain.model.intent import Intent, IntentStatus
from trueup.simulator import SimOrder

from ...ledger.book import Book
from ...ledger.effects import Effect, Impact
from ...ledger.ledger import Cause
from ...scene.scene import Scene
from .bounds import CoverPromise

_IN_TURN_MS = 5_000
"""A run sends one request after the other."""
_NO_ROOM = 110017
_UNPROVEN = (IntentStatus.SENT, IntentStatus.UNKNOWN)


class NoNakedMoment(CoverPromise):
    """No write of ours opens a gap in the cover without need."""

    name = "P4 no naked moment"

    def set_scene(self, scene: Scene) -> None:
        """Also takes for how long a request may take effect."""
        super().set_scene(scene)
        requests_ms = scene.lateness.requests // timedelta(milliseconds=1)
        self._on_its_way_ms = requests_ms + _IN_TURN_MS

    def on_effect(self, effect: Effect) -> None:
        """Checks every monitor whose orders a write of ours cut."""
        if effect.cause is Cause.WORLD:
            return
        for impact in effect.impacts:
            if impact.cut > 0 and not self.is_late(effect, impact):
                self._check(impact, effect.at_ms)

    def _check(self, impact: Impact, at_ms: int) -> None:
        book, dip = impact.book, self.below(impact, at_ms)
        if not dip or self._gives_way(book):
            return
        dip -= self._unavoidable(impact, at_ms) + self._unproven(impact, at_ms)
        if dip > self._coming(book, at_ms):
            self.broken(
                book.key,
                f"a write of ours left {book.leaves} covered, "
                f"where {book.leaves + dip} was covered and open",
            )

    def _gives_way(self, book: Book) -> bool:
        """Whether a close that is under way needs the room that the ladder has.

        Some exchanges count what rests against it; what is left is covered again after it.
        """
        return book.record.closing.open is not None

    def below(self, impact: Impact, at_ms: int) -> Decimal:
        """How far a write of ours took the cover below the floor."""
        book = impact.book
        before = impact.before - impact.filled - self.unseen(book, book.raised, at_ms)
        floor = min(before, *self.bound_sizes(book, at_ms))
        if floor <= book.leaves:
            return ZERO
        return max(floor - self._unshown(book, at_ms) - book.leaves, ZERO)

    def _unshown(self, book: Book, at_ms: int) -> Decimal:
        """How much less rests than the engine was shown: what filled, or others took off, since."""
        return self.unseen(book, book.lost, at_ms) + self.unseen_fills(book, at_ms)

    def _unavoidable(self, impact: Impact, at_ms: int) -> Decimal:
        """The quantity that had to be cancelled because nothing else could be done with it.

        Of orders in excess the largest are counted, in the engine's favour.
        """
        book = impact.book
        live = {order.order_id for order in book.live}
        gone, others = ZERO, list[Decimal]()
        for order, cut in impact.cuts:
            if order.order_id in live:
                gone += cut if self._is_largest(impact, order, at_ms) else ZERO
                continue
            if self._must_go(book, order) or self._is_outgrown(impact, order, at_ms):
                gone += cut
            else:
                others.append(cut)
        others.sort()
        too_many = max(len(book.record.resting) - self._wanted(book), 0)
        return gone + sum(others[len(others) - min(too_many, len(others)) :], ZERO)

    def _unproven(self, impact: Impact, at_ms: int) -> Decimal:
        """What was taken off again of growth that was asked for, and that no read can have shown.

        The order covered no more for sure: an amend may be accepted and not take effect.
        """
        since, back = self.shown_since(impact.book, at_ms), ZERO
        asked = {i.order_id for i in impact.book.open_intents() if i.status in _UNPROVEN}
        for order, cut in impact.cuts:
            past = self.ledger.past[order.order_id]
            shown = [one.leaves for one in past if one.updated_ms < since][-1:]
            if order.order_id in asked and shown:
                back += min(cut, max(order.leaves - shown[0], ZERO))
        return back

    def _must_go(self, book: Book, order: SimOrder) -> bool:
        """Whether no amend makes the order what its level needs."""
        return (
            order.order_id in book.unamendable
            or (order.filled > 0 and self._has_enough(book, self._level(book, order)))
            or self._has_to_move(book, order)
        )

    def _has_to_move(self, book: Book, order: SimOrder) -> bool:
        """Whether the order is above the largest allowed now, at a price that no level has.

        With what has filled of it, no amend may bring it to a level: several orders take its place.
        """
        ladder = book.record.ladder
        levels = ladder.levels if ladder else ()
        is_at_a_level = any(level.price == order.price for level in levels)
        return order.quantity > self.largest(book) and not is_at_a_level

    def _is_largest(self, impact: Impact, order: SimOrder, at_ms: int) -> bool:
        """Whether more than the position rested, and the order shrank to the largest allowed now.

        It cannot stay between that and what it was, above the maximum: no amend makes it so.
        """
        now = self.ledger.orders[order.order_id]
        is_largest = order.quantity > now.quantity == self.largest(impact.book)
        return is_largest and self._is_above(impact, at_ms)

    def _is_outgrown(self, impact: Impact, order: SimOrder, at_ms: int) -> bool:
        """Whether more than the position rested, and the order has filled the largest allowed now.

        No amend changes it any more, so other orders take its place.
        """
        return order.filled >= self.largest(impact.book) and self._is_above(impact, at_ms)

    def _is_above(self, impact: Impact, at_ms: int) -> bool:
        return self._shown(impact, at_ms) > max(self.sizes(impact.book, at_ms))

    def _shown(self, impact: Impact, at_ms: int) -> Decimal:
        """The most that rested as far as the engine was shown.

        A read of the position may show a fill that the orders, read before it, do not.
        """
        return impact.before - impact.filled + self._unshown(impact.book, at_ms)

    def _has_enough(self, book: Book, level: int) -> bool:
        """Whether others cover the level, or can: a partly filled order can serve no other one."""
        others = [order for order in book.live if self._level(book, order) == level]
        can = sum((self._can_cover(book, order) for order in others), ZERO)
        return can >= book.targets.get(level, ZERO)

    def _can_cover(self, book: Book, order: SimOrder) -> Decimal:
        """The most that amends can make of the order: with its fills, the largest allowed now."""
        return max(order.leaves, self.largest(book) - order.filled)

    def _wanted(self, book: Book) -> int:
        """How many orders the targets need: the exchange's maximum splits some of them.

        The engine may know the maximum now or, until a write is refused by it, the one before.
        """
        known = {self.largest(book), self.largest_before(book)}
        return min(sum(self._needed(book, level, most) for level in book.targets) for most in known)

    def _needed(self, book: Book, level: int, most: Decimal) -> int:
        """How many orders the level needs: one above the maximum stays, and is one all the same."""
        live = [order for order in book.live if self._level(book, order) == level]
        above = [order.leaves for order in live if order.quantity > most]
        rest = book.targets[level] - sum(above, ZERO)
        return len(above) + ceil(max(rest, ZERO) / most)

    def _level(self, book: Book, order: SimOrder) -> int:
        claim = self.ledger.claim_on(book.key.account, order)
        return 0 if claim is None else claim.level

    def _coming(self, book: Book, at_ms: int) -> Decimal:
        """What new intents add to the cover; of several for one order only the largest counts."""
        growth: dict[str, Decimal] = {}
        for intent in (*book.open_intents(), *self._too_early(book)):
            if at_ms - self.ledger.announced_ms[intent.id] > self._on_its_way_ms:
                continue
            rests = intent.covered if intent.operation is Operation.AMEND else ZERO
            known = growth.get(intent.order_link_id, ZERO)
            growth[intent.order_link_id] = max(known, intent.covers - rests)
        return sum(growth.values(), ZERO)

    def _too_early(self, book: Book) -> tuple[Intent, ...]:
        """Those that the exchange refused for want of room: the shrink beside them may come yet."""
        return tuple(
            intent
            for intent in book.intents.values()
            if intent.status is IntentStatus.REFUSED and intent.code == _NO_ROOM
        )
