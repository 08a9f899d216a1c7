"""The meter: every interval that a write of ours caused, without any excuse.

A write *causes* an interval above if it takes effect (at once, late, or held up on its way) by
growing or placing an owned order, and the owned live quantity is above the true position
afterwards. It causes one below if it takes effect by cutting or cancelling an owned order, and the
covered quantity is less afterwards than it had been: covered is the owned live quantity, the
position at the most.

An interval above ends as soon as the owned live quantity is within the position again; one below,
when what had been covered is covered again, less what has filled or was taken by others since.
What ends within the millisecond in which it began is not counted: the items of one batch take
effect one after the other.
"""

from collections.abc import Callable
from decimal import Decimal

from trueup.domain.model.identity import MonitorKey
from trueup.domain.model.instrument import ZERO
from trueup.domain.model.record import MonitorRecord
from trueup.domain.store import Step

from ..histories.history import History
from ..histories.play import play
from ..judge.promise import Promise
from ..ledger.book import Book
from ..ledger.effects import Effect, Impact
from ..ledger.ledger import Cause, Ledger
from .interval import Interval, OpenInterval, Side


def metered(history: History) -> tuple[Interval, ...]:
    """Plays a history, and returns every interval that writes of ours caused."""
    meters: list[Meter] = []

    def make(ledger: Ledger, found: Callable[[str, MonitorKey | str, str], None]) -> Meter:
        meters.append(Meter(ledger, found))
        return meters[-1]

    play(history, promises=(make,))
    return tuple(interval for meter in meters for interval in meter.intervals)


class Meter(Promise):
    """Measures; it never calls a promise broken.

    Attributes:
        intervals: those that have ended; every interval ends when the history has settled.
    """

    name = "meter"

    def __init__(self, ledger: Ledger, found: Callable[[str, MonitorKey | str, str], None]) -> None:
        super().__init__(ledger, found)
        self.intervals: list[Interval] = []
        self._above: dict[MonitorKey, OpenInterval] = {}
        self._below: dict[MonitorKey, OpenInterval] = {}
        self._goal: dict[MonitorKey, Decimal] = {}

    def on_effect(self, effect: Effect) -> None:
        """Begins, measures and ends the intervals of the monitors that changed."""
        ours = effect.cause is not Cause.WORLD
        for impact in effect.impacts:
            self._lower_goal(impact)
            self._measure(impact.book, effect.at_ms)
            if ours:
                self._begin(impact, effect.at_ms)

    def on_commit(self, step: Step, before: MonitorRecord, at_ms: int) -> None:
        """A commit may make orders owned, or owned no longer: the cover changes with it."""
        del before
        self._measure(self.ledger.books[step.record.key], at_ms)

    def at_rest(self, book: Book, at_ms: int) -> None:
        """Ends what is still open."""
        for open_intervals in (self._above, self._below):
            self._end(open_intervals, book.key, at_ms)

    def _begin(self, impact: Impact, at_ms: int) -> None:
        book, key = impact.book, impact.book.key
        if impact.lifted > 0 and key not in self._above and book.leaves > book.size:
            self._above[key] = OpenInterval(Side.ABOVE, at_ms, _excess(book))
        had = min(impact.before - impact.filled - impact.removed, book.size)
        if impact.cut > 0 and key not in self._below and book.leaves < had:
            self._goal[key] = had
            self._below[key] = OpenInterval(Side.BELOW, at_ms, _gap(book, had))

    def _lower_goal(self, impact: Impact) -> None:
        """What fills, or is taken by others, is no longer missed."""
        if impact.book.key in self._goal:
            self._goal[impact.book.key] -= impact.filled + impact.removed

    def _measure(self, book: Book, at_ms: int) -> None:
        key = book.key
        if (above := self._above.get(key)) is not None:
            above.moves_to(_excess(book), at_ms)
            if book.leaves <= book.size:
                self._end(self._above, key, at_ms)
        if (below := self._below.get(key)) is not None:
            gap = _gap(book, self._goal[key])
            below.moves_to(gap, at_ms)
            if gap <= 0:
                self._end(self._below, key, at_ms)
                del self._goal[key]

    def _end(
        self, open_intervals: dict[MonitorKey, OpenInterval], key: MonitorKey, at_ms: int
    ) -> None:
        ending = open_intervals.pop(key, None)
        if ending is not None and (interval := ending.ended(at_ms)).length_ms > 0:
            self.intervals.append(interval)


def _excess(book: Book) -> Decimal:
    """By how much more is on offer than is open, as a share of the largest size there was.

    The position itself may be gone, and then no share of it could be stated.
    """
    largest = max((size.quantity for size in book.sizes), default=ZERO)
    return max(book.leaves - book.size, ZERO) / largest if largest else ZERO


def _gap(book: Book, had: Decimal) -> Decimal:
    """How much of the position is bare that had been covered, as a share of the position."""
    gap = min(had, book.size) - book.leaves
    return max(gap, ZERO) / book.size if book.size else ZERO
