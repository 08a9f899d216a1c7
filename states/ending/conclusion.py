"""The end of a run: its outcome, its alert, and the time of the next try."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from ...domain.copies import replace
from ...domain.model.alert import Alert
from ...domain.model.commands import Operation
from ...domain.model.events import OtherOrders
from ...domain.model.instrument import ZERO, plain
from ...domain.model.intent import Intent, IntentStatus
from ...domain.model.ladder import Withheld
from ...domain.model.record import MonitorRecord, Origin, RunOutcome
from ...domain.planning.runner import runner_waits
from ...domain.planning.wanted_orders import cover_in_figures
from ...domain.protection.adopting import wants_stop_alone
from ...domain.recognition.contest import ContestStep
from ...domain.reporting.alert_text import (
    ALL_CLEAR,
    OF_ENTRIES,
    OF_THE_LADDER,
    OF_THE_STOP,
    alert_text,
    level_results,
    says_more,
)
from ...domain.reporting.expiry_text import ended_flat, ends_soon
from ...domain.tracking.beside import close_too
from ...domain.tracking.expiry import has_ended, is_notice_due
from ...domain.tracking.settling import NOT_DONE
from ...domain.tracking.stored_time import has_passed
from ..work.by_hand import report_changes
from ..work.confirmation import settle_ended
from ..work.findings import Findings, Result
from ..work.pace import is_quiet, next_repair_or_end
from ..work.planning import unchangeable_now
from ..work.run import Run
from .closing import conclude_close
from .entries import conclude_entries, is_of_entries
from .events import headline_of, must_alert, report_events
from .facts import facts_of, left_bare
from .protecting import UNPROTECTED, conclude_stop, is_of_the_stop, is_unprotected

_GOOD = frozenset({RunOutcome.IN_SYNC, RunOutcome.SUCCESS})
_LEFT = frozenset({RunOutcome.PARTIAL, RunOutcome.SKIPPED})

_ASKED_AGAIN = timedelta(minutes=1)
"""How soon it is asked again whose the position is: by then the list of trades is whole."""


def conclude(run: Run, result: Result) -> RunOutcome:
    """Puts the run's outcome into the record, and the time of the next try unless it succeeded.

    What a person has stopped did not fail: that counts no attempt, and ends those before it.
    """
    settle_ended(run)
    outcome = RunOutcome.FAILED if result.event == "broke" else _outcome(run, result)
    _note_the_end(run, result)
    outcome = conclude_close(run, result.found, conclude_stop(run, result.found, outcome))
    outcome = conclude_entries(run, result.found, outcome)
    run.record = replace(run.record, withheld=_withheld(run, result.found))
    for each in run.record.withheld:
        run.note(str(each))
    if outcome in _GOOD and runner_waits(run.record):
        outcome = RunOutcome.PARTIAL
    good = outcome in _GOOD
    if good and not run.undertaken and _is_alerted(run):
        run.notices.append(ALL_CLEAR)
    if run.is_spent and not good:
        run.note("the run has used up its requests: the next one goes on")
    if not good:
        _note_what_is_bare(run, result.found)
    is_stopped = outcome in _LEFT and run.ports.is_stopped()
    attempts = 0 if good or is_stopped else run.record.attempts + 1
    ended = run.now()
    run.record = replace(
        run.record.without_rejected(),
        last_outcome=outcome,
        last_run_id=run.id,
        last_run_at=ended,
        position_read_at=ended if result.found.size_known else run.record.position_read_at,
        attempts=attempts,
        next_try_at=_next_try(run, result.found, attempts, is_stopped=is_stopped),
    )
    next_repair_or_end(run, good=good)
    report_changes(run)
    report_events(run, result.found)
    _note_who_closes_too(run, result.found)
    return outcome


def _withheld(run: Run, found: Findings) -> tuple[Withheld, ...]:
    """What the run's last plan withheld; what an earlier one did, where this run made none."""
    return run.record.withheld if found.targets is None else found.targets.withheld


def _note_who_closes_too(run: Run, found: Findings) -> None:
    """Says that orders of others close the position too, where no event of this run says it."""
    alerted = [one for one in run.events if one.kind in run.settings.alerts_of]
    is_said = any(isinstance(one, OtherOrders) for one in alerted)
    is_open = bool(run.record.position_size)  # It may have been closed since they were read.
    is_known = found.size_known and found.verified
    if found.beside and is_known and is_open and run.record.room_taken is None and not is_said:
        run.note(close_too(found.beside))


def _is_alerted(run: Run) -> bool:
    """Whether the run before failed, and the last alert says so: it is over now (promise P11)."""
    if run.record.last_outcome in (None, *_GOOD):
        return False
    last = run.ports.last_alert(run.record.id)
    return last is not None and last.status not in _GOOD


