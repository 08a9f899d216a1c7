"""The contract's rules for a plan, and what Validating does where it has none or is halted."""

from dataclasses import replace
from datetime import timedelta

from ..domain.flow import Flow
from ..domain.keys.position_mode import wrong_mode
from ..domain.model.instrument import UNLISTED, ZERO, Instrument, changed_rules, plain
from ..domain.model.observation import Observation, OrdersUnread, Unknown
from ..domain.model.record import MonitorRecord
from ..domain.planning.plan import Plan
from ..domain.ports import Moment
from .ends import blind, no_plan
from .protection.searching import settled_stop
from .work.confirmation import settle_by_read
from .work.findings import Findings, Result
from .work.intents import drop_places
from .work.run import Run
from .work.snapshot import read_instrument, read_snapshot

_YOUNG = timedelta(seconds=5)


def read_rules(
    run: Run, found: Findings, since: Moment | None
) -> Flow[tuple[Findings, Result | None]]:
    """The findings with the contract's rules; and the end of the state where there are none.

    Where ``since`` is given, the rules were read from the exchange later than that, and a change
    is noted.
    """
    instrument = yield from read_instrument(run, since)
    if isinstance(instrument, Unknown):
        found = replace(found, instrument=None)
        reason = f"the instrument's rules could not be read: {instrument.reason}"
        return found, blind(run, found, reason)
    if instrument is None:
        found = replace(found, instrument=None)
        return found, no_plan(found, not_traded(run.record))
    run.record = replace(run.record, expires_at=instrument.expires_at)
    if since is not None:
        changes = changed_rules(found.instrument, instrument) if found.instrument else ""
        if changes:
            run.note(f"the exchange changed the contract's rules: {changes}")
            run.decide(f"📐 The contract's rules changed: {changes}")
        found = replace(
            found,
            rules_since=since,
            rules_reread=found.rules_reread or found.refusals.rules_stale,
            refusals=replace(found.refusals, rules_stale=False),
        )
    found = replace(found, instrument=instrument)
    if instrument.halted:
        return found, (yield from _halted(run, found, instrument))
    return found, None


def rules_needed(run: Run, found: Findings, plan: Plan) -> Moment | None:
    """How young the rules must be by which the plan is made; None if that does not matter.

    Nothing is cancelled unless what takes its place is acceptable by rules that this run read. For
    an order that shrinks, so that another can grow, rules of the last seconds will do: should the
    exchange refuse the growth, the run's next round grows what can.
    """
    if found.began is None:
        return None
    if plan.replaces:
        return found.began
    covered, size = run.record.covered, run.record.position_size
    return found.began - _YOUNG if covered - plan.gives_up < min(covered, size) else None


def not_traded(record: MonitorRecord) -> str:
    """Why nothing is done, with the figures on record: no position of it can be read any more."""
    reason = f"{record.key.symbol} {UNLISTED}"
    if record.position_size == ZERO:
        return f"{reason}, and no position of it is on record"
    size, covered = plain(record.position_size), plain(record.covered_with_runner)
    return f"{reason}; the last position on record was {size}, of which {covered} was covered"


def _halted(run: Run, found: Findings, instrument: Instrument) -> Flow[Result]:
    """Reads what is there, and leaves it: the contract takes no orders now."""
    reason = f"{instrument.symbol} takes no orders: its status is {instrument.halted}"
    reading, found = yield from read_snapshot(run, found)
    if isinstance(reading, Observation):
        found = settle_by_read(run, found)
        yield from settled_stop(run, reading)
        if run.record.position_size == ZERO:
            # Beside a position they are sent again, under their ids, once the contract takes
            # orders: until then no refusal tells whether the exchange knows an id (promise P1).
            drop_places(run, Plan(), reason)
        if run.record.position_size == ZERO and not run.record.resting:
            reading, found = yield from read_snapshot(run, found)
            if isinstance(reading, Observation) and run.record.position_size == ZERO:
                return Result("settled", "no position and no orders", found)
    if isinstance(reading, Unknown):
        return blind(run, found, f"{reason}; the exchange could not be read: {reading.reason}")
    return no_plan(found, reason)


def mode_to_set(run: Run, reading: Observation | OrdersUnread) -> str:
    """What to set where the position is of another mode than its account is configured for."""
    position = reading.position(run.key.symbol, run.key.side)
    return wrong_mode(position, run.ports.exchange.position_mode)
