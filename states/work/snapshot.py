"""Seeing the exchange as it is: a read that fits together, and what it asks for."""

from dataclasses import replace
from decimal import Decimal

from ...domain.model.errors import LadderError
from ...domain.model.instrument import ZERO, Instrument, plain
from ...domain.model.ladder import Ladder
from ...domain.model.observation import Observation, OrdersUnread, Reading, Unknown
from ...domain.model.order import Order
from ...domain.model.record import MonitorRecord, OwnedStatus
from ...domain.planning.plan import Plan, plan_for
from ...domain.planning.remap_levels import next_cycle, with_orders_at_their_prices
from ...domain.planning.targets import Targets, progress_of, targets_for
from ...domain.recognition.classify import adoptable
from ...domain.tracking.matching import match_orders
from . import calls
from .lookup import query_orders, report_disowned
from .run import Run

_FAST_REREADS = 5
_OLD_POSITION = "an order filled, and the position is shown as it was"


def read_instrument(run: Run) -> Instrument | Unknown | None:
    """The symbol's rules, tried again until the read budget is spent; None: not traded."""
    answer: Instrument | Unknown | None = None
    for _ in run.tries(run.settings.read_budget):
        answer = run.ports.exchange.instrument(run.key.symbol)
        if not isinstance(answer, Unknown):
            break
    run.instrument = answer if isinstance(answer, Instrument) else None
    return answer


def read_snapshot(run: Run) -> Reading:
    """A complete read that agrees with the record about fills, or what was had instead.

    A fill that comes to light after the position was read makes that position an old one, so
    the exchange is read again until a read brings no such news. So it is, for the grace time,
    where the position is still the very one from before the fill. The record's orders are
    brought up to the read; every owned order that it does not show is looked up.
    """
    reading: Reading = Unknown(run.key.account, run.now(), "not read")
    patient_until = run.now() + run.settings.grace
    for _ in run.tries(run.settings.read_budget):
        for _ in range(_FAST_REREADS):
            reading = calls.observe(run)
            if not isinstance(reading, Observation):
                break
            before = _fills(run.record)
            answer = _bring_up(run, reading)
            if answer is not None:
                reading = answer
                break
            if _fills(run.record) != before:
                continue
            if not _is_from_before_a_fill(run, reading) or run.now() >= patient_until:
                return _take(run, reading)
            reading = Unknown(run.key.account, run.now(), _OLD_POSITION)
            run.ports.exchange.invalidate(run.key.symbol, _OLD_POSITION)
            break
        else:
            reading = Unknown(run.key.account, run.now(), "the position moves faster than reads")
    return reading


def make_plan(run: Run) -> Plan:
    """What is to be done, by the run's last read and its record.

    Raises:
        LadderError: the ladder cannot be applied to the position.
    """
    run.record = with_orders_at_their_prices(run.record)
    record, instrument = run.record, run.instrument
    if record.ladder is None or instrument is None:
        raise LadderError("there is no ladder")
    record.ladder.check_instrument(instrument)
    record.ladder.check_side(
        record.key.side, record.entry_price, _to_be_placed(record, record.ladder)
    )
    targets = targets_for(
        record.ladder, record.position_size, progress_of(record), instrument, _left_out(run)
    )
    if not targets.orders:
        raise LadderError(_nothing_to_place(record, targets))
    run.targets = targets
    run.plan = _possible(run, targets)
    if not run.plan.is_empty:
        run.adjusted = tuple(dict.fromkeys((*run.adjusted, *targets.notes)))
    return run.plan


def _nothing_to_place(record: MonitorRecord, targets: Targets) -> str:
    """Why there are no targets, and what becomes of orders that rest all the same."""
    why = targets.notes[-1] if targets.notes else "nothing can be covered"
    live = [order.remaining for order in record.orders if order.status is OwnedStatus.OPEN]
    if not live:
        return why
    one = len(live) == 1
    return (
        f"{why}; {len(live)} {'TP order' if one else 'TP orders'} of {plain(sum(live, ZERO))} "
        f"{'rests and stays' if one else 'rest and stay'}: reduce-only, "
        f"{'it closes' if one else 'they close'} no more than the {plain(record.position_size)}"
    )


