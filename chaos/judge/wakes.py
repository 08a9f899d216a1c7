"""P7 within a run: a wake that arrives during a run is answered by a read after it."""

from trueup.domain.model.record import MonitorRecord, StateName
from trueup.domain.ports import Step

from .promise import Promise


class NoWakeLost(Promise):
    """Checked against the commit that ends a run."""

    name = "P7 no wake is lost"

    def on_commit(self, step: Step, before: MonitorRecord, at_ms: int) -> None:
        """The run's last read came after the last wake, or the next try is due anyway."""
        del before
        last = step.transitions[-1] if step.transitions else None
        if last is None or last.target is not StateName.IDLE:
            return
        if step.record.next_try_at is not None:
            return
        book = self.ledger.books[step.record.key]
        began = self.ledger.runs[last.run_id].began_ms
        unanswered = [at for at in book.wakes if began <= at < at_ms and at > book.asked_ms]
        if unanswered:
            self.broken(step.record.key, "a wake arrived during the run and was not answered")
