"""P3 and P4 on the way: no write of ours uncovers what it need not, or covers what is not there.

The floor of a write's effect is the least of: what was covered before it, less what it filled;
the position, true or as shown to us, at any time since the read that the write can be made from.
What fills, other hands and the exchange took from our orders, or hands added to them, since that
read is taken off: it did not show it. Its orders were read before the position, by no more than a
second; where reads lag it is from before. A fill that was on record when the write left is not
taken off.
Taking cover off the book below that floor is a dip. A dip is allowed where

- the order was cancelled because the exchange had refused to amend it, because its level shall
  have none, or because its part has another; or because there are more live orders than the
  targets come to, for as many as are too many;
- as much is on its way to the book: growth and places in intents that are committed and open.

The ceiling is the most of the same positions, less the fills since then that were on record, plus
what other hands added to our orders since, and what was to shrink and did not: for an amend, what
was refused in the same request (batches are not atomic); for a place, what the exchange had
acknowledged to shrink and a fill overtook. No effect of ours may lift the cover above it. What a
request does that was held up on its way (``LATE_EFFECT``) is held to neither: nobody can recall it.

All that is excused here is made good when a pass comes out: see :mod:`.settling`.
"""

from collections.abc import Collection
from decimal import Decimal
from math import ceil

from trueup.domain.model.commands import Operation
from trueup.domain.model.instrument import ZERO
from trueup.simulator import SimOrder

from ..ledger.effects import Effect, Impact
from ..ledger.ledger import Book, Cause, TimedQuantity
from ..scene.scene import Scene
from .promise import Promise

_STALE_MS = 10_000
_APART_MS = 1000
_PAGES = 5


class CoverPromise(Promise):
    """What cover is held to: the positions and changes that the engine's reads could not show."""

    def set_scene(self, scene: Scene) -> None:
        """Takes how long writes take to have an effect, and how far reads lag."""
        self._effect_delay_ms = scene.behaviour.effect_delay_ms
        # Orders are read some requests before the position.
        self._lag_ms = scene.behaviour.visible_delay_ms + _PAGES * 2 * scene.latency_ms

    def read_before(self, book: Book, at_ms: int) -> int:
        """When the position was last shown to us early enough to have led to this effect."""
        limit = at_ms - self._effect_delay_ms
        for shown in reversed(book.shown):
            if shown.at_ms <= limit:
                return shown.at_ms
        return 0

    def sizes(self, book: Book, at_ms: int) -> list[Decimal]:
        """The position, true and as shown, since that read."""
        since, ledger = self.read_before(book, at_ms), self.ledger
        return ledger.since(book.sizes, since) + ledger.since(book.shown, since) or [ZERO]

    def unseen(self, book: Book, dated: list[TimedQuantity], at_ms: int) -> Decimal:
        """What happened since that read, or before it where reads lag: the engine cannot know.

        The orders that belong to it were read before the position, but not long before.
        """
        read_ms = self.read_before(book, at_ms)
        since = max(book.listed_before(read_ms), read_ms - _APART_MS)
        for told_ms, as_of_ms in self.ledger.stale.get(book.key.account, ()):
            if at_ms - told_ms < _STALE_MS:
                since = min(since, as_of_ms)
        since -= self._lag_ms
        return sum((one.quantity for one in dated if one.at_ms >= since), ZERO)

    def unseen_fills(self, book: Book, at_ms: int) -> Decimal:
        """The same for fills: what was on record when the write left was known."""
        fills = self.unseen(book, book.filled, at_ms)
        known_by = at_ms - self._effect_delay_ms
        return min(fills, self.ledger.unknown_fills(book, known_by)) if fills else ZERO

    def is_late(self, effect: Effect, impact: Impact) -> bool:
        """Whether the effect is, or may be, of a request that was held up."""
        return effect.cause is Cause.CLOCK and self.may_be_late(impact.book, effect.at_ms)

    def may_be_late(self, book: Book, at_ms: int) -> bool:
        """Whether a request of ours may still be held up."""
        return at_ms <= self.ledger.late_until.get(book.key.account, 0)


