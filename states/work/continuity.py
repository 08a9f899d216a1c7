"""Whether the position that a read shows is the one on record, and what follows from it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from ...domain.copies import replace
from ...domain.flow import Flow
from ...domain.happenings.happened import unexplained
from ...domain.model.commands import Operation
from ...domain.model.instrument import ZERO, plain
from ...domain.model.observation import Observation, OrdersUnread, Unknown
from ...domain.model.order import CancelReason
from ...domain.model.record import OwnedOrder, OwnedStatus, PositionAnchor
from ...domain.planning.remap_levels import (
    LAST_POSITION,
    next_cycle,
    without_earlier_fills,
)
from ...domain.protection.laddering import without_reckoned
from ...domain.tracking.continuity import (
    APART_MS,
    Continuity,
    Evidence,
    Verdict,
    continuity_of,
    includes_fills,
)
from ...domain.tracking.stored_time import has_passed
from . import calls
from .findings import Findings
from .lookup import query_orders
from .run import Run

_MARGIN_MS = 60_000
"""The list begins so much earlier: times of positions and of trades are not of one service."""
_LATE = timedelta(minutes=1)
"""For so long after a trade a list that does not show it is asked for again."""


def follow_unread(run: Run, found: Findings, reading: OrdersUnread) -> Flow[Findings]:
    """Starts anew where the trades prove another position, though its orders could not be read.

    Else the stop would be set by what has filled of the last position; without a stop nothing is
    decided by that. What they do not prove is left to a read that shows the orders.
    """
    if run.is_spent or not run.record.wants_stop:
        return found
    verdict = yield from judge_position(run, found, reading)
    if verdict is None or verdict.continuity is not Continuity.NEW:
        return found
    return (yield from apply_verdict(run, found, verdict))


def are_fills_in(run: Run, found: Findings, reading: Observation) -> Flow[bool]:
    """Whether the trades prove that the position has what has filled since it was read before.

    The orders may have been read from before the fill, and the position from after it: then it will
    not change, however long one waits. Of a position without a number or a time nothing is proven.
    """
    position = reading.position(run.key.symbol, run.key.side)
    if position.seq < 0 or position.updated_ms <= 0:
        return False
    filled = [order for order in run.record.orders if found.filled_by(order) > 0]
    trades = yield from calls.executions(run, position.updated_ms - _MARGIN_MS)
    return not isinstance(trades, Unknown) and includes_fills(position, filled, trades)


def judge_position(
    run: Run, found: Findings, reading: Observation | OrdersUnread
) -> Flow[Verdict | None]:
    """Whether the open position is the one on record; None where none is open.

    Where what is on record does not decide it, the exchange is asked for the trades, once.
    """
    evidence = _evidence(run, found, reading)
    yield from _ask_who_closed(run, evidence)
    if not evidence.observed.size:
        return None
    verdict = continuity_of(evidence)
    is_uncertain = verdict.continuity is Continuity.UNCERTAIN
    if evidence.anchor is None or not (is_uncertain or evidence.was_seen_flat_late):
        return verdict
    since_ms = evidence.late_fill_ms or evidence.anchor.at_ms
    trades = yield from calls.executions(run, since_ms - _MARGIN_MS)
    if isinstance(trades, Unknown):
        why = f"its trades could not be read: {trades.reason}"
        return replace(verdict, why=why) if is_uncertain else verdict
    run.trades.append(trades)
    return continuity_of(replace(evidence, executions=trades))


def may_say_more(run: Run, found: Findings, verdict: Verdict) -> bool:
    """Whether the run asks for the trades again, as they do not say yet if the position is new.

    It does not where the run before has waited and left the question open. And the position is
    covered either way: a run that asked until it could send nothing any more, and the next one like
    it, would leave it uncovered for good.
    """
    is_open = verdict.continuity is Continuity.UNCERTAIN
    return is_open and not _was_left_open(run) and run.may_go_round(found)


def _was_left_open(run: Run) -> bool:
    """Whether an earlier run left it open: what this one found before says nothing of it."""
    anchor = run.before.anchor
    return anchor is not None and anchor.unsure


def _ask_who_closed(run: Run, evidence: Evidence) -> Flow[None]:
    """Asks once for the trades where others have made the position smaller, to say what they were.

    Nothing is decided by the answer: where there is none, what was reported says so.
    """
    anchor, size = evidence.anchor, evidence.observed.size
    if run.trades or run.is_spent or anchor is None or not anchor.at_ms:
        return
    if unexplained(run.record, size):
        trades = yield from calls.executions(run, anchor.at_ms - _MARGIN_MS)
        run.trades.append(() if isinstance(trades, Unknown) else trades)


def apply_verdict(run: Run, found: Findings, verdict: Verdict) -> Flow[Findings]:
    """Puts the verdict into the record; a new position starts with all levels.

    Where nothing can be proven, it counts as what the verdict chose, and that is alerted. Either
    way the whole position is covered; what differs is whether finished levels are placed again.
    While the question stays open the run does not count as a success, and the next one asks again.
    """
    anchor = run.record.anchor
    # Of a question that stayed open the size on record may be the new position's.
    size = ZERO if anchor and anchor.unsure else run.record.position_size
    closed = size or (anchor.size if anchor else ZERO)
    is_new = Continuity.NEW in (verdict.continuity, verdict.likely)
    if verdict.continuity is Continuity.UNCERTAIN:
        chosen = "all levels start anew" if is_new else "finished levels stay finished"
        _say(run, f"nobody can say whether the position is a new one: {verdict.why}; {chosen}")
    is_another = is_new and closed and _has_close(run)
    if is_new and (run.record.orders or _has_stop(run) or is_another):
        yield from _start_anew(run, verdict)
    if is_new:
        run.record = without_reckoned(run.record)
    known = verdict.anchor and replace(verdict.anchor, unsure=verdict.stays_open)
    run.record = without_earlier_fills(replace(run.record, anchor=known))
    if is_new and closed:
        run.decide(f"🔎 {verdict.why}")
        _say(run, f"the position of {plain(closed)} is closed, and a new one is open")
    return replace(found, unsure=verdict.stays_open)


def _start_anew(run: Run, verdict: Verdict) -> Flow[None]:
    """Ends the last position's orders on record, as far as they have ended, and its fills.

    A late read may have shown them open. One that has changed since the new position opened was
    open then, and is that one's.
    """
    resting = [order for order in run.record.orders if order.status is OwnedStatus.OPEN]
    if resting and run.record.anchor is None:
        return
    opened_ms = verdict.anchor.opened_ms if verdict.anchor else 0
    doubtful = [o for o in resting if not 0 < opened_ms < o.updated_ms - APART_MS]
    if doubtful:
        yield from query_orders(run, doubtful)
    lag = run.ports.exchange.lateness.reads
    run.record = next_cycle(run.record, verdict.anchor, lag=lag)
    run.decide("🏁 A new position: fills of the last one no longer count")


def _say(run: Run, text: str) -> None:
    run.note(text)
    run.decide(f"⚠️ {text}")


def _evidence(run: Run, found: Findings, reading: Observation | OrdersUnread) -> Evidence:
    record = run.record
    anchor = record.anchor
    if anchor is None and record.position_size and record.last_run_at:
        # No read of the orders has shown whose it is, or the record is from before anchors were
        # kept. The last run may have broken before it read anything: the number says from when.
        at_ms = int(record.last_run_at.timestamp() * 1000)
        anchor = PositionAnchor(record.position_size, at_ms, record.position_seq)
    cancelled = [
        order
        for order in record.orders
        if order.status is OwnedStatus.CANCELLED and order.level != LAST_POSITION
    ]
    # Fills are counted from the size on record: another one where the anchor stayed behind.
    counts_from_anchor = anchor is not None and anchor.size == record.position_size
    position = reading.position(run.key.symbol, run.key.side)
    whole = reading if isinstance(reading, Observation) else None
    changed_at = _at(position.updated_ms)
    read_at = _at(whole.read_ms) if whole and whole.read_ms else run.now()
    # By a clock that is behind the exchange's nobody knows how long ago it was.
    is_recent = changed_at > read_at or not has_passed(changed_at, _LATE, read_at)
    reasons = [run.why_closed.get(order.order_link_id) for order in cancelled]
    unknown = [o for o, reason in zip(cancelled, reasons, strict=True) if reason is None]
    no_room = [
        order
        for order, why in zip(cancelled, reasons, strict=True)
        if why is not None and why.reason is CancelReason.REDUCE_ONLY
    ]
    ended = [order for order in no_room if not _is_outlived(run, order)]
    resting = [o for o in record.orders if o.status is OwnedStatus.OPEN]
    filled = [order for order in record.orders if found.filled_by(order) > 0]
    return Evidence(
        anchor,
        record.entry_price,
        position,
        filled=found.filled_since(record) if counts_from_anchor else None,
        counted={order.order_id: order.filled - found.filled_by(order) for order in filled},
        last_fill_ms=max((order.updated_ms for order in filled), default=0),
        at_stake=record.has_progress or _has_stop(run) or _has_close(run),
        ended=len(ended),
        ended_ms=max((order.updated_ms for order in ended), default=0),
        cancelled=len(cancelled),
        unexplained=sum([o.updated_ms > anchor.at_ms for o in unknown]) if anchor else 0,
        resting=len(resting),
        rested_before=len(resting) - len(_new_among(run, resting, whole, anchor)) if whole else 0,
        may_be_late=is_recent,
        late_fill_ms=_late_fill_ms(run, found, anchor) if counts_from_anchor else 0,
        was_given=anchor is None and record.position_size > ZERO,
        was_left_open=_was_left_open(run),
    )


def _has_stop(run: Run) -> bool:
    """Whether the last position had a stop, which the next one does not inherit."""
    stop = run.record.stop
    return stop is not None and bool(stop.asked or stop.intents or stop.best)


def _has_close(run: Run) -> bool:
    """Whether a close or a deadline of the last position is on record: it is none of the next."""
    closing = run.record.closing
    return bool(run.ports.commands or closing.open or closing.deadline)


def _new_among(
    run: Run, resting: Sequence[OwnedOrder], reading: Observation, anchor: PositionAnchor | None
) -> list[OwnedOrder]:
    """The resting orders that may have reached another position than the last one.

    That holds for a place that no read had shown before this one; and for an order that came to be
    after another one had filled, as the fill may have closed the last position.
    """
    places = [write for write in run.writes if write.operation is Operation.PLACE]
    unseen = {place.order_link_id for place in places if place.status.is_open}
    since_ms = anchor.at_ms + APART_MS if anchor else 0
    filled = (o for o in run.record.orders if o.status is OwnedStatus.FILLED)
    ends = [o.updated_ms for o in filled if o.level != LAST_POSITION and o.updated_ms > since_ms]
    created = {o.order_link_id: o.created_ms for o in reading.orders_of(run.key.symbol)}
    later = {link_id for link_id, ms in created.items() if ends and ms > min(ends)}
    return [order for order in resting if order.order_link_id in unseen | later]


def _late_fill_ms(run: Run, found: Findings, anchor: PositionAnchor | None) -> int:
    """When the first fill happened that was unknown when the anchor was chosen; 0 without one.

    Orders are read before the position, and reads lag: one that was shown open then had filled.
    """
    if anchor is None:
        return 0
    filled = (o for o in run.record.orders if found.filled_by(o) and o.level != LAST_POSITION)
    times = (order.updated_ms for order in filled)
    return min((ms for ms in times if anchor.opened_ms < ms < anchor.at_ms), default=0)


def _is_outlived(run: Run, ended: OwnedOrder) -> bool:
    """Whether another order that rested then changed after this one had ended.

    When a position closes, the exchange ends all its orders. So this one ended because the position
    shrank: the other one filled, was amended or was cancelled later.
    """
    return any(
        0 < run.created_ms.get(other.order_link_id, 0) < ended.updated_ms < other.updated_ms
        for other in run.record.orders
    )


def _at(ms: int) -> datetime:
    return datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=ms)
