"""What happened to a position since events were last reported: a pure function of two records.

What has been reported is part of the record (:class:`~..model.record.Reported`), and of each order.
So it does not matter which run saw it, nor whether a process died since: each fill is reported
once, and a position is reported to be closed or reduced once that is known for certain.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from ..model.events import (
    Cause,
    Event,
    LadderChanged,
    LevelFilled,
    MirrorDiverged,
    OtherOrders,
    PositionClosed,
    PositionFlipped,
    PositionReduced,
    Recovered,
    Uncovered,
)
from ..model.instrument import ZERO
from ..model.order import Execution, Order
from ..model.record import MonitorRecord, OwnedOrder, PositionAnchor, Reported
from ..planning.remap_levels import LAST_POSITION
from .divergence import MainStands, divergence_of


@dataclass(frozen=True, slots=True)
class Seen:
    """What a run knows at its end, beside the record.

    Attributes:
        at: when it ended.
        is_known: whether the size on record is the position's, the fills on record explain it as
            far as they can, and nobody doubts whose position it is.
        is_settled: whether no write of the monitor may still take effect.
        opposite: the size of the position of the other side that is open in its place; 0 where
            there is none, or where both may be open.
        trades: of the symbol, where they were read; else None.
        why: what the run has to say about its end.
        main: how the main of a mirror stands; None where that is not known.
        placed: link ids of the orders that the run placed.
        others: the orders of others that close the position like a TP; None where the orders were
            not read.
    """

    at: datetime
    is_known: bool = True
    is_settled: bool = True
    opposite: Decimal = ZERO
    trades: Sequence[Execution] | None = None
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
    reported = after.reported or first_reported(before)
    levels = {order.order_link_id: order.level for order in before.orders}
    fills = tuple(_fills(after, levels, seen.placed))
    reported = replace(reported, filled=reported.filled + _of_cycle(after, reported))
    events: list[Event] = [*fills]
    if seen.is_known:
        events += _position(before, after, reported, seen)
        reported = replace(reported, size=after.position_size, filled=ZERO, cycle=after.cycle)
        parted, reported = _diverged(before, after, reported, seen)
        events += parted
        if seen.is_settled:
            cover, reported = _cover(after, reported, seen)
            beside, reported = _others(after, reported, seen.others)
            events += (*cover, *beside)
    if after.ladder != reported.ladder:
        events.append(LadderChanged(after.ladder_source, reported.ladder, after.ladder))
    orders = tuple(replace(order, reported=order.filled) for order in after.orders)
    reported = replace(reported, ladder=after.ladder)
    return tuple(events), replace(after, orders=orders, reported=reported)


def first_reported(record: MonitorRecord) -> Reported:
    """What counts as reported where nothing has been: the record, as it was before the run.

    A monitor that has never run has had no ladder yet.
    """
    ladder = None if record.last_run_at is None else record.ladder
    return Reported(record.position_size, cycle=record.cycle, ladder=ladder)


def unexplained(record: MonitorRecord, size: Decimal) -> Decimal:
    """How much smaller a position is than owned fills have made it; 0 where it is not."""
    reported = record.reported or first_reported(record)
    filled = reported.filled + _of_cycle(record, reported)
    return max(reported.size - filled - size, ZERO)


def _fills(
    after: MonitorRecord, levels: dict[str, int], placed: Collection[str]
) -> Iterator[LevelFilled]:
    """Growth of ``filled`` on record that no event has reported.

    An order whose position is over has lost its level: it is known from before the run.
    """
    for order in sorted(after.orders, key=lambda one: (one.level, one.part, one.generation)):
        if order.filled > order.reported:
            level = levels.get(order.order_link_id, order.level) if order.level < 0 else order.level
            quantity = order.filled - order.reported
            link_id = order.order_link_id
            at_once = link_id in placed
            yield LevelFilled(level, quantity, order.price, order.remaining, link_id, at_once)


def _of_cycle(after: MonitorRecord, reported: Reported) -> Decimal:
    """The unreported fills of the position that was reported last."""
    is_over = after.cycle != reported.cycle
    orders = [one for one in after.orders if (one.level == LAST_POSITION) is is_over]
    return sum((_unreported(order) for order in orders), ZERO)


def _unreported(order: OwnedOrder) -> Decimal:
    return order.filled - order.reported


def _position(
    before: MonitorRecord, after: MonitorRecord, reported: Reported, seen: Seen
) -> Iterator[Event]:
    """What became of the position that was reported last."""
    if not reported.size:
        return
    filled = min(reported.filled, reported.size)
    expected = reported.size - filled
    is_over = after.cycle != reported.cycle
    if not (is_over or after.position_size == ZERO):
        if after.position_size < expected:
            cause = _cause(before, reported, expected - after.position_size, seen.trades)
            yield PositionReduced(cause, expected, after.position_size)
        return
    cause = Cause.TAKE_PROFIT
    if expected:
        cause = _cause(before, reported, expected, seen.trades, is_over=is_over)
    if seen.opposite and not is_over:
        side = after.key.side.opposite
        yield PositionFlipped(cause, reported.size, side, seen.opposite)
    else:
        yield PositionClosed(cause, reported.size, filled)


def _cause(
    before: MonitorRecord,
    reported: Reported,
    quantity: Decimal,
    trades: Sequence[Execution] | None,
    *,
    is_over: bool = False,
) -> Cause:
    """What kind of orders of others closed so much, where the trades say so without a doubt.

    They do where they are read from the size that was reported, all of those that are not of orders
    on record explain the quantity, and they are of one kind. Where another position was opened
    since, nobody counts through to it.
    """
    anchor = before.anchor
    if trades is None or anchor is None or anchor.size != reported.size or is_over:
        return Cause.UNKNOWN
    own = {order.order_id for order in before.orders}
    closing = before.key.side.opposite
    foreign = {
        trade.execution_id: trade
        for trade in trades
        if _is_since(trade, anchor) and trade.order_id not in own
    }.values()
    closed = sum((one.closed for one in foreign if one.side is closing), ZERO)
    added = sum((one.quantity - one.closed for one in foreign if one.side is not closing), ZERO)
    causes = {one.cause for one in foreign if one.side is closing and one.closed}
    if closed - added != quantity or len(causes) != 1:
        return Cause.UNKNOWN
    return causes.pop()


def _is_since(trade: Execution, anchor: PositionAnchor) -> bool:
    if trade.seq >= 0 and anchor.seq >= 0:
        return trade.seq > anchor.seq
    return trade.at_ms > anchor.at_ms


def _cover(
    after: MonitorRecord, reported: Reported, seen: Seen
) -> tuple[tuple[Event, ...], Reported]:
    """Whether the position began, or ceased, to be uncovered."""
    since = reported.uncovered_since
    bare = after.position_size - after.covered
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
    quantity = sum((order.remaining for order in others or ()), ZERO)
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