class NoNakedMoment(CoverPromise):
    """No write of ours lowers the cover below its floor without need."""

    name = "P4 no naked moment"

    def set_scene(self, scene: Scene) -> None:
        """Takes the largest orders, too."""
        super().set_scene(scene)
        self._most = {spec.symbol: spec.max_quantity for spec, _ in scene.instruments}

    def on_effect(self, effect: Effect) -> None:
        """Weighs what was cut."""
        if effect.cause is Cause.WORLD:
            return
        for impact in effect.impacts:
            if impact.cut > 0 and not self.is_late(effect, impact):
                self._check(impact, effect.at_ms)

    def _check(self, impact: Impact, at_ms: int) -> None:
        book = impact.book
        sizes = self.sizes(book, at_ms)
        before = impact.before - impact.filled - self.unseen(book, book.raised, at_ms)
        floor = min(before, *sizes)
        if floor <= book.leaves:
            return
        floor -= self.unseen(book, book.lost, at_ms) + self.unseen_fills(book, at_ms)
        dip = floor - book.leaves
        if dip <= 0:
            return
        dip -= self._unavoidable(impact)
        coming = sum(
            (
                max(intent.covers - intent.covered, ZERO)
                if intent.operation is Operation.AMEND
                else intent.covers
                for intent in book.open_intents()
            ),
            ZERO,
        )
        if dip > coming:
            self.broken(
                book.key,
                f"a write of ours left {book.leaves} covered, where {floor} was covered and open",
            )

    def _unavoidable(self, impact: Impact) -> Decimal:
        """What was cancelled because nothing else could be done with it.

        Of more orders than shall rest, as many as there are too many: the largest, to be mild.
        """
        live = {order.order_id for order in impact.book.live}
        cancelled = [(order, cut) for order, cut in impact.cuts if order.order_id not in live]
        others = sorted(cut for order, cut in cancelled if not self._must_go(impact.book, order))
        known = max(impact.owned_before, len(impact.book.record.resting))
        too_many = max(known - self._wanted(impact.book), 0)
        gone = sum((cut for order, cut in cancelled if self._must_go(impact.book, order)), ZERO)
        return gone + sum(others[len(others) - min(too_many, len(others)) :], ZERO)

    def _must_go(self, book: Book, order: SimOrder) -> bool:
        """Whether no order may rest in its place, or another does."""
        part = self._part(book, order)
        return (
            order.order_id in book.unamendable
            or not book.targets.get(part[0], ZERO)
            or any(self._part(book, other) == part for other in book.live)
            or (order.filled > 0 and self._has_enough(book, part[0]))
        )

    def _has_enough(self, book: Book, level: int) -> bool:
        """Whether the level has its orders; one of it that has filled can serve no other."""
        wanted = ceil(book.targets.get(level, ZERO) / self._most[book.key.symbol])
        return sum(self._part(book, other)[0] == level for other in book.live) >= wanted

    def _wanted(self, book: Book) -> int:
        """How many orders the targets come to: the exchange's maximum splits some."""
        most = self._most[book.key.symbol]
        return sum(ceil(quantity / most) for quantity in book.targets.values())

    def _part(self, book: Book, order: SimOrder) -> tuple[int, int]:
        claim = self.ledger.claim_on(book.key.account, order)
        return (0, 0) if claim is None else (claim.level, claim.part)


class NotAbove(CoverPromise):
    """No write of ours lifts the owned live quantity above the position."""

    name = "P3 not above the position"

    def on_effect(self, effect: Effect) -> None:
        """Weighs what was lifted."""
        if effect.cause is Cause.WORLD:
            return
        for impact in effect.impacts:
            if impact.lifted > 0 and not self.is_late(effect, impact):
                self._check(impact, effect.at_ms, effect.cause)

    def _check(self, impact: Impact, at_ms: int, cause: Cause) -> None:
        book = impact.book
        if book.leaves <= book.size:
            return
        most = max(self.sizes(book, at_ms)) - self._known_fills(book, at_ms)
        ceiling = max(most, book.size)
        late = self._overtaken(book)
        refused = () if impact.placed else self._refused(book, cause)
        ceiling += self._not_shrunk(book, {*late, *refused})
        if book.leaves > ceiling + self.unseen(book, book.raised, at_ms):
            self.broken(
                book.key,
                f"a write of ours lifted the cover to {book.leaves} of a position of {ceiling}",
            )

    def _known_fills(self, book: Book, at_ms: int) -> Decimal:
        """What filled since that read, and was on record: the position is smaller by as much."""
        read_ms = self.read_before(book, at_ms)
        if at_ms - self.ledger.misread_ms.get(book.key.account, -_STALE_MS) >= _STALE_MS:
            read_ms = book.viewed_as_of(read_ms)
        filled = sum((one.quantity for one in book.filled if one.at_ms > read_ms), ZERO)
        known_by = at_ms - self._effect_delay_ms
        return max(filled - self.ledger.unknown_fills(book, known_by), ZERO) if filled else ZERO

    def _refused(self, book: Book, cause: Cause) -> Collection[str]:
        """The orders whose amend is refused in the request that this effect is of.

        An effect within the request is of the whole of it; later ones come one by one, when it is
        known which the exchange refused.
        """
        if cause is Cause.REQUEST:
            return [item.get("orderId", "") for item in self.ledger.request]
        return book.unamendable

    def _overtaken(self, book: Book) -> Collection[str]:
        """The orders that filled unknown to us: their amend may have come too late."""
        known = {order.order_id: order.filled for order in book.record.orders}
        return [o.order_id for o in book.live if o.filled > known.get(o.order_id, o.filled)]

    def _not_shrunk(self, book: Book, orders: Collection[str]) -> Decimal:
        """What was to shrink of these orders and did not."""
        live = {order.order_id: order.leaves for order in book.live}
        return sum(
            (
                max(live.get(intent.order_id, ZERO) - intent.covers, ZERO)
                for intent in book.open_intents()
                if intent.operation is Operation.AMEND
                and intent.covers < intent.covered
                and intent.order_id in orders
            ),
            ZERO,
        )