def _note_what_is_bare(run: Run, found: Findings) -> None:
    """Says how much of the position no order covers, where no line says it yet (promise P10)."""
    is_said = any("is covered" in line for line in (*run.notes, *found.adjusted))
    if not is_said and (bare := _bare_in_figures(run, found)):
        run.note(bare)


def _bare_in_figures(run: Run, found: Findings) -> str:
    """How much of the position no order covers now, in figures; empty for nothing or unknown."""
    record = run.record
    if not left_bare(run, found):
        return ""
    return cover_in_figures(record.covered_with_runner, record.position_size)


def _note_the_end(run: Run, result: Result) -> None:
    """Notes what is to be alerted of the contract's end; the commit with the alert records it."""
    record, now, ends = run.record, run.now(), run.record.expires_at
    run.notices.clear()
    if ends is not None and is_notice_due(record, now):
        run.notices.append(ends_soon(ends, now))
        run.record = replace(record, expiry_alerted_at=now)
    if ends is not None and has_ended(record, now) and _is_closed(run, result):
        run.notices[:] = [ended_flat(ends, run.position_before)]


def _is_closed(run: Run, result: Result) -> bool:
    """Whether this run found that the position is closed."""
    return (
        result.found.size_known and run.position_before > ZERO and run.record.position_size == ZERO
    )


def alert_of(run: Run, result: Result) -> Alert | None:
    """The alert that the run's last commit puts into the outbox.

    None where nothing happened, where a run that sent nothing would only repeat the last alert
    within ``repeat_after``, and where a run did all it could in a contest that an alert has named,
    has nothing to warn of, and leaves no less or more uncovered than the last alert says.
    """
    outcome, found, record = result.outcome, result.found, run.record
    idle = outcome is RunOutcome.IN_SYNC and not (run.undertaken or run.notices or run.warnings)
    bare = _bare(record, found)
    waiting = (str(one) for one in record.withheld if not one.is_runner)
    said = [line for line in (bare, *waiting) if line]
    if outcome is None or (idle and not any(_is_unsaid(run, line) for line in said)):
        return None
    if is_quiet(run) and not (run.notices or run.warnings) and _did_all(run, outcome):
        left = _bare_in_figures(run, found)
        if not (left and _is_unsaid(run, left)):
            return None
    adjusted = found.adjusted if run.undertaken else (bare,) if bare else ()
    without_ladder = _without_ladder(record, found)
    is_urgent = is_unprotected(run, found)
    text = alert_text(
        run.key,
        record.role,
        outcome,
        record.position_size if found.size_known else None,
        level_results(run.intents),
        tuple(dict.fromkeys((*run.notices, *run.notes, *adjusted, *without_ladder))),
        grew=_grew(run, found),
        headline=UNPROTECTED if is_urgent else headline_of(run, found),
        is_urgent=is_urgent,
        meanings=_meanings(run, found),
    )
    facts = facts_of(run, found, outcome)
    alert = Alert(run.id, run.key, outcome, text, run.now(), facts=facts)
    return None if _repeats_last(run, alert) else alert


def _without_ladder(record: MonitorRecord, found: Findings) -> tuple[str, ...]:
    """Says that a position whose stop alone is kept has no take-profit of trueup (promise P10)."""
    is_so = found.size_known and record.position_size > ZERO and wants_stop_alone(record)
    bare = plain(record.position_size)
    return (f"no ladder is given: trueup places no take-profit for the {bare}",) if is_so else ()


def _meanings(run: Run, found: Findings) -> Mapping[RunOutcome, str]:
    """What outcomes of the run mean: of entries, of the stop, or else of the TP orders."""
    if is_of_entries(run, found):
        return OF_ENTRIES
    return OF_THE_STOP if is_of_the_stop(run, found) else OF_THE_LADDER


def _grew(run: Run, found: Findings) -> bool:
    """Whether an entry order filled since the run before.

    A position that has orders to adopt when it is seen first may have been open for long.
    """
    is_found = run.before.position_read_at is None and any(
        order.origin is Origin.ADOPTED for order in run.record.orders
    )
    return found.size_known and run.record.position_size > run.position_before and not is_found


def _did_all(run: Run, outcome: RunOutcome) -> bool:
    """Whether the run repaired everything, or left the rest to the end of the cool-down."""
    if outcome is RunOutcome.FAILED:
        return False
    processed = all(each.is_processed for each in level_results(run.intents))
    return processed and (outcome in _GOOD or run.contest_step is ContestStep.WAITS)


def _bare(record: MonitorRecord, found: Findings) -> str:
    """How much of the position no order can cover, in figures; empty if there is nothing."""
    if found.targets is None or not found.size_known:
        return ""
    if any(not one.is_runner for one in found.targets.withheld) or runner_waits(record):
        return cover_in_figures(record.covered_with_runner, record.position_size)
    if not found.targets.uncovered:
        return ""
    return cover_in_figures(record.position_size - found.targets.uncovered, record.position_size)


