"""P12: a runner is left to a trailing stop that is really there, and is as large as it should be.

The judge reckons the runner by itself: the share that the levels leave of what is open and what
they have filled. It knows from the exchange whether the stop of the position trails.
"""

from decimal import Decimal

from trueup.domain.model.record import MonitorRecord, RunOutcome, StateName
from trueup.domain.store import Step

from ...ledger.book import Book
from ..cover.runner_share import runner_of
from .truths import StopPromise

_GOOD = (RunOutcome.IN_SYNC, RunOutcome.SUCCESS)
_RUNNER = "the runner's"


class RunnerTrails(StopPromise):
    """A run that ends well leaves no part of the position to a runner without a trailing stop.

    At rest the last alert says so where the stop does not trail.
    """

    name = "P12 a runner trails"

    def on_commit(self, step: Step, before: MonitorRecord, at_ms: int) -> None:
        """Checks the end of a run that succeeded."""
        del before
        last = step.transitions[-1] if step.transitions else None
        if last is None or last.target is not StateName.IDLE:
            return
        if step.record.last_outcome not in _GOOD:
            return
        book = self.ledger.books[step.record.key]
        at_ms = self.ledger.decided_ms(book.key, at_ms)
        window = self.window(book, at_ms)
        if not window or any(held.stop.trailing or not held.size for held in window):
            return
        lost = self.unseen(book, book.lost, at_ms) + self.unseen_fills(book, at_ms)
        size = min(self.sizes(book, at_ms))
        self._check(book, step.record, size, size - book.leaves - lost, "a successful run left")

    def at_rest(self, book: Book, at_ms: int) -> None:
        """Checks the exchange as it is, unless the last alert says what the runner waits for."""
        del at_ms
        now = book.protection.now
        if now is None or not now.size or now.stop.trailing:
            return
        alerts = [alert for alert in self.ledger.alerts if alert.key == book.key]
        last = alerts[-1] if alerts else None
        is_said = last is not None and last.status not in _GOOD and _RUNNER in last.text
        # A ladder that cannot be followed leaves nothing to a runner: the alert says why it cannot.
        is_skipped = last is not None and last.status is RunOutcome.SKIPPED
        if not (is_said or is_skipped):
            self._check(book, book.record, book.size, book.size - book.leaves, "there rests")

    def _check(
        self, book: Book, record: MonitorRecord, size: Decimal, bare: Decimal, who: str
    ) -> None:
        if min(runner_of(record, size), bare) >= self.step_of(book):
            self.broken(book.key, f"{who} {bare} of {size} to a runner, and no stop trails")
