"""Recovering: the record lacks its ladder or its orders; they are taken from what there is.

Sources in their order: live reduce-only limit orders whose ids are of a known family, by
price rank; then the ladder on record of the main account, prices and shares only. No price is
ever invented: what has no source is skipped, and alerted.
"""

from collections.abc import Sequence
from dataclasses import replace

from ..domain.adoption import adopt, ladder_of
from ..domain.errors import LadderError
from ..domain.instrument import plain
from ..domain.ladder import Ladder
from ..domain.observation import Observation
from ..domain.order import Order
from ..domain.record import RunOutcome
from .run import Result, Run
from .view import adoptable_orders, look


def recovering(run: Run) -> Result:
    """Completes the record, or says why it cannot be."""
    if run.reason:
        return _unrecoverable(run, run.reason)
    reading = look(run)
    if not isinstance(reading, Observation):
        reason = f"the exchange could not be read: {reading.reason}"
        return _unrecoverable(run, reason, RunOutcome.FAILED)
    waiting = adoptable_orders(run, reading)
    main = _main_ladder(run)
    if waiting:
        return _from_live(run, waiting, main)
    if run.record.ladder is None and main is not None:
        return _from_main(run, main)
    if run.record.ladder is None:
        return _unrecoverable(run, "no ladder: none on record, no live TP orders, no main ladder")
    return Result("recovered", "the ladder is on record and nothing live is left to adopt")


def _from_live(run: Run, waiting: Sequence[Order], main: Ladder | None) -> Result:
    source = run.record.ladder_source
    ladder = run.record.ladder
    if ladder is None:
        try:
            ladder = ladder_of(waiting, run.key.side, main)
        except LadderError as error:
            return _unrecoverable(run, f"the live TP orders make no ladder: {error}")
        source = "live orders"
    record = replace(run.record, ladder=ladder, ladder_source=source, recovered_at=run.now())
    for owned in adopt(waiting, ladder, run.key.side):
        record = record.with_order(owned)
        run.decide(
            f"🔁 Adopted {owned.order_link_id} as TP{owned.level}: "
            f"{plain(owned.remaining)} at {plain(owned.price)}"
        )
    run.record = record
    run.recovered = True
    run.note(f"live TP orders recovered: {len(waiting)}")
    return Result("recovered", f"adopted: {len(waiting)}")


def _from_main(run: Run, main: Ladder) -> Result:
    try:
        main.check_side(run.key.side)
    except LadderError as error:
        return _unrecoverable(run, f"the ladder of {run.record.follows} does not fit: {error}")
    run.record = replace(
        run.record,
        ladder=main,
        ladder_source=run.record.follows or "",
        recovered_at=run.now(),
    )
    run.recovered = True
    run.decide(f"🔁 Ladder taken from {run.record.follows}: prices and shares only")
    run.note(f"ladder recovered from {run.record.follows}")
    return Result("recovered", f"ladder taken from {run.record.follows}")


def _main_ladder(run: Run) -> Ladder | None:
    if run.record.follows is None:
        return None
    return run.ports.main_ladder(run.key, run.record.follows)


def _unrecoverable(run: Run, reason: str, outcome: RunOutcome = RunOutcome.SKIPPED) -> Result:
    run.reason = reason
    run.outcome = outcome
    run.note(reason)
    run.decide(f"⏭️ Skipped: {reason}")
    return Result("unrecoverable", reason)
