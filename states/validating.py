"""Validating: what is open at the exchange, and does it equal what the ladder asks for?

Nothing is touched here. The exchange is read until a read fits together with the record;
what became of missing orders is looked up; the plan is drawn up. With the position fresh but
the orders unread, the record is kept and only amends of orders on record are planned: an
amend can neither duplicate nor uncover.
"""

from dataclasses import replace

from ..domain.model.errors import LadderError
from ..domain.model.instrument import ZERO, plain
from ..domain.model.observation import Observation, OrdersUnread, Unknown
from ..domain.model.record import OwnedStatus, RunOutcome
from ..domain.planning.plan import Amend, Cancel, Plan
from ..domain.planning.remap_levels import remap_levels
from ..domain.planning.targets import Targets
from .work.conclusion import conclude
from .work.confirmation import await_changes, await_places, settle_by_read
from .work.intents import announce_cancels, announce_writes, drop_places, may_leave
from .work.run import Result, Run
from .work.snapshot import (
    adoptable_orders,
    make_plan,
    read_instrument,
    read_snapshot,
    take_position,
)


def validating(run: Run) -> Result:
    """Reads, compares and decides which way the run goes."""
    result = _compare(run)
    while result.event == "settled" and _is_woken(run):
        result = _compare(run)
    if result.event == "settled":
        conclude(run)
    return result


def _is_woken(run: Run) -> bool:
    """Whether a wake came in, perhaps too late for the last read; it counts as answered."""
    wakes = run.ports.wakes(run.record.id)
    if wakes <= run.record.wakes or not run.may_go_round:
        return False
    run.rounds += 1
    run.record = replace(run.record, wakes=wakes)
    run.decide("🔔 A wake came in meanwhile: read again")
    return True


def _compare(run: Run) -> Result:
    run.reason = ""
    run.fresh.clear()
    run.decide(f"🔍 Validating TP orders for {run.key.symbol} ({run.record.role.label})")
    instrument = read_instrument(run)
    if isinstance(instrument, Unknown):
        return _blind(run, f"the instrument's rules could not be read: {instrument.reason}")
    if instrument is None:
        return _missing(run, f"{run.key.symbol} is not traded")
    since = run.now()
    reading = read_snapshot(run)
    match reading:
        case Unknown() | OrdersUnread():
            return _unread(run, reading)
        case Observation():
            reading = await_changes(run, reading, since, lambda: _plan_now(run))
            if isinstance(reading, Observation):
                reading = await_places(run, reading, lambda: _can_act(run))
            if isinstance(reading, Observation):
                return _with_orders(run, reading)
            return _unread(run, reading)


def _plan_now(run: Run) -> Plan | None:
    """The plan by what is on record now; None where there can be none."""
    if run.record.position_size == ZERO or run.record.ladder is None:
        return None
    try:
        return make_plan(run)
    except LadderError:
        return None


def _can_act(run: Run) -> bool:
    """Whether anything may leave now; what has no plan is not waited for."""
    plan = _plan_now(run)
    return plan is None or bool(plan.cancels) or not may_leave(run, plan).is_empty


def _unread(run: Run, reading: Unknown | OrdersUnread) -> Result:
    if isinstance(reading, OrdersUnread):
        return _without_orders(run, reading)
    run.size_known = False
    return _blind(run, f"the exchange could not be read: {reading.reason}")


def _with_orders(run: Run, reading: Observation) -> Result:
    settle_by_read(run)
    orders = reading.orders_of(run.key.symbol)
    run.decide(
        f"📊 Found {len(orders)} active orders on exchange for {run.key.symbol} ({run.key.account})"
    )
    if run.record.position_size == ZERO:
        return _flat(run)
    live = [order for order in run.record.orders if order.status is OwnedStatus.OPEN]
    run.decide(f"✅ TP order validation complete: {len(live)} valid orders")
    waiting = () if live else adoptable_orders(run, reading)
    foreign = len(orders) - len(live) - len(waiting)
    if foreign:
        run.decide(f"🙈 Not ours, left alone: {foreign}")
    if waiting:
        return Result("missing", f"live TP orders not on record: {len(waiting)}")
    if run.record.ladder is None:
        return Result("missing", "there is no ladder on record")
    _follow_main(run)
    try:
        plan = make_plan(run)
    except LadderError as error:
        drop_places(run, Plan(), str(error))
        return _missing(run, str(error))
    return _follow(run, plan)


