"""Recovering: completes a record that lacks its ladder or its orders.

Its sources, in this order: live reduce-only limit orders whose ids belong to a known family, by
price rank; then the main account's ladder on record, prices and shares only. Recovering never
invents a price: a monitor without a source is skipped, and an alert says so.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace

from ..domain.flow import Flow
from ..domain.model.errors import LadderError
from ..domain.model.identity import Role
from ..domain.model.instrument import plain
from ..domain.model.ladder import Ladder
from ..domain.model.observation import Observation
from ..domain.model.order import Order
from ..domain.model.record import RunOutcome
from ..domain.planning.remap_levels import remap_levels
from ..domain.recognition.adoption import adopt, by_rank, ladder_of, merge_ladder
from ..domain.recognition.classify import Contradiction
from ..domain.recognition.conflicts import (
    Conflict,
    account_conflict,
    count_conflict,
    ladder_conflict,
    level_conflict,
    role_conflict,
    symbol_conflict,
)
from .work.findings import Findings, Result
from .work.run import Run
from .work.snapshot import orders_to_adopt, read_snapshot, unrecorded_orders

_LIVE = "live orders"
_LEFT = "actions left for the next run: recovery"


def recovering(run: Run, before: Result) -> Flow[Result]:
    """Completes the record, or says why it cannot be."""
    if before.reason:
        return _unrecoverable(run, before.found, before.reason)
    if run.is_spent:
        # What is adopted would have to be read again, and changed.
        return _unrecoverable(run, before.found, _LEFT, RunOutcome.FAILED)
    return (yield from _recovered(run, before.found))


def _recovered(run: Run, found: Findings) -> Flow[Result]:
    reading, found = yield from read_snapshot(run, found)
    if not isinstance(reading, Observation):
        reason = f"the exchange could not be read: {reading.reason}"
        return _unrecoverable(run, found, reason, RunOutcome.FAILED)
    run.decide(f"🔄 Attempting TP order recovery for {run.record.role.value} account...")
    _report(run, role_conflict(unrecorded_orders(run, reading), run.key.side))
    waiting = orders_to_adopt(run, found, reading)
    main = _main_ladder(run)
    if waiting:
        known = reading.position(run.key.symbol, run.key.side)
        return _from_live(run, found, waiting, main, known.updated_ms)
    if run.record.ladder is None and main is not None:
        return _from_main(run, found, main)
    if run.record.ladder is None:
        return _unrecoverable(run, found, _why_no_ladder(run))
    return Result("recovered", "the ladder is on record and nothing live is left to adopt", found)


def _from_live(
    run: Run, found: Findings, waiting: Sequence[Order], main: Ladder | None, as_of_ms: int
) -> Result:
    try:
        ladder = _settle_ladder(run, waiting, main)
    except LadderError as error:
        return _unrecoverable(run, found, f"the live TP orders do not make a ladder: {error}")
    record = replace(run.record, recovered_at=run.now())
    adopted = adopt(waiting, ladder, run.key.side, _done(run), as_of_ms)
    for each in adopted:
        owned = replace(each, part=record.free_part(each.level))
        record = record.with_order(owned)
        run.decide(
            f"🔁 Adopted {owned.order_link_id} as TP{owned.level}: "
            f"{plain(owned.remaining)} at {plain(owned.price)}"
        )
    run.record = record
    run.decide(f"🔄 Recovered {len(waiting)} TP orders from exchange data")
    run.decide(f"✅ Successfully recovered and saved {len(waiting)} TP orders")
    run.note(f"live TP orders recovered: {len(waiting)}")
    _report(run, count_conflict(ladder, waiting))
    _report(run, level_conflict(adopted))
    _report(run, account_conflict(adopted, run.record.role))
    _report(run, symbol_conflict(adopted, run.key.symbol))
    found = replace(found, recovered=True, adopted=len(waiting))
    return Result("recovered", f"adopted: {len(waiting)}", found)


def _settle_ladder(run: Run, waiting: Sequence[Order], main: Ladder | None) -> Ladder:
    """The ladder that the record keeps; the recognition rules say which one wins.

    Raises:
        LadderError: no ladder is on record, and the live orders do not make one.
    """
    stored = run.record.ladder
    if stored is None:
        ladder = ladder_of(waiting, run.key.side, main)
        run.record = replace(run.record, ladder=ladder, ladder_source=_LIVE)
        return ladder
    live_wins = run.settings.recognition.contradiction is Contradiction.LIVE
    ranked = by_rank(waiting, run.key.side)
    conflict = ladder_conflict(stored, ranked, live_wins=live_wins)
    if conflict is None or not live_wins:
        _report(run, conflict)
        return stored
    try:
        ladder = merge_ladder(stored, _done(run), waiting, run.key.side)
        ladder.check_side(run.key.side)
    except LadderError as error:
        _report(run, ladder_conflict(stored, ranked, live_wins=False))
        run.decide(f"⚠️ The live orders and the levels on record do not make one ladder: {error}")
        return stored
    _report(run, conflict)
    run.record = remap_levels(run.record, ladder, _LIVE)
    return ladder


def _done(run: Run) -> Collection[int]:
    levels = run.record.ladder.levels if run.record.ladder else ()
    return {level.number for level in levels if run.record.is_done(level.number)}


def _report(run: Run, conflict: Conflict | None) -> None:
    if conflict is not None:
        run.report(conflict, run.note)


def _from_main(run: Run, found: Findings, main: Ladder) -> Result:
    try:
        main.check_side(run.key.side)
    except LadderError as error:
        reason = f"the ladder of {run.record.follows} does not fit the position: {error}"
        return _unrecoverable(run, found, reason)
    run.record = replace(
        run.record,
        ladder=main,
        ladder_source=run.record.follows or "",
        recovered_at=run.now(),
    )
    run.decide(f"🔁 Ladder copied from {run.record.follows}: prices and shares only")
    run.note(f"ladder recovered from {run.record.follows}")
    detail = f"ladder copied from {run.record.follows}"
    return Result("recovered", detail, replace(found, recovered=True))


def _main_ladder(run: Run) -> Ladder | None:
    if run.record.follows is None:
        return None
    return run.ports.main_ladder(run.key, run.record.follows)


def _why_no_ladder(run: Run) -> str:
    """Why none of the sources gave a ladder."""
    start = "no ladder: none on record, no live TP orders to adopt"
    if run.record.follows is not None:
        return f"{start}, {run.ports.why_no_main_ladder(run.key, run.record.follows)}"
    return f"{start}, no main account to follow" if run.record.role is Role.MIRROR else start


def _unrecoverable(
    run: Run, found: Findings, reason: str, outcome: RunOutcome = RunOutcome.SKIPPED
) -> Result:
    run.note(reason)
    sign = "⏭️ Skipped" if outcome is RunOutcome.SKIPPED else "🚫 Failed"
    run.decide(f"{sign}: {reason}")
    return Result("unrecoverable", reason, found, outcome)
