"""P3 and P4 during a run: the bounds between which a write of ours may move the cover.

The *cover* is the unfilled quantity of all owned live orders. A write is decided on a read of the
exchange, so its bounds follow from what that read could show:

- the **floor** is the least of the cover before the write, of the position, and of every size
  that was shown to us since that read;
- the **ceiling** is the largest of those position sizes.

What that read could not show moves the bounds: fills, and changes of our orders by others. They
count from when the list of orders was answered that the engine had read before the position:
whatever came between the two, such as more pages, a late reply, or a limit of requests. Lagging and
stale reads count from the moment that they show. A fill that was on record when the write left is
no excuse.

:class:`~.no_naked_moment.NoNakedMoment` holds writes to the floor,
:class:`~.not_above.NotAbove` to the ceiling. A request that was held up on its way
(``LATE_EFFECT``) is held to neither: nobody can recall it. What is excused here must be made good
by the end of a successful run: see :mod:`.settled_cover`.
"""

from decimal import Decimal

from trueup.domain.model.commands import Operation
from trueup.domain.model.instrument import ZERO

from ...ledger.book import Book, ShownSize, TimedQuantity
from ...ledger.effects import Effect, Impact
from ...ledger.ledger import Cause
from ...scene.scene import Scene
from ..final_state import instrument_of
from ..promise import Promise
from .runner_share import runner_of

_STALE_MS = 10_000


class CoverPromise(Promise):
    """A promise about the cover: knows what the engine's reads could show, and what not."""

    def set_scene(self, scene: Scene) -> None:
        """Takes the exchange's delays, until a write takes effect and until reads show it."""
        self._most = {spec.symbol: spec.max_quantity for spec, _ in scene.instruments}
        self._steps = {spec.symbol: spec.step for spec, _ in scene.instruments}
        self._effect_delay_ms = scene.behaviour.effect_delay_ms
        self._lag_ms = scene.behaviour.visible_delay_ms

    def read_before(self, book: Book, at_ms: int) -> int:
        """When the engine last saw the position early enough to have caused this effect."""
        shown = self._shown_before(book, at_ms)
        return shown.at_ms if shown else 0

    def orders_read_before(self, book: Book, at_ms: int) -> int:
        """When the orders were answered that it had read before that."""
        shown = self._shown_before(book, at_ms)
        return shown.orders_ms if shown else 0

    def _shown_before(self, book: Book, at_ms: int) -> ShownSize | None:
        limit = at_ms - self._effect_delay_ms
        return next((one for one in reversed(book.shown) if one.at_ms <= limit), None)

    def sizes(self, book: Book, at_ms: int) -> list[Decimal]:
        """The size of the position, and all that were shown since that read."""
        return [book.size, *self.ledger.since(book.shown, self.read_before(book, at_ms))]

    def bound_sizes(self, book: Book, at_ms: int) -> list[Decimal]:
        """The same sizes, without what no order has to cover: a runner whose stop trails."""
        return [size - self._runner(book, size, at_ms) for size in self.sizes(book, at_ms)]

    def _runner(self, book: Book, size: Decimal, at_ms: int) -> Decimal:
        """The most that a runner may be of that size, where a stop trails that closes it."""
        window = book.protection.since(self.shown_since(book, at_ms))
        if not any(held.stop.trailing for held in window):
            return ZERO
        part = runner_of(book.record, size)
        return min(part + self.step_of(book), size) if part else ZERO

    def step_of(self, book: Book) -> Decimal:
        """The larger one of the quantity steps that the contract has and had."""
        changed = self.ledger.rules.get(book.key.symbol)
        return max(self._steps[book.key.symbol], changed.step if changed else ZERO)

    def unseen(self, book: Book, dated: list[TimedQuantity], at_ms: int) -> Decimal:
        """The sum of the changes that that read cannot have shown.

        Changes count from when the orders were read, which is before the position, and from earlier
        where reads lag or were stale.
        """
        since = self.shown_since(book, at_ms)
        return sum((one.quantity for one in dated if one.at_ms >= since), ZERO)

    def shown_since(self, book: Book, at_ms: int) -> int:
        """As of when, at the earliest, the orders were shown that led to this effect."""
        since = self.orders_read_before(book, at_ms)
        for stale_ms, as_of_ms in self.ledger.stale.get(book.key.account, ()):
            if at_ms - stale_ms < _STALE_MS:
                since = min(since, as_of_ms)
        return since - self._lag_ms

    def unseen_fills(self, book: Book, at_ms: int) -> Decimal:
        """The same for fills, without those that were on record when the write left."""
        fills = self.unseen(book, book.filled, at_ms)
        known_by = at_ms - self._effect_delay_ms
        return min(fills, self.ledger.unknown_fills(book, known_by)) if fills else ZERO

    def is_late(self, effect: Effect, impact: Impact) -> bool:
        """Whether the effect may be that of a request of ours that was held up."""
        return effect.cause is Cause.DELAYED and self.may_be_late(impact.book, effect.at_ms)

    def may_be_late(self, book: Book, at_ms: int) -> bool:
        """Whether a request of ours may still be held up at that time."""
        return at_ms <= self.ledger.late_until.get(book.key.account, 0)

    def largest(self, book: Book) -> Decimal:
        """The largest order that the contract allows now."""
        changed = self.ledger.rules.get(book.key.symbol)
        return changed.max_quantity if changed else self.largest_before(book)

    def largest_before(self, book: Book) -> Decimal:
        """The largest order that the contract allowed before its rules changed, if they did."""
        return self._most[book.key.symbol]

    def off_step(self, book: Book, size: Decimal) -> Decimal:
        """How much less than a step of the changed rules may stay above a position of that size.

        Orders that rest off the new steps leave to the others what is no number of steps either.
        """
        changed = self.ledger.rules.get(book.key.symbol)
        if changed is None:
            return ZERO
        rules, covered = instrument_of(changed), book.record.covered
        off = _off_the_steps(book, rules.quantity_step)
        ups = (rules.rounded_up(size), rules.rounded_up(size - off) + off)
        return max((up - size for up in ups if covered >= up), default=ZERO)


def _off_the_steps(book: Book, step: Decimal) -> Decimal:
    """By how much the orders are above whole numbers of steps, together, with open amends done."""
    amends = (write for write in book.open_intents() if write.operation is Operation.AMEND)
    covers = {amend.order_link_id: amend.covers for amend in amends}
    resting = book.record.resting
    return sum((covers.get(o.order_link_id, o.remaining) % step for o in resting), ZERO)