def _is_unsaid(run: Run, line: str) -> bool:
    """Whether the last alert does not say so."""
    last = run.ports.last_alert(run.record.id)
    return last is None or line not in last.text


def _repeats_last(run: Run, alert: Alert) -> bool:
    has_sent = any(one.run_id == run.id for one in run.apart)
    if run.undertaken or has_sent or must_alert(run):
        return False
    last = run.ports.last_alert(run.record.id)
    if last is None or has_passed(last.created_at, run.settings.repeat_after, alert.created_at):
        return False
    return last.status is alert.status and not says_more(alert.text, last.text)


def _outcome(run: Run, result: Result) -> RunOutcome:
    found = result.found
    results = level_results([each for each in run.intents if not _is_moot(run, found, each)])
    processed = sum(each.is_processed for each in results)
    if result.outcome is RunOutcome.SKIPPED:
        return RunOutcome.PARTIAL if processed else RunOutcome.SKIPPED
    if result.outcome is RunOutcome.FAILED or found.unsure:
        return RunOutcome.PARTIAL if processed else RunOutcome.FAILED
    nothing_left = found.plan is None or found.plan.is_empty
    leaves_rest = run.held or not run.may_go_round(found)
    if not results and found.verified and (nothing_left or not leaves_rest):
        good = RunOutcome.SUCCESS if found.recovered else RunOutcome.IN_SYNC
        return RunOutcome.PARTIAL if found.must_act else good
    if not found.verified:
        refused = all(each.status is IntentStatus.REFUSED for each in results)
        return RunOutcome.FAILED if refused else RunOutcome.PARTIAL
    left_as_is = found.refusals.unplaceable or _left_undone(run, found)
    whole = processed == len(results) and not left_as_is
    if whole and not (found.falls_short or found.must_act) and nothing_left:
        return RunOutcome.SUCCESS
    return RunOutcome.PARTIAL if processed else RunOutcome.FAILED


def _left_undone(run: Run, found: Findings) -> bool:
    """Whether an order stays as it is, as the exchange twice did not carry out its amend.

    One whose amend it refused is counted by that refusal.
    """
    stay = unchangeable_now(run.record, found.refusals)
    last = {intent.order_link_id: intent for intent in run.intents}
    undone = {one.order_link_id for one in last.values() if one.detail == NOT_DONE}
    return any(o.order_id in stay and o.order_link_id in undone for o in run.record.resting)


def _is_moot(run: Run, found: Findings, intent: Intent) -> bool:
    """Whether the write is a place that no read has shown, of a position that is closed since.

    Nobody wants its order any more. Should it appear, a later run cancels it.
    """
    is_closed = found.size_known and run.record.position_size == ZERO
    return is_closed and intent.operation is Operation.PLACE and intent.status.is_open


def _next_try(run: Run, found: Findings, attempts: int, *, is_stopped: bool) -> datetime | None:
    """When the next run is due by itself: None after one that succeeded and left nothing open.

    What is still pending then, although nothing needs it, is settled by a run after its time. What
    a person has stopped is due when it is resumed; till then it is observed at the longest pause.
    However often runs have failed before, whose the position is gets asked again within a minute.
    """
    stop = run.record.stop
    is_asked = any(one.status.is_open for one in run.apart) or bool(stop and stop.intents)
    latest = run.ports.exchange.lateness.total
    if attempts:
        wait = _wait(run, 1 if _goes_on(run, found) else attempts)
        wait = min(wait, _ASKED_AGAIN) if found.unsure else wait
        return run.now() + (min(wait, latest) if is_asked else wait)
    if run.pending or is_asked:
        return run.now() + latest
    return run.now() + _up_to(run, run.settings.retry_cap) if is_stopped else None


def _goes_on(run: Run, found: Findings) -> bool:
    """Whether the next run only goes on with what this one had no requests or rounds left for."""
    has_done_some = any(intent.status is IntentStatus.CONFIRMED for intent in run.intents)
    is_refused = found.refusals.key_refused
    return has_done_some and not (is_refused or run.may_go_round(found, rounds=2))


def _wait(run: Run, attempts: int) -> timedelta:
    """A random wait up to the back-off, which doubles with every attempt up to its cap.

    A run whose writes were held back again and again is tried again at once.
    """
    if run.is_held_up:
        return timedelta(0)
    return _up_to(run, run.settings.back_off(attempts))


def _up_to(run: Run, most: timedelta) -> timedelta:
    """A random wait: monitors that ended together don't begin together."""
    milliseconds = int(most / timedelta(milliseconds=1) * run.ports.randomness.jitter())
    return timedelta(milliseconds=max(milliseconds, 1))
