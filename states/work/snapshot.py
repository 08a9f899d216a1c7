"""Reading the exchange until a read agrees with the record."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal

from ...domain.copies import replace
from ...domain.flow import Flow
from ...domain.model.identity import PositionMode
from ...domain.model.instrument import ZERO, Instrument
from ...domain.model.observation import Observation, OrdersUnread, Reading, Unknown
from ...domain.model.order import CancelReason, Order
from ...domain.model.record import MonitorRecord, OwnedStatus
from ...domain.planning.beyond_market import mark_price_by, market_by
from ...domain.ports import Moment
from ...domain.protection.stop_orders import is_of
from ...domain.recognition.adoption import stand_ins
from ...domain.recognition.classify import adoptable
from ...domain.recognition.conflicts import NAMED, NO_SECOND_ENGINE, SECOND_ENGINE, second_engine
from ...domain.tracking.beside import closing_beside
from ...domain.tracking.continuity import APART_MS, Verdict, has_changed_since, shows_all_fills
from ...domain.tracking.matching import match_orders
from ...domain.tracking.older_reads import SeqShown
from . import calls
from .by_hand import follow_changes, follow_stop
from .continuity import apply_verdict, are_fills_in, follow_unread, judge_position, may_say_more
from .findings import Findings, counted_in
from .lookup import Answers, query_orders, report_disowned
from .run import Run

_FAST_REREADS = 5
_NOTHING = Answers({})
_OLD_POSITION = "an order filled, but the read shows the position from before the fill"
_OLDER = "the read shows the position from before it was read last"


def read_instrument(run: Run, since: Moment | None = None) -> Flow[Instrument | Unknown | None]:
    """The symbol's rules, read again until the read budget is spent; None if there is no such.

    Where ``since`` is given, they were read from the exchange later than that.
    """
    answer: Instrument | Unknown | None = None
    tries = run.tries("the rules could not be read", run.settings.read_budget)
    while (yield from tries.another()):
        answer = yield from calls.counted(
            run, lambda: run.ports.exchange.instrument(run.key.symbol, since=since)
        )
        if not isinstance(answer, Unknown):
            break
    return answer


def read_snapshot(run: Run, found: Findings) -> Flow[tuple[Reading, Findings]]:
    """A complete read that agrees with the record about fills, or the failed read instead.

    A fill that is discovered after the position was read makes that position stale, so the
    exchange is read again until a read reveals no new fill. A read that is older than the position
    on record is none, nor is one that shows it closed right after one that showed it open (promise
    P5); for the grace time the same holds while the read shows the position from before a fill. The
    record's orders are updated to the read; every owned order that it does not show is looked up.
    Rows that nobody understands are read twice, no more, and for a vanished order once: both last.

    Returns:
        The read, and what the run knows after it: of a failed one the position, if it shows that.
    """
    reading: Reading = _unknown(run, "not read")
    found = replace(found, shows_open=False)
    patient_until = run.moment() + run.settings.grace
    tries = run.tries("no read agrees with the record", run.settings.read_budget)
    while (yield from tries.another()):
        last, was_open = reading, found.shows_open
        waited = not isinstance(last, Observation) and last.reason == _OLD_POSITION
        reading, found = yield from _read_on(run, found, patient_until, waited=waited)
        if isinstance(reading, Observation) and was_open and not found.shows_open:
            reading = _unknown(run, "the position is shown closed, and was shown open just before")
        if isinstance(reading, Observation):
            found = replace(found, others=_others(run, reading))
            return reading, _apply_position(run, found, reading)
        is_lost = isinstance(reading, OrdersUnread) and bool(found.vanished)
        if is_lost or (_lasts(last) and _lasts(reading)):
            break
    if isinstance(reading, OrdersUnread):
        found = yield from follow_unread(run, found, reading)
        return reading, _apply_position(run, found, reading)
    return reading, replace(found, size_known=False)


def _read_on(
    run: Run, found: Findings, patient_until: Moment, *, waited: bool
) -> Flow[tuple[Reading, Findings]]:
    """Reads until a read reveals no new fill, or cannot be used.

    Fills count that a look-up finds, too, of orders that the read does not list: it may take as
    long as reads lag, and the position was read before it. So does what events, or other runs'
    reads, have shown of the position meanwhile.
    """
    reading: Reading = _unknown(run, "not read")
    for _ in range(_FAST_REREADS):
        reading = yield from _observe(run, found)
        if not isinstance(reading, Observation):
            break
        is_open = reading.position(run.key.symbol, run.key.side).size > 0
        found, before = replace(found, shows_open=is_open), _fills(run.record)
        unclear, answers = yield from _update_orders(run, found, reading)
        found = replace(found, vanished=answers.vanished)
        if isinstance(unclear, Unknown):
            return unclear, found
        if _fills(run.record) != before or (yield from _has_changed(run, answers, reading)):
            continue
        is_patient = run.moment() < patient_until
        judged = _judged(run, found, reading, unclear, is_patient=is_patient, waited=waited)
        verdict, why_not = yield from judged
        if why_not:
            return _outdated(run, why_not), found
        if unclear is not None:
            return unclear, found
        if verdict is not None:
            found = yield from apply_verdict(run, found, verdict)
        if not _have_filled_since(run.record, before) and not calls.is_overtaken(run):
            return reading, found
    else:
        reading = _unknown(run, "the position changes faster than it can be read")
    return reading, found


def _has_changed(run: Run, answers: Answers, reading: Observation) -> Flow[bool]:
    """Whether the position has changed while orders were looked up, which may take long.

    The live view says so; or an order that was closed after the read, as it had no room any more.
    """
    if not answers.orders:
        return False
    has_lost_room = any(
        became is not None
        and 0 < reading.read_ms < became.updated_ms
        and (closure := run.why_closed.get(link_id)) is not None
        and closure.reason is CancelReason.REDUCE_ONLY
        for link_id, became in answers.orders.items()
    )
    return has_lost_room or bool((yield from calls.outdated(run, reading)))


def _judged(
    run: Run,
    found: Findings,
    reading: Observation,
    unclear: OrdersUnread | None,
    *,
    is_patient: bool,
    waited: bool,
) -> Flow[tuple[Verdict | None, str]]:
    """Whose position the read shows, and why another read may say more.

    That is empty where another read may not, or is not waited for: then what is read is judged.
    After one wait for the position the trades are asked whether it has the fill.
    """
    is_old = is_patient and _is_from_before_a_fill(run, found, reading)
    if is_old and not (waited and (yield from are_fills_in(run, found, reading))):
        return None, _OLD_POSITION
    if (yield from _has_later_trades(run, found, reading)):
        return None, _OLD_POSITION
    if unclear is not None:
        return None, ""
    verdict = yield from judge_position(run, found, reading)
    if is_patient and verdict is not None and may_say_more(run, found, verdict):
        return verdict, f"the position may be a new one: {verdict.why}"
    return verdict, ""


def _outdated(run: Run, why: str) -> Unknown:
    """The read is not used; the next one is of the exchange itself."""
    run.ports.exchange.invalidate(run.key.symbol, why)
    return _unknown(run, why)


def _observe(run: Run, found: Findings) -> Flow[Reading]:
    """A read of the symbol; Unknown if it is older than what is on record."""
    reading = yield from calls.observe(run)
    if isinstance(reading, Unknown) or not _is_older(run, found, reading):
        return reading
    return _outdated(run, _OLDER)


def _lasts(reading: Reading) -> bool:
    """Whether the read failed for a reason that another read will hardly remove."""
    return not isinstance(reading, Observation) and reading.lasts


def _update_orders(
    run: Run, found: Findings, reading: Observation
) -> Flow[tuple[Unknown | OrdersUnread | None, Answers]]:
    """Updates the record's orders to the read.

    Returns:
        What is known if the state of one of them is not clear: only the position where an order has
        vanished. And what was found of those that the read did not list.
    """
    matched = match_orders(run.record, reading.orders_of(run.key.symbol))
    if matched.outdated:
        why = f"{matched.outdated[0].order_link_id} is shown in an older state"
        return _outdated(run, why), _NOTHING
    run.record = follow_changes(run, matched.record)
    for owned in matched.disowned:
        report_disowned(run, owned)
    if not matched.unseen:
        return None, _NOTHING
    # A contract may call itself closed and trade again; what ends orders is a flat position.
    is_open = reading.position(run.key.symbol, run.key.side).size > ZERO
    ended = found.instrument is not None and found.instrument.ended and not is_open
    gone = [owned.order_link_id for owned in matched.unseen] if ended else ()
    answers = yield from query_orders(run, matched.unseen, not_open=gone)
    expected = answers.vanished | answers.unlisted
    for link_id, became in answers.orders.items():
        if became is None:
            return _unknown(run, f"{link_id} could not be looked up"), answers
        if became.status is OwnedStatus.OPEN and link_id not in expected:
            return _unknown(run, f"{link_id} is open but not yet listed"), answers
    if answers.vanished:
        names = ", ".join(sorted(answers.vanished))
        reason = f"{names}: in no list, though not known to be gone"
        flat = reading.flat
        unread = OrdersUnread(run.key.account, run.now(), reading.positions, reason, flat=flat)
        return unread, answers
    return None, answers


def _unknown(run: Run, reason: str) -> Unknown:
    return Unknown(run.key.account, run.now(), reason)


def _is_older(run: Run, found: Findings, reading: Observation | OrdersUnread) -> bool:
    """Whether the read shows the position from before what is on record, or was shown since.

    The position's own sequence number says so. What a run has read itself counts however long ago.
    """
    record, key, exchange = run.record, run.key, run.ports.exchange
    seq = reading.position(key.symbol, key.side).seq
    if found.size_known and 0 <= seq < record.position_seq:
        return True
    read = record.position_read
    on_record = None if read is None else SeqShown(record.position_seq, read)
    shown = exchange.seq_shown(key.symbol, exchange.position_mode.position_index(key.side))
    lag, moment = exchange.lateness.reads, run.moment()
    return any(one.overtakes(seq, moment, lag) for one in (on_record, shown) if one is not None)


def _has_later_trades(run: Run, found: Findings, reading: Observation) -> Flow[bool]:
    """Whether the position's trades say that it is as it was before a fill.

    It may be, where an order that has filled changed after it: at the fill, or by an amend. A read
    does not lag behind a trade for longer than stated.
    """
    position = reading.position(run.key.symbol, run.key.side)
    orders = (order for order in run.record.orders if found.filled_by(order) > 0)
    if not any(0 < position.updated_ms < order.updated_ms for order in orders):
        return False
    trades = yield from calls.executions(run, position.updated_ms)
    return not isinstance(trades, Unknown) and has_changed_since(
        position, trades, _shown_ms(run, reading)
    )


def _shown_ms(run: Run, reading: Observation) -> float:
    """Up to when the read shows all that happened, by the exchange's clock; not known: below 0."""
    return reading.read_ms - run.ports.exchange.lateness.reads / timedelta(milliseconds=1)


