"""Validating: do the orders that rest at the exchange equal what the ladder asks for?

This state sends no write. It reads the exchange until a read agrees with the record, looks up
what became of missing orders, and makes the plan. Where the position could be read and the orders
could not, it keeps the record and plans only amends of orders on record: an amend neither
duplicates an order nor uncovers the position.
"""

from datetime import timedelta
from functools import partial

from ..domain.copies import replace
from ..domain.flow import Flow
from ..domain.model.errors import LadderError
from ..domain.model.instrument import ZERO, plain
from ..domain.model.observation import Observation, OrdersUnread, Reading, Unknown
from ..domain.model.record import OwnedStatus, PositionAnchor
from ..domain.planning.pending import cover_of
from ..domain.planning.plan import Amend, Cancel, Plan
from ..domain.planning.remap_levels import remap_levels, with_orders_at_their_prices
from ..domain.planning.targets import Targets
from ..domain.protection.adopting import wants_stop_alone
from ..domain.protection.following import shows_stop
from ..domain.protection.laddering import without_reckoned
from .closing.deciding import UNKNOWN, close_first, end_closes, read_for_closes, settle_closes
from .contract import mode_to_set, not_traded, read_rules, rules_needed
from .ending.conclusion import conclude
from .ends import blind, no_plan, to_recover
from .market import needs_market, read_market, report_withheld
from .protection.deciding import (
    announce_stop,
    await_stop,
    lacks_stop,
    must_confirm,
    must_wait,
    needs_stop,
    unshrunk,
)
from .protection.entries import cancel_others
from .protection.laddering import follow_rule
from .protection.reading import read_facts
from .protection.searching import settled_stop
from .work.by_hand import pause_for_changes
from .work.close.requests import open_closes
from .work.confirmation import settle_by_read
from .work.findings import Findings, Result
from .work.intents import (
    announce_cancels,
    announce_unchanged,
    announce_writes,
    drop_places,
    may_leave,
)
from .work.pace import may_touch_orders, note_contest, paced, why_waiting
from .work.planning import Planned, make_plan, plan_left
from .work.room import account_for_room, with_cancels_that_may_leave, without_a_gap, without_room
from .work.run import Run
from .work.snapshot import (
    adoptable_orders,
    orders_to_adopt,
    read_instrument,
    read_snapshot,
    report_second_engine,
)
from .work.waiting import await_pending

_YOUNG = timedelta(seconds=5)


def validating(run: Run, before: Result) -> Flow[Result]:
    """Reads, compares and decides which way the run goes."""
    if stopped := run.ports.stopped():
        return (yield from _barred(run, before.found, f"{run.key}: {stopped}"))
    if barred := run.ports.barred():
        return (yield from _barred(run, before.found, f"{run.key.account!r}: {barred}"))
    result = yield from _compare(run, before.found)
    while result.event == "settled" and _is_woken(run, result.found):
        run.record = replace(run.record, wakes=run.ports.wakes(run.record.id))
        run.decide("🔔 A wake came in during the run: reading again")
        result = yield from _compare(run, result.found.next_round())
    if result.event == "settled":
        result = replace(result, outcome=conclude(run, result))
    return result


def _is_woken(run: Run, found: Findings) -> bool:
    """Whether a wake may have come too late for the last read, and another round is allowed."""
    return run.ports.wakes(run.record.id) > run.record.wakes and run.may_go_round(found)


def _compare(run: Run, found: Findings) -> Flow[Result]:
    run.decide(f"🔍 Validating TP orders for {run.key.symbol} ({run.record.role.label})")
    now = run.moment()
    found = replace(
        found,
        announced=frozenset(),
        held="",
        cut_short=False,
        market_asked=False,
        sets_stop="",
        closes="",
        began=now if found.began is None else found.began,
    )
    found, failed = yield from read_rules(run, found, now if found.refusals.rules_stale else None)
    if failed is not None:
        return failed
    closed_from = yield from settle_closes(run)
    reading, found = yield from _read(run, found)
    reading, found = yield from read_for_closes(run, found, reading, closed_from)
    if isinstance(reading, Observation) and not lacks_stop(run, found):
        reading, found = yield from await_pending(run, found, reading, partial(_left, run))
    return (yield from _decide(run, found, reading))


