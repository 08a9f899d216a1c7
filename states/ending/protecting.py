"""What a run's end says of the position's stop: whether it protects, and what was confirmed."""

from ...domain.copies import replace
from ...domain.model.instrument import plain
from ...domain.model.intent import IntentStatus
from ...domain.model.record import RunOutcome
from ...domain.protection.following import said
from ...domain.protection.setting import stop_change, wanted_of
from ..work.findings import Findings
from ..work.run import Run

UNPROTECTED = "UNPROTECTED"
"""What an alert says of a position without a stop, though one is wanted."""

_GOOD = frozenset({RunOutcome.IN_SYNC, RunOutcome.SUCCESS})


def conclude_stop(run: Run, found: Findings, outcome: RunOutcome) -> RunOutcome:
    """The run's outcome, with what is known of the stop; puts that into the record and the alert.

    A run that leaves a position without the stop that is wanted did not do all it had to.
    """
    if run.record.stop is None or not found.size_known:
        return outcome
    problem = _problem(run, found)
    stop, is_bare = run.record.stop, bool(problem) and not _is_set(run)
    since = (stop.unprotected_since or run.now()) if is_bare else None
    run.record = replace(run.record, stop=replace(stop, problem=problem, unprotected_since=since))
    confirmed = [one for one in run.stops_done if one.status is IntentStatus.CONFIRMED]
    if problem:
        run.warn(problem)
        return RunOutcome.PARTIAL if outcome in _GOOD else outcome
    if not confirmed:
        return outcome
    last = confirmed[-1]
    run.notices.append(f"🛡️ Stop: {said(last.before)} → {said(last.asked)} ({last.rule})")
    return RunOutcome.SUCCESS if outcome is RunOutcome.IN_SYNC else outcome


def _problem(run: Run, found: Findings) -> str:
    """Why the position lacks the stop that is wanted, for people; empty if it does not."""
    record, stop = run.record, run.record.stop
    if stop is None or not record.position_size:
        return ""
    if stop.seen is None:
        return "the exchange does not say whether the position has a stop"
    if found.instrument is None:
        return stop.problem
    change = stop_change(record, found.instrument)
    if change is None:
        return "" if stop.seen.is_set else _no_price(run, found)
    wanted, why = said(change.asked), _why(run, found)
    if stop.seen.is_set:
        return f"the stop is at {said(stop.seen)}, not at {wanted} ({change.rule}){why}"
    size = plain(record.position_size)
    return f"🚨 {UNPROTECTED}: no stop for {size}; it is to be at {wanted} ({change.rule}){why}"


def _no_price(run: Run, found: Findings) -> str:
    """What is said of a position for which no rule says where its stop is to be."""
    wanted = found.instrument and wanted_of(run.record, found.instrument)
    why = "; ".join(wanted.notes) if wanted else ""
    if not why and wanted and wanted.trailing is None:
        why = wanted.rule
    size = plain(run.record.position_size)
    return f"🚨 {UNPROTECTED}: no stop for {size}: {why}" if why else ""


def _why(run: Run, found: Findings) -> str:
    """What stood in the way, as far as this run knows."""
    if found.refusals.crossed:
        return ": the market is past it"
    refused = [one for one in run.stops_done if one.status is IntentStatus.REFUSED]
    return f": refused ({refused[-1].code}: {refused[-1].detail})" if refused else ""


def _is_set(run: Run) -> bool:
    stop = run.record.stop
    return stop is not None and stop.seen is not None and stop.seen.is_set
