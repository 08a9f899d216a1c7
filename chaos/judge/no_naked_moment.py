"""P4."""

from decimal import Decimal
from math import ceil

from trueup.domain.model.commands import Operation
from trueup.domain.model.instrument import ZERO
from trueup.simulator import SimOrder

from ..ledger.book import Book
from ..ledger.effects import Effect, Impact
from ..ledger.ledger import Cause
from ..scene.scene import Scene
from .cover_bounds import CoverPromise


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
