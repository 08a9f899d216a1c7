"""What a run's end says of the position's stop: whether it protects, and what was confirmed."""

from ...domain.copies import replace
from ...domain.model.instrument import ZERO, Instrument, plain
from ...domain.model.intent import IntentStatus
from ...domain.model.protection import PositionStop, StopRecord
from ...domain.model.record import MonitorRecord, RunOutcome
from ...domain.protection.following import is_tighter
from ...domain.protection.setting import stop_change, wanted_of, why_barred
from ...domain.protection.stop_orders import is_lost
from ...domain.protection.wanted import WantedStop
from ..work.findings import Findings
from ..work.run import Run

UNPROTECTED = "🚨 UNPROTECTED"
"""What an alert says of a position without a stop, though one is wanted."""

_OTHER_TYPE = (
    "stays what it is, limit or market, as the exchange changes no order's type: cancel it by "
    "hand, and it is placed anew as is wanted now"
)

_GOOD = frozenset({RunOutcome.IN_SYNC, RunOutcome.SUCCESS})


def conclude_stop(run: Run, found: Findings, outcome: RunOutcome) -> RunOutcome:
    """The run's outcome, with what is known of the stop; puts that into the record and the alert.

    A run that leaves a position without the stop that is wanted did not do all it had to.
    """
    if run.record.stop is None:
        return outcome
    if found.unplanned and outcome in _GOOD:
        outcome = RunOutcome.PARTIAL
    if not found.size_known:
        _note_unshown(run, run.record.stop)
        return outcome
    problem = _problem(run, found)
    stop, seen = run.record.stop, run.record.stop.seen
    size = run.record.position_size
    is_bare = bool(problem) and seen is not None and seen.protects(size) < size
    since = (stop.unprotected_since or run.now()) if is_bare else None
    run.record = replace(run.record, stop=replace(stop, problem=problem, unprotected_since=since))
    if problem:
        run.warn(f"{UNPROTECTED}: {problem}" if is_bare else problem)
        return RunOutcome.PARTIAL if outcome in _GOOD else outcome
    is_cancelled = size and any(
        one.cancels and one.status is IntentStatus.CONFIRMED for one in run.stops_done
    )
    moved = outcome is RunOutcome.IN_SYNC and (stop.unreported or is_cancelled)
    return RunOutcome.SUCCESS if moved else outcome


def _note_unshown(run: Run, stop: StopRecord) -> None:
    """Says where the stop was asked to be, and whether the position had one when it was read."""
    left = (IntentStatus.SENT, IntentStatus.UNKNOWN)
    is_bare = bool(run.record.position_size) and stop.seen is not None and not stop.seen.is_set
    before = "the position had no stop when it was read last: " if is_bare else ""
    for asked in {one.asked for one in stop.intents if one.status in left}:
        run.note(f"{before}the stop was asked to be at {asked}, and no read has shown it yet")


def is_unprotected(run: Run, found: Findings) -> bool:
    """Whether the position is known to lack the stop that is wanted: that is what matters most."""
    stop = run.record.stop
    return found.size_known and stop is not None and stop.unprotected_since is not None


def is_of_the_stop(run: Run, found: Findings) -> bool:
    """Whether the run's outcome is that of the position's stop, and of nothing else.

    It is where the stop alone is wrong, and every TP order that had to change did.
    """
    stop = run.record.stop
    if stop is None or found.recovered or (run.intents and not stop.problem):
        return False
    if any(one.status is not IntentStatus.CONFIRMED for one in run.undertaken):
        return False
    if found.unsure or found.must_act or found.unplanned or not found.verified:
        return False
    return bool(stop.problem) or any(o.status is IntentStatus.CONFIRMED for o in run.stops_done)


def _problem(run: Run, found: Findings) -> str:
    """Why the position lacks the stop that is wanted, for people; empty if it does not."""
    record, stop = run.record, run.record.stop
    if stop is None or not (record.wants_stop and record.position_size):
        return ""
    if stop.seen is None:
        return "the exchange does not say whether the position has a stop"
    if found.instrument is None:
        bare = f"no stop for {plain(record.position_size)}"
        return stop.problem if stop.seen.is_set else stop.problem or bare
    return _not_as_wanted(run, found, stop)


def _not_as_wanted(run: Run, found: Findings, stop: StopRecord) -> str:
    """What is wrong with the stop that a read has shown, for people; empty if nothing is."""
    record, seen = run.record, stop.seen
    if seen is None or found.instrument is None:
        return ""
    change, size = stop_change(record, found.instrument), plain(record.position_size)
    if change is None:
        return _as_it_can_be(record, found.instrument, seen)
    asked, why = str(change.asked), _why(run, found)
    if is_lost(stop) and seen.is_set:
        return f"the order of the stop at {seen} is in no list, and may be gone{why}"
    if seen.is_set:
        return f"the stop is at {seen}, not at {asked} ({change.rule}){why}"
    return f"no stop for {size}; it is to be at {asked} ({change.rule}){why}"


def _as_it_can_be(record: MonitorRecord, instrument: Instrument, seen: PositionStop) -> str:
    """The same where nothing can be set that would be better."""
    wanted, size = wanted_of(record, instrument), record.position_size
    stop = record.stop
    if stop is not None and stop.has_triggered:
        return f"no stop for {plain(size)}: {_rests(stop)}"
    barred = _barred(record, wanted, instrument, seen)
    notes = () if wanted is None else (*wanted.notes, *barred)
    reason = "; ".join(notes) or ("" if wanted is None else wanted.rule)
    if not seen.is_set:
        return f"no stop for {plain(size)}: {reason}"
    if seen.protects(size) < size:
        closes = f"the stop closes {plain(seen.quantity)} of {plain(size)}"
        return f"{closes}: no order of this contract may be larger"
    if stop is not None and stop.keeps_type:
        return f"the stop's order at {seen} {_OTHER_TYPE}"
    is_unplaced = wanted is not None and wanted.trigger is None and bool(wanted.notes)
    is_untrailed = wanted is not None and bool(wanted.untrailed) and not seen.trailing
    stays = is_unplaced or is_untrailed or bool(barred)
    return f"the stop stays at {seen}: {reason}" if stays else ""


def _barred(
    record: MonitorRecord, wanted: WantedStop | None, instrument: Instrument, seen: PositionStop
) -> tuple[str, ...]:
    """Why the exchange does not take the stop where it is wanted, if it is wanted tighter."""
    price = ZERO if wanted is None else wanted.trigger or ZERO
    if wanted is None or not is_tighter(record.key.side, price, seen.price):
        return ()
    why = why_barred(seen, price, instrument)
    return (f"{wanted.rule}: {plain(price)} {why}",) if why else ()


def _rests(stop: StopRecord) -> str:
    limit = f" at {plain(stop.asked.limit)}" if stop.asked and stop.asked.limit else ""
    return f"it has triggered, and its limit order{limit} rests unfilled"


def _why(run: Run, found: Findings) -> str:
    """What stood in the way, as far as this run knows."""
    if found.refusals.crossed:
        return ": the market is past it"
    refused = [one for one in run.stops_done if one.status is IntentStatus.REFUSED]
    if refused:
        return f": refused ({refused[-1].code}: {refused[-1].detail})"
    is_open = run.record.stop is not None and run.record.stop.intents
    return ": it was asked for, and no read has shown it yet" if is_open else ""
