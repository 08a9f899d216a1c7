"""Whether a position is still the one that the fills on record belong to: a pure function.

A position may be closed and another one opened while nobody looks: between two sweeps, or while
the process is down. Nothing in a position's own fields tells the two apart: Bybit's ``createdTime``
is that of the first position ever held in the contract (docs/v5/position/position.mdx), size and
entry price may be the same by chance, and ``seq`` says only that something happened. The trades
tell: counted back from the size that is open now, they lead to the size on record, and on the way
they pass through zero or they don't. Where they lead elsewhere, the list of trades is not
complete, and proves nothing.

The exchange ends reduce-only orders when their position closes. So where owned orders rest and none
was cancelled, the position is the same, and nobody has to be asked. An order that is shown for the
first time proves nothing: its place may have arrived only after another position was opened. And a
read may lag and show orders that have ended: nothing is proven for good, and the next question
starts from the same anchor. Nor did an order end with its position that another one outlived.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from ..copies import replace
from ..model.instrument import ZERO, plain
from ..model.order import Execution, Position
from ..model.record import MonitorRecord, OwnedOrder, OwnedStatus, PositionAnchor

APART_MS = 100
"""So far apart the times of one trade may be: orders and positions are not of one service."""


class Continuity(StrEnum):
    """Whether the open position is the one on record."""

    SAME = "same"
    NEW = "new"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is on record of the last position, and what is observed of the one that is open.

    Attributes:
        anchor: the position when it was last known whose it is; None if none was ever read.
        entry_price: as on record.
        observed: the position that is open now.
        filled: what owned orders have filled since the anchor; None if that is not known, because
            another size was read since and nobody could say whose it was.
        counted: by the exchange's id of each order that has filled since, what it had filled before
            by what is on record: reads lag, and some of the rest may be from before the anchor.
        last_fill_ms: when the last of these fills was, or later, epoch milliseconds; 0 if that is
            not known.
        at_stake: whether anything has filled that counts for a level, or a stop was set.
        ended: how many owned orders the exchange ended because the position had no room for them,
            as it does when a position closes; without those that another order outlived.
        ended_ms: when the last of these ended, epoch milliseconds; 0 if there are none.
        cancelled: how many owned orders were cancelled while the last position was on record, for
            whatever reason.
        unexplained: how many of them ended after the anchor, and nobody knows any more why: it may
            have been because the position closed.
        resting: how many owned orders still rest.
        rested_before: how many of them an earlier read has shown already, and are not younger than
            a fill since the anchor, with which the last position may have closed.
        executions: the trades since the anchor, in any sequence; None while nobody has asked.
        may_be_late: whether the position changed so lately that the list of trades may not show it
            yet.
        late_fill_ms: when the first fill happened of those that came to light since, although the
            anchor is later: what was open then was explained without them. 0 if there are none.
        was_given: whether the position came on record with the monitor, as an import does it, and
            no run has read it since.
        was_left_open: whether an earlier run could not tell either, and left it to this one.
    """

    anchor: PositionAnchor | None
    entry_price: Decimal
    observed: Position
    filled: Decimal | None = ZERO
    counted: Mapping[str, Decimal] = field(default_factory=dict)
    last_fill_ms: int = 0
    at_stake: bool = True
    ended: int = 0
    ended_ms: int = 0
    cancelled: int = 0
    unexplained: int = 0
    resting: int = 0
    rested_before: int = 0
    executions: Sequence[Execution] | None = None
    may_be_late: bool = False
    late_fill_ms: int = 0
    was_given: bool = False
    was_left_open: bool = False

    @property
    def was_seen_flat_late(self) -> bool:
        """Whether the read that showed no position was late: what is open is older than it.

        Then the read's time does not tell the fills of the last position from those of this one.
        """
        anchor = self.anchor
        if anchor is None or anchor.size:
            return False
        return 0 < self.observed.updated_ms < anchor.at_ms


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the open position is the one on record, and why.

    Attributes:
        why: the evidence, for people.
        anchor: from where the next question starts; the old one where nothing is decided.
        likely: where it is uncertain, as which of the two others it counts.
        stays_open: whether a later read of the trades may still decide it.
    """

    continuity: Continuity
    why: str
    anchor: PositionAnchor | None
    likely: Continuity = Continuity.SAME
    stays_open: bool = False


def continuity_of(evidence: Evidence) -> Verdict:
    """Whether the position is the one on record, a new one, or nobody can say yet.

    TP1 of a long of 600 filled 300. Then 1000 are open, and the orders of TP2 and TP3 are gone.
    Sizes say nothing: an entry of 700 may have filled. The trades say that the last 300 were sold
    first, so what is open is a new position, of which nothing has filled:

    >>> from ..model.identity import Side
    >>> def trade(side: Side, quantity: int, closed: int, seq: int) -> Execution:
    ...     amounts = Decimal(quantity), Decimal(closed)
    ...     return Execution(f"trade-{seq}", "BANDUSDT", side, *amounts, at_ms=seq, seq=seq)
    >>> now = Position("BANDUSDT", Side.BUY, Decimal(1000), Decimal("0.7"), seq=9)
    >>> def ask(*trades: Execution) -> str:
    ...     anchor = PositionAnchor(Decimal(300), at_ms=7, seq=7)
    ...     return continuity_of(
    ...         Evidence(anchor, Decimal("0.69"), now, executions=trades)
    ...     ).continuity.value
    >>> ask(trade(Side.SELL, 300, 300, seq=8), trade(Side.BUY, 1000, 0, seq=9))
    'new'
    >>> ask(trade(Side.BUY, 700, 0, seq=9))
    'same'
    >>> ask()
    'uncertain'

    Laws: trades that never pass through zero are never a new position; a pass through zero always
    is one, if the list of trades is complete; an incomplete list is uncertain, unless what is
    missing cancels out and ended no order.
    """
    anchor = evidence.anchor
    if anchor is None and evidence.was_given:
        return Verdict(Continuity.SAME, "it came on record with the monitor", _now(evidence))
    if anchor is None or not anchor.size:
        now = replace(_now(evidence), opened_ms=_opened_ms(evidence))
        return Verdict(Continuity.NEW, "no position was open before", now)
    known = _by_record(evidence, anchor)
    if known is not None:
        return known
    if evidence.executions is None:
        return _uncertain(evidence, "its trades are not known")
    return _by_trades(evidence, anchor, _own(evidence, anchor, evidence.executions))


def _opened_ms(evidence: Evidence) -> int:
    """Since when a position is open before which none was: when it was read flat.

    Where that read was late, the trades say it, if they lead to zero.
    """
    anchor, size = evidence.anchor, evidence.observed.size
    if anchor is None:
        return 0
    if not evidence.was_seen_flat_late:
        return anchor.at_ms
    for trade in reversed(_own(evidence, anchor, evidence.executions or ())):
        size += -trade.quantity if trade.side is evidence.observed.side else trade.quantity
        if size <= 0:
            return trade.at_ms
    return anchor.at_ms


def _by_record(evidence: Evidence, anchor: PositionAnchor) -> Verdict | None:
    """What is known without the trades; None where they have to decide."""
    observed, now = evidence.observed, replace(_now(evidence), opened_ms=anchor.opened_ms)
    is_late = bool(evidence.late_fill_ms)
    if observed.size == anchor.size and observed.seq == anchor.seq >= 0 and not is_late:
        return Verdict(Continuity.SAME, "nothing was traded since", now)
    filled = evidence.filled
    explained = filled is not None and observed.size + filled == anchor.size
    explained = explained and not (is_late or _was_traded_by_others(evidence, anchor))
    all_rested = not (evidence.ended or evidence.unexplained)
    if explained and all_rested and observed.entry_price == evidence.entry_price:
        return Verdict(Continuity.SAME, "owned fills explain its size", now)
    if not (evidence.at_stake or evidence.ended):
        return Verdict(Continuity.SAME, "nothing has filled that counts", anchor)
    if evidence.rested_before and not (evidence.cancelled or anchor.unsure):
        return Verdict(Continuity.SAME, "its orders rest since before", anchor)
    return None


def _was_traded_by_others(evidence: Evidence, anchor: PositionAnchor) -> bool:
    """Whether the position changed where owned orders did not fill, whatever its size is.

    Without a fill a later number says so, and with one a change that is later than the last fill.
    """
    observed, last_fill_ms = evidence.observed, evidence.last_fill_ms
    if not evidence.filled:
        return observed.seq > anchor.seq >= 0
    return 0 < last_fill_ms < observed.updated_ms - APART_MS


def _by_trades(evidence: Evidence, anchor: PositionAnchor, trades: Sequence[Execution]) -> Verdict:
    """What the trades say, oldest first: all that moved the position since the anchor.

    Where they begin with a fill from before it, no size is known to which they should lead. They
    are complete only if they have what has filled: a close and an entry just as large cancel out.
    """
    size, opened, closed = evidence.observed.size, None, ZERO
    for trade in reversed(trades):
        adds = trade.side is evidence.observed.side
        size += -trade.quantity if adds else trade.quantity
        closed += ZERO if adds else trade.quantity
        if size <= 0 and opened is None:
            opened = trade
    if not evidence.late_fill_ms and size != anchor.size:
        return _uncertain(
            evidence, f"its trades lead to {plain(size)}, and {plain(anchor.size)} is on record"
        )
    if closed + _known_late(evidence, trades) < (evidence.filled or ZERO):
        return _uncertain(evidence, "its trades lack a fill that is on record")
    seq = max((evidence.observed.seq, *(trade.seq for trade in trades)))
    now = replace(_now(evidence), seq=seq, opened_ms=anchor.opened_ms)
    if opened is None and _lacks_a_close(evidence, anchor, trades):
        return _uncertain(evidence, "none of its trades ended its orders")
    if opened is None and _lacks_the_last(evidence, anchor, trades):
        return _uncertain(evidence, "none of its trades led to its entry price")
    if opened is None:
        return Verdict(Continuity.SAME, "none of the trades since closed it", now)
    why = f"its trades pass through zero: {plain(anchor.size)} was closed"
    return Verdict(Continuity.NEW, why, replace(now, opened_ms=opened.at_ms))


def _known_late(evidence: Evidence, trades: Sequence[Execution]) -> Decimal:
    """What owned orders had filled before the anchor, though no read of them had shown it by then.

    These trades are in the list, and none of those that moved the position since.
    """
    later = {trade.execution_id for trade in trades}
    late = {
        trade.execution_id: trade.quantity
        for trade in evidence.executions or ()
        if trade.execution_id not in later
        and trade.seq <= evidence.observed.seq
        and (trade.filled or ZERO) > evidence.counted.get(trade.order_id, trade.filled or ZERO)
    }
    return sum(late.values(), ZERO)


def _lacks_a_close(evidence: Evidence, anchor: PositionAnchor, trades: Sequence[Execution]) -> bool:
    """Whether an order ended for want of room, and no trade of that time made the position smaller.

    A close and an entry just as large cancel out: a list without both leads to the size on record.
    """
    ended_ms, side = evidence.ended_ms, evidence.observed.side
    if ended_ms <= anchor.at_ms + APART_MS:
        return False
    closes = (trade for trade in trades if trade.side is not side)
    return all(abs(trade.at_ms - ended_ms) > APART_MS for trade in closes)


def _lacks_the_last(
    evidence: Evidence, anchor: PositionAnchor, trades: Sequence[Execution]
) -> bool:
    """Whether a later trade than the list has led to the position, and to another entry price.

    A position has the number of its last trade, but other things may raise it: so the entry price
    is asked as well. Where a question stayed open, the one on record may be the new position's.
    """
    observed = evidence.observed
    is_another = anchor.unsure or observed.entry_price != evidence.entry_price
    return is_another and all(-1 < trade.seq < observed.seq for trade in trades)


def has_changed_since(observed: Position, executions: Sequence[Execution], since_ms: float) -> bool:
    """Whether a trade of the position since then is later than what is observed of it."""
    later = (trade for trade in executions if trade.seq > observed.seq >= 0)
    later = (trade for trade in later if trade.at_ms >= since_ms)
    return any(observed.position_index == 0 or _is_of(trade, observed) for trade in later)


def includes_fills(
    position: Position, orders: Iterable[OwnedOrder], trades: Sequence[Execution]
) -> bool:
    """Whether the trades prove that the position is from after the fills of these orders.

    A trade has the number of the position that it led to. So the trade with which an order had
    filled what it has is in a position that has this number or a later one.
    """
    latest = {
        (trade.order_id, trade.filled)
        for trade in trades
        if trade.filled is not None and 0 <= trade.seq <= position.seq
    }
    return all((order.order_id, order.filled) in latest for order in orders)


def shows_all_fills(record: MonitorRecord, position: Position) -> bool:
    """Whether all that has ever filled explains the position, which changed no earlier than that.

    Reads of orders may lag behind those of the position: then the fills come to light that made it
    what it is, and it is not from before them.
    """
    anchor, orders = record.anchor, [order for order in record.orders if order.filled]
    if anchor is None or not 0 <= anchor.seq < position.seq:
        return False
    are_shown = all(
        order.status is OwnedStatus.FILLED and 0 < order.updated_ms <= position.updated_ms
        for order in orders
    )
    filled = sum([order.filled for order in orders], ZERO)
    return are_shown and position.size + filled == anchor.size


def _own(
    evidence: Evidence, anchor: PositionAnchor, executions: Sequence[Execution]
) -> tuple[Execution, ...]:
    """The trades that moved this position after the anchor and up to what is observed.

    They begin with the first fill that came to light since, where that is from before the anchor.

    With two positions to a contract, what a trade closed says whose it is: a list of trades has
    no position index.
    """
    observed = evidence.observed
    own: dict[str, Execution] = {}
    for trade in executions:
        if evidence.late_fill_ms:
            is_later = trade.at_ms >= evidence.late_fill_ms
        elif trade.seq >= 0 and anchor.seq >= 0:
            is_later = trade.seq > anchor.seq
        else:
            is_later = trade.at_ms > anchor.at_ms
        is_shown = min(trade.seq, observed.seq) < 0 or trade.seq <= observed.seq
        one_way = observed.position_index == 0
        if is_later and is_shown and (one_way or _is_of(trade, observed)):
            own[trade.execution_id] = trade
    return tuple(sorted(own.values(), key=lambda trade: (trade.at_ms, trade.seq)))


def _is_of(trade: Execution, observed: Position) -> bool:
    return (trade.side is observed.side) is (trade.closed == ZERO)


def _uncertain(evidence: Evidence, why: str) -> Verdict:
    """Nothing is proven; a new one is likelier where the others' end left no owned order resting.

    The question stays open while the trades are unread, or may be late. Meanwhile the position
    counts as the same: a new one would start with all levels, and what then fills is sold, though
    the levels may have been finished. A list that does not explain the position some time after its
    last change will hardly do so later; but a single list may lack rows, so another run asks once
    more.
    """
    is_first = not evidence.was_left_open
    stays_open = evidence.executions is None or evidence.may_be_late or is_first
    looks_new = bool(evidence.ended) and not evidence.resting and not stays_open
    likely = Continuity.NEW if looks_new else Continuity.SAME
    anchor = evidence.anchor if stays_open else _now(evidence)
    if anchor and evidence.anchor and likely is Continuity.SAME:
        anchor = replace(anchor, opened_ms=evidence.anchor.opened_ms)
    return Verdict(Continuity.UNCERTAIN, why, anchor, likely=likely, stays_open=stays_open)


def _now(evidence: Evidence) -> PositionAnchor:
    observed = evidence.observed
    return PositionAnchor(observed.size, observed.updated_ms, observed.seq)
