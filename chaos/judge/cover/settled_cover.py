"""P3 when a run settles: what was excused on the way has been made good.

During a run a gap is excused where an order has to go, and an excess where another order did not
shrink. A run that ends as ``IN_SYNC`` or ``SUCCESS`` has read the exchange after its last write and
found nothing left to do: the cover must then be the position, less what the exchange's minimums
make impossible, and less what waits for a market that has passed it (:mod:`.beyond_market`). What
that last read could not show is excused here, too.
"""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from trueup.domain.model.instrument import ZERO
from trueup.domain.model.record import MonitorRecord, RunOutcome, StateName
from trueup.domain.planning.targets import Targets
from trueup.domain.store import Step
from trueup.simulator import InstrumentSpec

from ...ledger.book import Book
from ...ledger.ledger import Ledger
from ...scene.scene import Scene
from ..final_state import wanted_of
from .beyond_market import Markets
from .bounds import CoverPromise

_GOOD = (RunOutcome.IN_SYNC, RunOutcome.SUCCESS)


class WholeWhenSettled(CoverPromise):
    """Checked against the commit that ends a successful run."""

    name = "P3 whole when it settles"

    def set_scene(self, scene: Scene) -> None:
        """Also takes the contracts' rules."""
        super().set_scene(scene)
        self._effect_delay_ms = 0  # a run reads again after its last write took effect
        self._specs = {spec.symbol: spec for spec, _ in scene.instruments}
        self._markets = Markets(self.ledger, scene)

    def on_commit(self, step: Step, before: MonitorRecord, at_ms: int) -> None:
        """Checks the cover at the end of a run."""
        del before
        last = step.transitions[-1] if step.transitions else None
        if last is None or last.target is not StateName.IDLE:
            return
        book = self.ledger.books[step.record.key]
        if step.record.last_outcome in _GOOD:
            self._check(step.record, book, self.ledger.decided_ms(book.key, at_ms))

    def _check(self, record: MonitorRecord, book: Book, at_ms: int) -> None:
        sizes = self.sizes(book, at_ms)
        least, most = min(sizes), max(sizes)
        if least <= book.leaves <= most:
            return
        lost = self.unseen(book, [*book.lost, *book.cut_late], at_ms)
        lost += self.unseen_fills(book, at_ms)
        floor = min(least, self._possible(record, least)) - lost
        if book.leaves < floor:
            floor -= max(
                self._markets.may_wait(book, targets, at_ms)
                for targets in self._targets(record, least)
            )
        ceiling = max(most, self._possible(record, most)) + self.unseen(book, book.raised, at_ms)
        if not floor <= book.leaves <= ceiling:
            self.broken(
                book.key,
                f"a successful run left {book.leaves} covered where {floor} to {ceiling} was right",
            )

    def _targets(self, record: MonitorRecord, size: Decimal) -> Iterator[Targets | None]:
        """The targets by the rules now, and by those before: the engine may know either."""
        spec, known = self._specs[record.key.symbol], replace(record, position_size=size)
        for as_changed in (True, False):
            wanted = wanted_of(known, self.ledger, spec, as_changed=as_changed)
            yield wanted.all if wanted else None

    def _possible(self, record: MonitorRecord, size: Decimal) -> Decimal:
        return possible_cover(record, size, self.ledger, self._specs[record.key.symbol])


def possible_cover(
    record: MonitorRecord, size: Decimal, ledger: Ledger, spec: InstrumentSpec
) -> Decimal:
    """How much orders can cover of a position of that size.

    More than the size where the contract's rules let nothing smaller take an order's place.
    """
    wanted = wanted_of(replace(record, position_size=size), ledger, spec)
    orders = wanted.all.orders if wanted else ()
    return sum((order.quantity for order in orders), ZERO)