def _left_out(run: Run) -> frozenset[int]:
    """Levels that nothing rests for, and whose place this run was refused for good.

    A whole cover is worth more than exact shares: the others cover for them, until the next run
    tries again. Which costs a moment: what shall make room for a place shrinks before it.
    """
    covered = {order.level for order in run.record.resting}
    return frozenset(level for level, _ in run.unplaceable if level not in covered)


def _possible(run: Run, targets: Targets) -> Plan:
    """What is to be done without what this run was refused.

    While places are refused nothing is cancelled in order to be placed anew.
    """
    orders = run.record.orders
    if not run.unplaceable:
        return plan_for(
            targets.orders, orders, mode=run.settings.replace, not_amendable=run.not_amendable
        )
    plan = plan_for(targets.orders, orders)
    return replace(
        plan,
        amends=tuple(a for a in plan.amends if a.order.order_id not in run.not_amendable),
        places=tuple(
            p for p in plan.places if (p.target.level, p.target.part) not in run.unplaceable
        ),
    )


def _to_be_placed(record: MonitorRecord, ladder: Ladder) -> frozenset[int]:
    """The levels that are not finished and have no order: a new one must not realise a loss."""
    resting = {order.level for order in record.orders if order.status is OwnedStatus.OPEN}
    return frozenset(
        level.number
        for level in ladder.levels
        if level.number not in resting and not record.is_done(level.number)
    )


def _bring_up(run: Run, reading: Observation) -> Unknown | None:
    """Brings the record's orders up to the read; Unknown if one of them cannot be placed."""
    matched = match_orders(run.record, reading.orders_of(run.key.symbol))
    if matched.outdated:
        return Unknown(
            run.key.account, run.now(), f"{matched.outdated[0].order_link_id} is shown as it was"
        )
    for owned in matched.record.resting:
        before = run.record.order(order_link_id=owned.order_link_id)
        if before is not None and owned.filled > before.filled:
            run.decide(f"💰 TP{owned.level} filled: {owned.filled} of {owned.quantity}")
    run.record = matched.record
    for owned in matched.disowned:
        report_disowned(run, owned)
    if not matched.unseen:
        return None
    for link_id, became in query_orders(run, matched.unseen).items():
        if became is None:
            return Unknown(run.key.account, run.now(), f"{link_id} could not be looked up")
        if became.status is OwnedStatus.OPEN:
            return Unknown(run.key.account, run.now(), f"{link_id} is open but not yet listed")
    return None


def _take(run: Run, reading: Observation) -> Observation:
    run.observation = reading
    _take_position(run, reading)
    return reading


def _is_from_before_a_fill(run: Run, reading: Observation) -> bool:
    """Whether an order filled since the position was taken, and the read shows the very same."""
    position = reading.position(run.key.symbol, run.key.side)
    taken = run.record.position_size, run.record.entry_price
    return bool(position.size) and (position.size, position.entry_price) == taken and run.has_filled


def take_position(run: Run, reading: OrdersUnread) -> None:
    """Puts the position of a read whose orders failed into the record."""
    _take_position(run, reading)


def _take_position(run: Run, reading: Observation | OrdersUnread) -> None:
    position = reading.position(run.key.symbol, run.key.side)
    run.size_known = True
    if run.was_flat and position.size:
        run.was_flat = False
        if run.record.orders and not any(o.status is OwnedStatus.OPEN for o in run.record.orders):
            run.record = next_cycle(run.record)
            run.decide("🏁 A new position: fills start from nothing")
    run.record = replace(run.record, position_size=position.size, entry_price=position.entry_price)
    run.position_taken()


def _fills(record: MonitorRecord) -> tuple[tuple[str, Decimal], ...]:
    return tuple((order.order_link_id, order.filled) for order in record.orders)


def unrecorded_orders(run: Run, reading: Observation) -> tuple[Order, ...]:
    """Live orders at the position that are not on record, whatever they are."""
    index = run.ports.exchange.position_mode.position_index(run.key.side)
    return tuple(
        order
        for order in reading.orders_of(run.key.symbol)
        if order.position_index == index
        and run.record.order(order_link_id=order.order_link_id, order_id=order.order_id) is None
    )


def adoptable_orders(run: Run, reading: Observation) -> tuple[Order, ...]:
    """Live TP orders of the position that are not on record and may be taken over."""
    rules = run.settings.recognition
    return tuple(
        order for order in unrecorded_orders(run, reading) if adoptable(order, run.key.side, rules)
    )