def _is_from_before_a_fill(run: Run, found: Findings, reading: Observation) -> bool:
    """Whether an order filled after the position was as the read shows it.

    It is unchanged although the order filled; or it changed last before the order's last fill, as
    where an entry came in between that no read had shown. A fill may come to light so late that no
    read is from before it any more, as where only the position could be read meanwhile: the order
    has ended by then, or rests as it has since.
    """
    position = reading.position(run.key.symbol, run.key.side)
    known = run.record.position_size, run.record.entry_price
    shown_ms, orders = _shown_ms(run, reading), run.record.orders
    since = {(one.order_id, one.filled) for one in reading.orders if 0 < one.updated_ms <= shown_ms}
    filled = [o for o in orders if found.filled_by(o) > 0 and not o.ended_by(shown_ms)]
    filled = [o for o in filled if (o.order_id, o.filled) not in since]
    is_same = bool(position.size) and (position.size, position.entry_price) == known
    if is_same and filled and not shows_all_fills(run.record, position):
        return True
    # A filled order ended with its last fill; the time of any other may be that of an amend.
    return any(
        0 < position.updated_ms < order.updated_ms - APART_MS
        for order in filled
        if order.status is OwnedStatus.FILLED
    )


def _apply_position(run: Run, found: Findings, reading: Observation | OrdersUnread) -> Findings:
    """Puts the position that was read into the record; returns the run's findings after it."""
    position = reading.position(run.key.symbol, run.key.side)
    follow_stop(run, position, reading)
    run.record = replace(
        run.record,
        room_taken=run.record.room_taken if position.size == run.record.position_size else None,
        position_size=position.size,
        entry_price=position.entry_price,
        position_seq=position.seq,
        position_read=run.moment(),
    )
    return replace(
        found,
        size_known=True,
        verified=isinstance(reading, Observation),
        opposite=_opposite(run, reading),
        counted=counted_in(run.record),
        market=market_by(reading, run.key, run.settings.beyond_market) or found.market,
        mark_price=mark_price_by(reading, run.key) or found.mark_price,
    )


