"""What happened to a position since events were last reported: a pure function of two records.

What has been reported is part of the record (:class:`~..model.record.Reported`), and of each order.
So it does not matter which run saw it, nor whether a process died since: each fill is reported
once, and a position is reported to be closed or reduced once that is known for certain.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from ..model.events import (
    NOTHING_REALISED,
    Cause,
    Event,
    LadderChanged,
    LevelFilled,
    MirrorDiverged,
    OtherOrders,
    PositionClosed,
    PositionFlipped,
    PositionReduced,
    Realised,
    Recovered,
    Trade,
    Uncovered,
)
from ..model.identity import Side
from ..model.instrument import ZERO
from ..model.order import Execution, Order
from ..model.record import MonitorRecord, OwnedOrder, PositionAnchor, Reported
from ..planning.remap_levels import LAST_POSITION
from .divergence import MainStands, divergence_of
from .realised import (
    by_time,
    closed_by,
    fees_of,
    filled_before,
    realised_at,
    realised_by,
    trades_of,
    value_since_report,
)

Earlier = Mapping[str, OwnedOrder]
"""Orders as they were when the run began, by order link id."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a run knows at its end, beside the record.

    Attributes:
        at: when it ended.
        is_known: whether the size on record is the position's, the fills on record explain it as
            far as they can, and nobody doubts whose position it is.
        is_settled: whether no write of the monitor may still take effect.
        decided_for: the size that the run's last writes were decided for; 0 where it sent none.
        opposite: the size of the position of the other side that is open in its place; 0 where
            there is none, or where both may be open.
        trades: of the symbol, where they were read; else None.
        streamed: trades of the symbol that are known without a read; not all of them, perhaps.
        why: what the run has to say about its end.
        main: how the main of a mirror stands; None where that is not known.
        placed: link ids of the orders that the run placed.
        others: the orders of others that close the position like a TP; None where the orders were
            not read.
    """

    at: datetime
    is_known: bool = True
    is_settled: bool = True
    decided_for: Decimal = ZERO
    opposite: Decimal = ZERO
    trades: Sequence[Execution] | None = None
    streamed: Sequence[Execution] = ()
    why: str = ""
    main: MainStands | None = None
    placed: Collection[str] = ()
    others: Sequence[Order] | None = None


def what_happened(
    before: MonitorRecord, after: MonitorRecord, seen: Seen
) -> tuple[tuple[Event, ...], MonitorRecord]:
    """What happened since events were last reported, and the record that says so.

    A short of 1000 has a TP of 850 and one of 150. Both have filled, and the position is flat:

    =======================  ==================================================================
    reported, and on record  events
    =======================  ==================================================================
    1000 open; 0 open        two ``LevelFilled``, ``PositionClosed`` by ``take-profit``
    1000 open; unread        two ``LevelFilled``; the size is compared once it is known
    the same again; 0 open   ``PositionClosed`` by ``take-profit``: nothing is reported twice
    =======================  ==================================================================

    Args:
        before: the record when the run began.
        after: the record now.
        seen: what else the run knows.
    """
    after = _without_earlier_fills(after, seen)
    reported = after.reported or first_reported(before)
    earlier = {order.order_link_id: order for order in before.orders}
    events: list[Event] = [*_fills(after, earlier, seen)]
    reported = _counted(after, earlier, reported)
    if seen.is_known:
        became, realised = _position(before, after, reported, seen)
        events += became
        reported = replace(
            reported,
            size=after.position_size,
            filled=ZERO,
            cycle=after.cycle,
            entry=after.entry_price,
            value=ZERO,
            realised=realised,
        )
        parted, reported = _diverged(before, after, reported, seen)
        events += parted
        if seen.is_settled:
            cover, reported = _cover(after, reported, seen)
            beside, reported = _others(after, reported, seen.others)
            events += (*cover, *beside)
    if after.ladder != reported.ladder:
        events.append(LadderChanged(after.ladder_source, reported.ladder, after.ladder))
    orders = tuple(
        [
            order if order.reported == order.filled else replace(order, reported=order.filled)
            for order in after.orders
        ]
    )
    reported = replace(reported, ladder=after.ladder)
    return tuple(events), replace(after, orders=orders, reported=reported)


def first_reported(record: MonitorRecord) -> Reported:
    """What counts as reported where nothing has been: the record, as it was before the run.

    A monitor that has never run has had no ladder yet.
    """
    ladder = None if record.last_run_at is None else record.ladder
    size, entry = record.position_size, record.entry_price
    return Reported(size, cycle=record.cycle, ladder=ladder, entry=entry)


def unexplained(record: MonitorRecord, size: Decimal) -> Decimal:
    """How much smaller a position is than owned fills have made it; 0 where it is not."""
    reported = record.reported or first_reported(record)
    filled = reported.filled + sum(map(_unreported, _of_cycle(record, reported)), ZERO)
    return max(reported.size - filled - size, ZERO)


def _without_earlier_fills(after: MonitorRecord, seen: Seen) -> MonitorRecord:
    """With the fills as reported that adopted orders had before they came on record.

    A read that lagged may have shown such an order without them, and the next one only after a
    later fill. By then they are reported as what made the position smaller.
    """
    known = (*seen.streamed, *(seen.trades or ()))
    orders = [
        replace(one, reported=before) if (before := filled_before(one, known)) else one
        for one in after.orders
    ]
    return replace(after, orders=tuple(orders))


def _fills(after: MonitorRecord, earlier: Earlier, seen: Seen) -> Iterator[LevelFilled]:
    """Growth of ``filled`` on record that no event has reported.

    An order whose position is over has lost its level: it is known from before the run.
    """
    for order in sorted(after.orders, key=lambda one: (one.level, one.part, one.generation)):
        if order.filled > order.reported:
            link_id, quantity = order.order_link_id, _unreported(order)
            before = earlier.get(link_id)
            value = value_since_report(order, before)
            yield LevelFilled(
                before.level if before and order.level < 0 else order.level,
                quantity,
                order.price,
                order.remaining,
                link_id,
                at_once=link_id in seen.placed,
                average=None if value is None else value / quantity,
                executions=trades_of(order, (*seen.streamed, *(seen.trades or ()))),
            )


def _of_cycle(after: MonitorRecord, reported: Reported) -> list[OwnedOrder]:
    """The orders of the position that was reported last."""
    is_over = after.cycle != reported.cycle
    return [one for one in after.orders if (one.level == LAST_POSITION) is is_over]


def _counted(after: MonitorRecord, earlier: Earlier, reported: Reported) -> Reported:
    """With the unreported fills of that position."""
    own = [(one, earlier.get(one.order_link_id)) for one in _of_cycle(after, reported)]
    values = [reported.value, *(value_since_report(*each) for each in own)]
    known = [value for value in values if value is not None]
    return replace(
        reported,
        filled=reported.filled + sum([_unreported(order) for order, _ in own], ZERO),
        value=sum(known, ZERO) if len(known) == len(values) else None,
        realised=reported.realised + fees_of(own),
    )


def _unreported(order: OwnedOrder) -> Decimal:
    return order.filled - order.reported


def _position(
    before: MonitorRecord, after: MonitorRecord, reported: Reported, seen: Seen
) -> tuple[tuple[Event, ...], Realised]:
    """What became of the position that was reported last, and what is realised of the one now."""
    is_over = after.cycle != reported.cycle
    is_open = after.position_size > ZERO and not is_over
    filled = min(reported.filled, reported.size)
    expected = reported.size - filled
    missing = max(expected - after.position_size, ZERO) if is_open else expected
    others = _Others(Cause.TAKE_PROFIT)
    if missing:
        others = _by_others(before, after, reported, missing, None if is_over else seen.trades)
    realised = _realised(after, reported, missing, others, is_open=is_open)
    if is_open:
        reduced = PositionReduced(others.cause, expected, after.position_size, others.executions)
        return ((reduced,) if missing else ()), realised
    began = _begun(after) if is_over else NOTHING_REALISED
    if not reported.size:
        return (), began
    size, executions = reported.size, others.executions
    if not is_over:
        # It has grown since, and was seen to be so large.
        size = max(size, before.position_size, seen.decided_for)
    if seen.opposite and not is_over:
        side = after.key.side.opposite
        flipped = PositionFlipped(others.cause, size, side, seen.opposite, realised, executions)
        return (flipped,), began
    return (PositionClosed(others.cause, size, filled, realised, executions),), began


def _realised(
    after: MonitorRecord, reported: Reported, missing: Decimal, others: "_Others", *, is_open: bool
) -> Realised:
    """What has been realised of the position that was reported last.

    Its entry price is not known where something was added to it since.
    """
    grew = others.added or reported.filled > reported.size
    if is_open:
        grew = after.entry_price != reported.entry
    side, entry = after.key.side, ZERO if grew else reported.entry
    own = realised_at(side, entry, reported.filled, reported.value)
    total = reported.realised + own
    return total + realised_by(side, entry, missing, others.executions) if missing else total


def _begun(after: MonitorRecord) -> Realised:
    """What TP orders have filled of a position that nobody had seen open: no more is known."""
    new = [order for order in after.orders if order.level != LAST_POSITION]
    filled = sum(map(_unreported, new), ZERO)
    return Realised(closed=filled, unknown=filled, fees_unknown=filled)


@dataclass(frozen=True, slots=True)
class _Others:
    """What others did to a position: by what they closed it, and whether they added to it."""

    cause: Cause
    executions: tuple[Trade, ...] = ()
    added: Decimal = ZERO


def _by_others(
    before: MonitorRecord,
    after: MonitorRecord,
    reported: Reported,
    quantity: Decimal,
    trades: Sequence[Execution] | None,
) -> _Others:
    """What kind of orders of others closed so much, where the trades say so without a doubt.

    They do where they are read from the size that was reported, all of those that are not of orders
    on record explain the quantity, and they are of one kind. Where another position was opened
    since, nobody counts through to it. To the exchange a stop that is an order of ours, and a close
    that was commanded, are orders like any other: they are known by their ids.
    """
    anchor = before.anchor
    if trades is None or anchor is None or anchor.size != reported.size:
        return _Others(Cause.UNKNOWN)
    own = (*before.orders, *after.orders)
    ids = {one.order_id for one in own} | {one.order_link_id for one in own}
    ids.discard("")
    closing = before.key.side.opposite
    foreign = {
        trade.execution_id: trade
        for trade in trades
        if _is_since(trade, anchor) and not {trade.order_id, trade.order_link_id} & ids
    }.values()
    changes = [(one, _change(one, closing)) for one in sorted(foreign, key=by_time)]
    added = sum([change for one, change in changes if one.side is not closing], ZERO)
    if sum([change for _, change in changes], ZERO) != -quantity:
        return _Others(Cause.UNKNOWN, added=added)
    closes = [one for one in _not_evened_out(changes) if one.side is closing and one.closed]
    known = {named: cause for record in (before, after) for named, cause in _orders_of(record)}
    causes = {known.get(one.order_link_id, one.cause) for one in closes}
    cause = causes.pop() if len(causes) == 1 else Cause.UNKNOWN
    return _Others(cause, closed_by(closes), added)


def _orders_of(record: MonitorRecord) -> Iterator[tuple[str, Cause]]:
    """Link ids of orders of ours that are no TP orders, with what a fill of theirs is."""
    yield from ((one, Cause.CLOSE) for one in record.closing.link_ids)
    stop = record.stop
    named = (stop.order, *stop.intents, *stop.unreported) if stop else ()
    yield from ((one.order_link_id, Cause.STOP_LOSS) for one in named if one and one.order_link_id)


def _change(trade: Execution, closing: Side) -> Decimal:
    """What the trade has added to the position."""
    return -trade.closed if trade.side is closing else trade.quantity - trade.closed


def _not_evened_out(changes: Sequence[tuple[Execution, Decimal]]) -> list[Execution]:
    """The trades after the last one by which the earlier ones had come to nothing together.

    The earlier ones may be from before the last report, which was of the same size then.
    """
    total, later = ZERO, list[Execution]()
    for trade, change in changes:
        total += change
        later = [*later, trade] if total else []
    return later


def _is_since(trade: Execution, anchor: PositionAnchor) -> bool:
    if trade.seq >= 0 and anchor.seq >= 0:
        return trade.seq > anchor.seq
    return trade.at_ms > anchor.at_ms


def _cover(
    after: MonitorRecord, reported: Reported, seen: Seen
) -> tuple[tuple[Event, ...], Reported]:
    """Whether the position began, or ceased, to be uncovered."""
    since = reported.uncovered_since
    bare = after.position_size - after.covered_with_runner
    if bare > 0 and since is None:
        event = Uncovered(seen.at, bare, seen.why)
        return (event,), replace(reported, uncovered_since=seen.at)
    if bare <= 0 and since is not None:
        lasted = max(seen.at - since, timedelta(0))
        return (Recovered(since, lasted),), replace(reported, uncovered_since=None)
    return (), reported


def _others(
    after: MonitorRecord, reported: Reported, others: Sequence[Order] | None
) -> tuple[tuple[Event, ...], Reported]:
    """Whether orders of others began, or ceased, to close more than the position has with ours."""
    if others is None and after.position_size:
        return (), reported
    known = reported.others
    ids = tuple(sorted(order.order_id for order in others or ()))
    quantity = sum([order.remaining for order in others or ()], ZERO)
    covered, size = after.covered, after.position_size
    if not size or not quantity or covered + quantity <= size:
        reported = replace(reported, others=(), others_close=ZERO)
        return ((OtherOrders(ZERO, covered, size),) if known else ()), reported
    reported = replace(reported, others=ids, others_close=quantity)
    is_new = not set(ids) <= set(known)
    return ((OtherOrders(quantity, covered, size, ids),) if is_new else ()), reported


def _diverged(
    before: MonitorRecord, after: MonitorRecord, reported: Reported, seen: Seen
) -> tuple[tuple[Event, ...], Reported]:
    """Whether a mirror and its main have parted, or agree again."""
    size, main = after.position_size, seen.main
    parted = divergence_of(before, size, main, seen.at)
    if after.follows is None or main is None or parted in (None, reported.diverged):
        return (), reported
    event = MirrorDiverged(after.follows, main.side, size, is_over=not parted)
    return (event,), replace(reported, diverged=parted or "")