def _follow_main(run: Run) -> None:
    """A mirror that took its main's ladder takes it again when it was edited."""
    main = run.record.follows
    if main is None or run.record.ladder_source != main:
        return
    ladder = run.ports.main_ladder(run.key, main)
    if ladder is not None and ladder != run.record.ladder:
        run.record = remap_levels(run.record, ladder, main)
        run.decide(f"🔁 The ladder of {main} was edited: taken again")


def _follow(run: Run, plan: Plan) -> Result:
    drop_places(run, plan, "the position moved: it goes out no more")
    if run.adopted and not plan.is_empty:
        run.decide(f"✅ Recovered {run.adopted} TP orders, proceeding with rebalancing")
    run.adopted = 0
    if plan.cancels:
        announce_cancels(run, plan)
        return Result("drifted", f"to cancel: {len(plan.cancels)}")
    if not plan.is_empty:
        announce_writes(run, plan)
        return Result("short", f"amend {len(plan.amends)}, place {len(plan.places)}")
    return Result("settled", f"{plain(run.record.covered)} covered")


def _flat(run: Run) -> Result:
    """The position is flat, by two complete reads; a read that shows it again goes round."""
    again = read_snapshot(run)
    if not isinstance(again, Observation):
        return _blind(run, f"the position seems closed, but was not read twice: {again.reason}")
    if run.record.position_size != ZERO:
        return _with_orders(run, again)
    run.targets = Targets(())
    drop_places(run, Plan(), "the position is closed")
    leftovers = [order for order in run.record.orders if order.status is OwnedStatus.OPEN]
    if leftovers:
        run.plan = Plan(cancels=tuple(Cancel(o, "the position is closed") for o in leftovers))
        announce_cancels(run, run.plan)
        return Result("closed", f"to cancel: {len(leftovers)}")
    run.plan = Plan()
    return Result("settled", "no position and no orders")


def _without_orders(run: Run, reading: OrdersUnread) -> Result:
    """The position is fresh and the orders are as on record: amends only, within the position."""
    take_position(run, reading)
    run.verified = False
    run.note(f"UNVERIFIED: the orders could not be read ({reading.reason})")
    run.decide("⚠️ Orders unread: keeping the orders on record, amends only")
    if run.record.position_size == ZERO or run.record.ladder is None:
        return _blind(run, f"the orders could not be read: {reading.reason}")
    try:
        plan = make_plan(run)
    except LadderError as error:
        return _blind(run, str(error))
    amends = _within_position(run, plan)
    if not amends:
        return _blind(run, f"nothing can be amended while orders are unread: {reading.reason}")
    run.plan = Plan(amends=amends)
    announce_writes(run, run.plan)
    return Result("short", f"amend {len(amends)}, unverified")


def _within_position(run: Run, plan: Plan) -> tuple[Amend, ...]:
    """The amends that grow an order or move its price, and keep the cover within the position.

    None that shrinks: if an order filled unseen, the position is smaller by just that, and
    the others are what still covers it.
    """
    covered = run.record.covered
    taken: list[Amend] = []
    for amend in plan.amends:
        if amend.growth >= 0 and covered + amend.growth <= run.record.position_size:
            covered += amend.growth
            taken.append(amend)
    return tuple(taken)


def _missing(run: Run, reason: str) -> Result:
    run.reason = reason
    return Result("missing", reason)


def _blind(run: Run, reason: str) -> Result:
    run.reason = reason
    run.outcome = RunOutcome.FAILED
    run.note(reason)
    run.decide(f"🚫 {reason}")
    return Result("blind", reason)
