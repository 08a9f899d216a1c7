"""The pace of repairs while somebody else keeps changing what they repair."""

from dataclasses import replace
from datetime import timedelta

from ...domain.model.instrument import Instrument, plain
from ...domain.model.record import MonitorRecord
from ...domain.planning.leaving.headroom import giving_up
from ...domain.planning.plan import Plan
from ...domain.recognition.contest import ContestStep
from ...domain.tracking.stored_time import left_until
from .run import Run


def paced(run: Run, plan: Plan, instrument: Instrument | None) -> Plan | None:
    """The part of the plan that may be followed now; None where its repair waits.

    A position that moved is followed at once, whoever changed what: it asks for other orders in any
    case, also where it is as large again by the next round, as a TP's fill and an entry leave it.
    Cover above the position is given up at once, and no more than that (promise P3).
    """
    record, rules, now = run.record, run.settings.contest, run.now()
    run.sees_size()
    if plan.is_empty or run.position_moved:
        run.changes_by_others.clear()
        return plan
    counted = rules.counted(record, now) if run.changes_by_others else record
    if rules.repair_at(counted, now) <= now:
        run.record = counted
        run.changes_by_others.clear()
        return plan
    above = record.covered - record.position_size
    if above > 0 and instrument is not None:
        less = giving_up(plan, above, instrument)
        if not less.is_empty:
            return less
    is_new = not rules.is_contested(record)
    run.report_contest(ContestStep.BEGAN if is_new else ContestStep.WAITS)
    run.record = counted
    return None


def may_touch_orders(run: Run) -> bool:
    """Whether orders may be asked to stay as they are: in a cool-down that may undo a change."""
    record, now = run.record, run.now()
    is_over = run.settings.contest.repair_at(record, now) <= now
    return is_over or run.position_moved or record.position_size != run.position_before


def why_waiting(run: Run) -> str:
    """Why the repair waits, and until when, for people."""
    record, rules = run.record, run.settings.contest
    now = run.now()
    left = left_until(rules.repair_at(record, now), now, rules.cap)
    seconds = -(-left // timedelta(seconds=1))
    seen = f", last {'; '.join(run.changes_by_others)}" if run.changes_by_others else ""
    return (
        f"somebody else keeps changing TP orders of {run.key}: {record.contests} times in a row"
        f"{seen}; {_cover(record)}; trueup repairs them in {seconds} s, and after each further "
        f"change it waits twice as long, up to {_minutes(rules.cap)} min; look for a second "
        "engine, another program or a person with access to this account"
    )


def note_contest(run: Run) -> None:
    """Has the run's alert name a contest that began in it, whatever the run ends with.

    Later runs of the contest are quiet: what this one left out, nobody would be told.
    """
    if run.contest_step is ContestStep.BEGAN:
        run.note(why_waiting(run))


def next_repair_or_end(run: Run, *, good: bool) -> None:
    """Sets when a contested monitor runs next: for its repair, or to see that the contest is over.

    Nobody may wake a monitor whose orders stay as they are, so the end of a contest is due at a
    time of its own.
    """
    rules, now = run.settings.contest, run.now()
    over_at = rules.over_at(run.record, now)
    if over_at is None or not rules.is_contested(run.record):
        return
    if not good:
        if run.contest_step is not ContestStep.NONE:
            run.record = replace(run.record, next_try_at=rules.repair_at(run.record, now))
    elif now < over_at:
        run.record = replace(run.record, next_try_at=over_at)
    else:
        run.record = replace(run.record, contests=0, contested_at=None)
        run.notices.append(
            f"nobody else has changed a TP order of {run.key} for {_minutes(rules.window)} min: "
            "trueup repairs them at once again"
        )


def is_quiet(run: Run) -> bool:
    """Whether the run only goes on with a contest that an alert has already named."""
    is_contested = run.settings.contest.is_contested(run.record)
    return is_contested and run.contest_step is not ContestStep.BEGAN


def _cover(record: MonitorRecord) -> str:
    covered, size = record.covered_with_runner, record.position_size
    uncovered = f", {plain(size - covered)} is not" if covered < size else ""
    return f"{plain(covered)} of {plain(size)} is covered{uncovered}"


def _minutes(time: timedelta) -> int:
    return -(-time // timedelta(minutes=1))