def _decide(run: Run, found: Findings, reading: Reading) -> Flow[Result]:
    """Goes on from a read, as far as it is known what it shows."""
    match reading:
        case Observation() if found.cut_short:
            yield from settled_stop(run, reading)
            tired = f"the run has used up its {run.used_up(found)}: the next one goes on"
            pending = "an earlier write may still take effect"
            return blind(run, found, pending if run.pending else tired)
        case Observation():
            return (yield from _with_orders(run, found, reading))
        case OrdersUnread():
            yield from settled_stop(run, reading)
            if not found.cut_short:
                found, protected = yield from _protect(run, found, reading)
                if protected is not None:
                    return protected
            if open_closes(run):
                return blind(run, found, UNKNOWN)
            return _without_orders(run, found, reading)
        case Unknown():
            return (yield from _unread(run, found, reading))


def _unread(run: Run, found: Findings, reading: Unknown) -> Flow[Result]:
    """Nothing could be read; the exchange may have dropped the contract since its rules were."""
    if (yield from read_instrument(run)) is None:
        return no_plan(found, not_traded(run.record))
    return blind(run, found, f"the exchange could not be read: {reading.reason}")


def _barred(run: Run, found: Findings, barred: str) -> Flow[Result]:
    """Reads what is there, and leaves it: nothing may be written for the monitor or account."""
    reason = f"no write leaves for {barred}"
    reading, found = yield from read_snapshot(run, replace(found, announced=frozenset()))
    if isinstance(reading, Unknown):
        return blind(run, found, f"{reason}; the exchange could not be read: {reading.reason}")
    if isinstance(reading, Observation):
        found = account_for_room(run, settle_by_read(run, found), reading)
        yield from settled_stop(run, reading)
    return no_plan(found, reason)


def _read(run: Run, found: Findings) -> Flow[tuple[Reading, Findings]]:
    """The read that Placing has just made, or a new one; the commit may have waited for long."""
    if found.seen is None or run.has_stood_still:
        return (yield from read_snapshot(run, replace(found, seen=None, market=None)))
    market = None if found.seen.changes is not None else found.market
    return found.seen, replace(found, seen=None, market=market)


def _left(run: Run, found: Findings) -> Plan | None:
    return plan_left(run.record, found, run.settings.replace)


def _with_orders(run: Run, found: Findings, reading: Observation) -> Flow[Result]:
    """Goes on from a whole read: the position's stop comes first, then its ladder."""
    found = account_for_room(run, settle_by_read(run, found), reading)
    yield from settled_stop(run, reading)
    if paused := (yield from pause_for_changes(run)):
        return no_plan(found, f"no write leaves for {run.key}: {paused}")
    orders, key = reading.orders_of(run.key.symbol), run.key
    run.decide(f"📊 Found {len(orders)} active orders on exchange for {key.symbol} ({key.account})")
    if run.record.position_size == ZERO:
        return (yield from _flat(run, found, reading))
    if mode := mode_to_set(run, reading):
        return no_plan(found, mode)
    found, first = yield from _before_ladder(run, found, reading)
    return first or (yield from _with_position(run, found, reading))


def _before_ladder(
    run: Run, found: Findings, reading: Observation
) -> Flow[tuple[Findings, Result | None]]:
    """The result of Validating where a close, the stop or a ladder by rule decides it; else None.

    Who commands a close wants to be out; and the ladder waits while nobody knows what one did.
    """
    found, closed = close_first(run, found, reading)
    if closed is not None:
        return found, closed
    without_ladder = follow_rule(run, found)
    found, protected = yield from _protect(run, found, reading)
    if protected is not None:
        return found, protected
    if open_closes(run):
        return found, blind(run, found, UNKNOWN)
    if without_ladder:
        drop_places(run, Plan(), without_ladder)
        return found, no_plan(found, without_ladder)
    return found, None


