"""What the alert of a run says for programs: what it tells of, and how much is bare since when."""

from decimal import Decimal

from ...domain.model.alert import AlertFacts, AlertKind, Lack
from ...domain.model.events import EventKind
from ...domain.model.instrument import ZERO
from ...domain.model.record import RunOutcome
from ...domain.protection.adopting import wants_stop_alone
from ...domain.reporting.alert_text import ALL_CLEAR
from ..work.findings import Findings
from ..work.run import Run
from .protecting import is_unprotected

_PROBLEMS = (RunOutcome.PARTIAL, RunOutcome.FAILED, RunOutcome.SKIPPED)


def facts_of(run: Run, found: Findings, outcome: RunOutcome) -> AlertFacts:
    """The facts, as the record has them at the run's end."""
    codes = {one.code for one in (*run.intents, *run.apart)} | {one.code for one in run.stops_done}
    uncovered, unprotected = _uncovered(run, found), _unprotected(run, found)
    kinds = [event.kind.value for event in run.events if event.kind in run.settings.alerts_of]
    also = {
        EventKind.UNCOVERED: uncovered is not None,
        EventKind.UNPROTECTED: unprotected is not None,
        AlertKind.REPAIR: bool(run.undertaken or run.stops_done),
        AlertKind.PROBLEM: outcome in _PROBLEMS,
        AlertKind.ALL_CLEAR: ALL_CLEAR in run.notices,
    }
    kinds += [kind.value for kind, is_so in also.items() if is_so]
    return AlertFacts(
        kinds=tuple(dict.fromkeys(kinds)),
        codes=tuple(sorted(code for code in codes if code)),
        uncovered=uncovered,
        unprotected=unprotected,
        next_try_at=run.record.next_try_at,
    )


def left_bare(run: Run, found: Findings) -> Decimal:
    """How much of the position no order covers now; 0 for nothing, and where nobody knows it.

    Where a stop is all that is wanted no order has to cover anything.
    """
    record = run.record
    may_change = found.unsure or any(intent.status.is_open for intent in run.writes)
    is_known = found.size_known and found.verified and not may_change
    if not is_known or wants_stop_alone(record):
        return ZERO
    return max(record.position_size - record.covered_with_runner, ZERO)


def _uncovered(run: Run, found: Findings) -> Lack | None:
    bare, reported = left_bare(run, found), run.record.reported
    return Lack(bare, reported.uncovered_since if reported else None) if bare else None


def _unprotected(run: Run, found: Findings) -> Lack | None:
    stop, size = run.record.stop, run.record.position_size
    if stop is None or stop.seen is None or not is_unprotected(run, found):
        return None
    return Lack(size - stop.seen.protects(size), stop.unprotected_since)
