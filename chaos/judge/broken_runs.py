"""P8 and P11: no run breaks by itself, and one that a history breaks is an alerted failure."""

from trueup.domain.model.record import MonitorRecord
from trueup.domain.store import Step

from ..ledger.book import Book
from .on_record import NeverSilent
from .promise import Promise

BREAKS = "broke"


class NoRunBreaks(Promise):
    """A run breaks off only where the history raises an exception in it."""

    name = "no run breaks"

    def on_commit(self, step: Step, before: MonitorRecord, at_ms: int) -> None:
        """Holds each run that broke against the exceptions that were raised."""
        del before, at_ms
        for transition in step.transitions:
            if transition.event == BREAKS and not self.ledger.ends_raised(step.record.key):
                self.broken(step.record.key, transition.detail)


class NeverBrokenInSilence(Promise):
    """An exception that a history raises in a run ends it on record, with an alert."""

    name = NeverSilent.name

    def on_commit(self, step: Step, before: MonitorRecord, at_ms: int) -> None:
        """A run that broke has its alert, unless the last alert stated the same."""
        del before, at_ms
        broke = [each for each in step.transitions if each.event == BREAKS]
        if not broke:
            return
        stated = [one.text for one in self.ledger.alerts if one.key == step.record.key]
        if not any(broke[-1].detail in text for text in stated):
            self.broken(step.record.key, f"no alert states: {broke[-1].detail}")

    def at_rest(self, book: Book, at_ms: int) -> None:
        """Every exception has ended a run on record."""
        del at_ms
        if self.ledger.raised:
            raised = sum(self.ledger.raised.values())
            self.broken(book.key, f"exceptions without an outcome: {raised}")