def _with_position(run: Run, found: Findings, reading: Observation) -> Flow[Result]:
    """Goes on where the position is open, and its stop is as it has to be."""
    orders = reading.orders_of(run.key.symbol)
    live = [order for order in run.record.orders if order.status is OwnedStatus.OPEN]
    run.decide(f"✅ TP order validation complete: {len(live)} valid orders")
    # Before it is known what our own places do, others may leave no room for them.
    waiting = () if live or run.pending else adoptable_orders(run, reading)
    own_stops = sum(shows_stop(run.record, order) for order in orders)
    external = len(orders) - len(live) - len(waiting) - own_stops
    if external:
        run.decide(f"🙈 External orders left alone: {external}")
    if waiting:
        return to_recover(found, len(waiting))
    if run.record.ladder is None:
        if wants_stop_alone(run.record) and not _may_copy(run):
            return Result("settled", "no ladder is wanted", found)
        return Result("missing", "there is no ladder on record", found)
    _follow_main(run)
    return (yield from _by_ladder(run, found, reading, has_orders=bool(live)))


def _protect(
    run: Run, found: Findings, reading: Observation | OrdersUnread
) -> Flow[tuple[Findings, Result | None]]:
    """The result of Validating where the stop has to be set, or waited for; else None."""
    if mode_to_set(run, reading):
        return found, None
    found = yield from read_facts(run, found)
    change = unshrunk(run, needs_stop(run, found), reading)
    if change is None:
        return (yield from cancel_others(run, found, reading))
    if must_wait(run, change) or must_confirm(run, found, change):
        again, found = yield from await_stop(run, found)
        return found, (yield from _decide(run, found, again))
    return found, announce_stop(run, found, change)


def _may_copy(run: Run) -> bool:
    """Whether the monitor follows a main account that has a ladder for it."""
    main = run.record.follows
    return main is not None and run.ports.main_ladder(run.key, main) is not None


def _by_ladder(
    run: Run, found: Findings, reading: Observation, *, has_orders: bool
) -> Flow[Result]:
    run.record = with_orders_at_their_prices(run.record)
    if has_orders:
        # A level part that waits for nothing any more is free for an order that rests.
        drop_places(run, Plan(), "no read has shown it, and its time is over")
    found, planned = yield from _planned(run, found)
    if isinstance(planned, Result):
        return planned
    if needs_market(run, found, planned.plan):
        again, found = yield from read_market(run, found)
        return (yield from _decide(run, found, again))
    found = planned.followed(found)
    report_withheld(run, found)
    if has_orders and (missing := orders_to_adopt(run, found, reading)):
        return to_recover(found, len(missing))
    if has_orders and not planned.plan.places:
        report_second_engine(run, reading)
    plan = paced(run, planned.plan, found.instrument)
    if plan is None:
        return no_plan(found, why_waiting(run))
    return _follow(run, replace(found, plan=plan), plan)


def _planned(run: Run, found: Findings) -> Flow[tuple[Findings, Planned | Result]]:
    """The plan, by rules that are young enough for it; or the end of the state without any.

    While those cannot be read, what is uncovered does not wait: orders grow, and none gives up any.
    """
    try:
        planned = make_plan(run.record, found, run.settings.replace)
        since = rules_needed(run, found, planned.plan)
        if since is not None and (found.rules_since is None or found.rules_since < since):
            before = found
            found, failed = yield from read_rules(run, found, since)
            if failed is not None:
                amends = _within_position(run, before, planned.plan)
                if found.instrument is not None or failed.event != "blind" or not amends:
                    return found, failed
                return before, replace(planned, plan=Plan(amends=amends))
            if found.instrument != before.instrument:
                planned = make_plan(run.record, found, run.settings.replace)
    except LadderError as error:
        drop_places(run, Plan(), str(error))
        return found, no_plan(found, str(error))
    return found, planned


def _follow_main(run: Run) -> None:
    """Copies the main account's ladder again, where it was copied before and has changed."""
    main = run.record.follows
    if main is None or run.record.ladder_source != main:
        return
    ladder = run.ports.main_ladder(run.key, main)
    if ladder is not None and ladder != run.record.ladder:
        run.record = remap_levels(run.record, ladder, main)
        run.decide(f"🔁 The ladder of {main} was edited: this mirror copies the new one")


