"""P3 when a pass settles: what the way there was excused for is made good by then.

On the way a dip is excused where an order must go, and a lift where another did not shrink. A pass
that came out (``IN_SYNC``, ``SUCCESS``) has read the exchange after its last write and had nothing
left to do: then the cover is the position, less what the exchange's minimums make impossible. What
that read could not show is taken off, as on the way.
"""

from decimal import Decimal

from trueup.domain.model.record import MonitorRecord, RunOutcome, StateName
from trueup.domain.planning.targets import progress_of, targets_for
from trueup.domain.ports import Step

from ..ledger.book import Book
from ..scene.scene import Scene
from .cover_bounds import CoverPromise
from .final_state import instrument_of

_GOOD = (RunOutcome.IN_SYNC, RunOutcome.SUCCESS)


class WholeWhenSettled(CoverPromise):
    """Held against the commit that ends a pass which came out."""

    name = "P3 whole when it settles"

    def set_scene(self, scene: Scene) -> None:
        """Takes the instruments' rules, too."""
        super().set_scene(scene)
        self._effect_delay_ms = 0  # its last read came after its last effect
        self._specs = {spec.symbol: spec for spec, _ in scene.instruments}

    def on_commit(self, step: Step, before: MonitorRecord, at_ms: int) -> None:
        """The pass ends: what rests is what was open."""
        del before
        last = step.transitions[-1] if step.transitions else None
        if last is None or last.target is not StateName.IDLE:
            return
        book = self.ledger.books[step.record.key]
        if step.record.last_outcome in _GOOD and not self.may_be_late(book, at_ms):
            self._check(step.record, book, at_ms)

    def _check(self, record: MonitorRecord, book: Book, at_ms: int) -> None:
        sizes = self.sizes(book, at_ms)
        least, most = min(sizes), max(sizes)
        if least <= book.leaves <= most:
            return
        lost = self.unseen(book, book.lost, at_ms) + self.unseen_fills(book, at_ms)
        floor = least - lost - self._impossible(record, least)
        ceiling = most + self.unseen(book, book.raised, at_ms)
        if not floor <= book.leaves <= ceiling:
            self.broken(
                book.key,
                f"a pass came out with {book.leaves} covered, where {floor} to {ceiling} was open",
            )

    def _impossible(self, record: MonitorRecord, size: Decimal) -> Decimal:
        """What no order can cover."""
        if record.ladder is None:
            return size
        instrument = instrument_of(self._specs[record.key.symbol])
        return targets_for(record.ladder, size, progress_of(record), instrument).uncovered