def _others(run: Run, reading: Observation) -> tuple[Order, ...]:
    """Orders that are not on record, close the position like a TP, and are of no second engine."""
    position = reading.position(run.key.symbol, run.key.side)
    closing = closing_beside(position, unrecorded_orders(run, reading))
    rivals = adoptable_orders(run, reading) if closing else ()
    return tuple([order for order in closing if order not in rivals])


def _opposite(run: Run, reading: Observation | OrdersUnread) -> Decimal:
    """The size of a position of the other side that is open in place of the monitor's."""
    if run.ports.exchange.position_mode is PositionMode.HEDGE:
        return ZERO
    symbol, side = run.key.symbol, run.key.side.opposite
    return reading.position(symbol, side).size if reading.shows(symbol, side) else ZERO


def _fills(record: MonitorRecord) -> Mapping[str, Decimal]:
    """What each order has filled, in whatever sequence they are on record."""
    return {order.order_link_id: order.filled for order in record.orders}


def _have_filled_since(record: MonitorRecord, before: Mapping[str, Decimal]) -> bool:
    """Whether an order that was on record has filled more; those of a last position are dropped."""
    filled = _fills(record)
    return any(filled.get(link_id, had) > had for link_id, had in before.items())


def unrecorded_orders(run: Run, reading: Observation) -> tuple[Order, ...]:
    """Live orders of any kind at the position that are not on record."""
    index = run.ports.exchange.position_mode.position_index(run.key.side)
    ids = {order.order_id for order in run.record.orders}
    link_ids = {order.order_link_id for order in run.record.orders}
    own_stop = run.record.stop.order if run.record.stop else None
    return tuple(
        [
            order
            for order in reading.orders_of(run.key.symbol)
            if order.position_index == index
            and not is_of(own_stop, order)
            and not (order.order_id and order.order_id in ids)
            and not (order.order_link_id and order.order_link_id in link_ids)
        ]
    )