def _follow(run: Run, found: Findings, plan: Plan) -> Result:
    drop_places(run, plan, "the position moved: the order is no longer wanted")
    if found.adopted and not plan.is_empty:
        run.decide(f"✅ Recovered {found.adopted} TP orders, proceeding with rebalancing")
    found = replace(found, adopted=0)
    whole, plan = plan, with_cancels_that_may_leave(run, found, plan)
    if plan.cancels:
        found = announce_cancels(run, found, plan)
        return Result("drifted", f"orders to cancel: {len(plan.cancels)}", found)
    plan = without_a_gap(run, found, plan)
    if plan is not whole and may_leave(run, found.instrument, plan).is_empty:
        return blind(run, found, f"actions left for the next run: {whole.actions}")
    if not plan.is_empty:
        found = announce_writes(run, found, plan)
        if run.record.room_taken is not None and not found.announced:
            return no_plan(found, without_room(run, found))
        return Result("short", f"amend {len(plan.amends)}, place {len(plan.places)}", found)
    return Result("settled", f"{plain(run.record.covered)} covered", found)


def _flat(run: Run, found: Findings, reading: Observation) -> Flow[Result]:
    """The position is flat if a second complete read agrees; otherwise the run validates again."""
    again, found = yield from read_snapshot(run, found)
    if not isinstance(again, Observation):
        reason = f"the position seems closed, but a second read failed: {again.reason}"
        return blind(run, found, reason)
    if run.record.position_size != ZERO:
        return (yield from _with_orders(run, found, again))
    found = settle_by_read(run, found)
    seq = again.position(run.key.symbol, run.key.side).seq
    read_ms = max(reading.read_ms, again.read_ms)  # A live view does not say when it was read.
    yield from settled_stop(run, again)
    run.record = without_reckoned(replace(run.record, anchor=PositionAnchor(ZERO, read_ms, seq)))
    end_closes(run, found, again)
    drop_places(run, Plan(), "the position is closed")
    found, first = yield from cancel_others(run, found, again)
    if first is not None:
        return first
    leftovers = [order for order in run.record.orders if order.status is OwnedStatus.OPEN]
    plan = Plan(cancels=tuple([Cancel(o, "the position is closed") for o in leftovers]))
    found = replace(found, targets=Targets(()), plan=plan)
    if leftovers:
        found = announce_cancels(run, found, plan)
        return Result("closed", f"orders to cancel: {len(leftovers)}", found)
    return Result("settled", "no position and no orders", found)


def _without_orders(run: Run, found: Findings, reading: OrdersUnread) -> Result:
    """Plans amends within the position: it was read, the orders are only known from the record.

    An order that has vanished is amended to the price it has: no change where it rests, and where
    it does not, the exchange says so.
    """
    if found.vanished:
        run.decide(f"👻 {reading.reason}: only orders on record are amended")
    else:
        run.note(f"UNVERIFIED: the orders could not be read ({reading.reason})")
        run.decide("⚠️ The orders could not be read: only orders on record are amended")
    if mode := mode_to_set(run, reading):
        return no_plan(found, mode)
    amends: tuple[Amend, ...] = ()
    if run.record.position_size != ZERO and run.record.ladder is not None:
        run.record = with_orders_at_their_prices(run.record)
        try:
            planned = make_plan(run.record, found, run.settings.replace)
        except LadderError as error:
            run.decide(f"🚫 {error}")
        else:
            found = planned.followed(found)
            plan = paced(run, planned.plan, found.instrument)
            amends = _within_position(run, found, plan) if plan else ()
            note_contest(run)
    plan = Plan(amends=amends)
    found = announce_writes(run, replace(found, plan=plan), plan)
    if may_touch_orders(run):
        found = announce_unchanged(run, found)
    if not found.announced:
        reason = f"no order can be amended while the orders are unread: {reading.reason}"
        return blind(run, found, reason)
    return Result("short", f"amend {len(found.announced)}, unverified", found)


def _within_position(run: Run, found: Findings, plan: Plan) -> tuple[Amend, ...]:
    """The amends that grow an order or move its price, and keep the cover within the position.

    None of them shrinks an order: if one filled unseen, the position is smaller by exactly its
    fill, and the other orders still cover the rest.
    """
    pending = run.pending
    growing = [a for a in plan.amends if a.target.quantity >= cover_of(a.order, pending).most]
    return may_leave(run, found.instrument, Plan(amends=tuple(growing))).amends