def orders_to_adopt(run: Run, found: Findings, reading: Observation) -> tuple[Order, ...]:
    """Live TP orders to put on record: all that may be, or beside live ones those that are missing.

    Beside a ladder on record only an order that stands where the plan would place one is adopted.
    """
    orders = adoptable_orders(run, reading)
    if not any(order.status is OwnedStatus.OPEN for order in run.record.orders):
        return orders
    places = found.plan.places if found.plan else ()
    prices = {place.target.price for place in places if place.resends is None}
    withheld = found.plan.withheld if found.plan else ()
    return stand_ins(orders, prices | {target.price for target in withheld})


def adoptable_orders(run: Run, reading: Observation) -> tuple[Order, ...]:
    """Live TP orders of the position that are not on record and may be adopted."""
    rules = run.settings.recognition
    return tuple(
        [
            order
            for order in unrecorded_orders(run, reading)
            if adoptable(order, run.key.side, rules)
        ]
    )


def report_second_engine(run: Run, reading: Observation) -> None:
    """Warns of orders like ours beside a whole ladder, and says when they are gone.

    Those that the last alert has named are no reason for another one.
    """
    orders = adoptable_orders(run, reading)
    last = run.ports.last_alert(run.record.id)
    named = last.text if last is not None and SECOND_ENGINE in last.text else ""
    beside = second_engine(orders)
    if beside is not None:
        is_known = all(order.order_link_id in named for order in orders[:NAMED])
        run.report(beside, run.note if is_known else run.warn)
    elif named:
        run.warn(NO_SECOND_ENGINE)
