"""Calls to the exchange, each with a line in the journal."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from ...domain.flow import Flow, ask
from ...domain.model.commands import AmendOrder, CancelOrder, Operation, PlaceOrder
from ...domain.model.instrument import plain
from ...domain.model.journal import ExchangeCall
from ...domain.model.observation import Observation, OrdersUnread, Reading, Unknown
from ...domain.model.order import Execution
from ...domain.model.outcomes import (
    Absent,
    Accepted,
    Found,
    Held,
    LookUp,
    OutcomeClass,
    Refused,
    Unsure,
    WriteOutcome,
)
from ...domain.model.protection import StopCommand
from ...domain.ports import Moment, WhyHeld
from ...domain.venue.price_range import PriceRange
from .run import Run

SET_STOP = "set_stop"
"""The operation that sets the stop of a position, whether it is an order of ours or not."""

_A_MILLISECOND = timedelta(milliseconds=1)
_Command = TypeVar("_Command", PlaceOrder, AmendOrder, CancelOrder)
_Answer = TypeVar("_Answer")


def counted(run: Run, call: Callable[[], _Answer]) -> Flow[_Answer]:
    """Makes a call of the exchange, and counts the requests that it sent."""

    def count() -> _Answer:
        before = run.ports.exchange.requests
        try:
            return call()
        finally:
            run.count(run.ports.exchange.requests - before)

    return (yield from ask(count))


_REWRITTEN = "the monitor was given another ladder or stop"
_TOO_OLD = "too much time has passed since the exchange was read"
_NOT_SHOWN = "no row shows the position"


def observe(run: Run) -> Flow[Reading]:
    """Reads the symbol once; the reading shows the position, open or flat.

    A view that does not show it is not asked again: the exchange is.
    """
    start = run.now(), run.moment()
    reading = yield from counted(run, lambda: run.ports.exchange.observe((run.key.symbol,)))
    if not _is_shown(run, reading):
        run.ports.exchange.invalidate(run.key.symbol, _NOT_SHOWN)
        reading = yield from counted(run, lambda: run.ports.exchange.observe((run.key.symbol,)))
    if not _is_shown(run, reading):
        reading = Unknown(run.key.account, run.now(), _NOT_SHOWN)
    run.has_read(start[1], reading if isinstance(reading, Observation) else None)
    if isinstance(reading, Observation):
        orders = len(reading.orders_of(run.key.symbol))
        size = reading.position(run.key.symbol, run.key.side).size
        _journal(run, start, "observe", "", "complete", detail=f"size {size}, orders {orders}")
    elif isinstance(reading, OrdersUnread):
        _journal(run, start, "observe", "", "orders unread", detail=reading.reason)
    else:
        _journal(run, start, "observe", "", "unknown", reading.code, reading.reason)
    return reading


def outdated(run: Run, reading: Observation) -> Flow[str]:
    """Why the position or the orders are known to have changed since; empty if they are not."""
    exchange, symbol = run.ports.exchange, run.key.symbol
    return (yield from counted(run, lambda: exchange.outdated(symbol, reading.changes)))


def _is_shown(run: Run, reading: Reading) -> bool:
    """Whether the reading says what the position is, or says nothing at all."""
    return isinstance(reading, Unknown) or reading.shows(run.key.symbol, run.key.side)


def look_up(run: Run, *, order_link_id: str = "", order_id: str = "") -> Flow[LookUp]:
    """Looks one order up once."""
    start = run.now(), run.moment()
    found = yield from counted(
        run,
        lambda: run.ports.exchange.look_up(
            run.key.symbol, order_link_id=order_link_id, order_id=order_id
        ),
    )
    run.has_asked(start[1])
    name = order_link_id or order_id
    match found:
        case Found(order):
            detail = f"{order.status.value} {order.filled}/{order.quantity}"
            _journal(run, start, "look_up", name, "found", detail=detail)
        case Absent():
            _journal(run, start, "look_up", name, "absent")
        case Unknown():
            _journal(run, start, "look_up", name, "unknown", found.code, found.reason)
    return found


def executions(run: Run, since_ms: int) -> Flow[tuple[Execution, ...] | Unknown]:
    """Reads the symbol's trades since then once."""
    start = run.now(), run.moment()
    found = yield from counted(run, lambda: run.ports.exchange.executions(run.key.symbol, since_ms))
    run.has_asked(start[1])
    if isinstance(found, Unknown):
        _journal(run, start, "executions", "", "unknown", found.code, found.reason)
    else:
        _journal(run, start, "executions", "", "complete", detail=f"trades {len(found)}")
    return found


def price_range(run: Run, since_ms: int) -> Flow[PriceRange | Unknown]:
    """Reads once how far the market has gone since then."""
    start = run.now(), run.moment()
    exchange, symbol = run.ports.exchange, run.key.symbol
    found = yield from counted(run, lambda: exchange.price_range(symbol, since_ms))
    run.has_asked(start[1])
    if isinstance(found, Unknown):
        _journal(run, start, "price_range", "", "unknown", found.code, found.reason)
    else:
        went = f"{plain(found.low)} to {plain(found.high)}"
        detail = went if found.high else "no whole candle yet"
        _journal(run, start, "price_range", "", "complete", detail=detail)
    return found


def place(run: Run, orders: Sequence[PlaceOrder]) -> Flow[tuple[WriteOutcome, ...]]:
    """Sends new orders, whose intents are durable."""
    return (yield from _write(run, Operation.PLACE, orders, run.ports.exchange.place))


def amend(run: Run, orders: Sequence[AmendOrder]) -> Flow[tuple[WriteOutcome, ...]]:
    """Sends changes, whose intents are durable."""
    return (yield from _write(run, Operation.AMEND, orders, run.ports.exchange.amend))


def cancel(run: Run, orders: Sequence[CancelOrder]) -> Flow[tuple[WriteOutcome, ...]]:
    """Sends cancels, whose intents are durable."""
    return (yield from _write(run, Operation.CANCEL, orders, run.ports.exchange.cancel))


def cancel_entries(run: Run, orders: Sequence[CancelOrder]) -> Flow[tuple[WriteOutcome, ...]]:
    """Sends cancels of entries, whose intents are durable."""
    return (yield from _write(run, Operation.CANCEL_ENTRY, orders, run.ports.exchange.cancel))


def close(run: Run, order: PlaceOrder) -> Flow[WriteOutcome]:
    """Sends a market order that closes, whose intent is durable."""
    return (yield from _write(run, Operation.CLOSE, [order], run.ports.exchange.place))[0]


def set_stop(run: Run, command: StopCommand, order_link_id: str = "") -> Flow[WriteOutcome]:
    """Sends the stop of the position, whose intent is durable."""
    send = run.ports.exchange.set_stop
    outcomes = yield from _sent(run, SET_STOP, [order_link_id], lambda held: (send(command, held),))
    return outcomes[0]


def _write(
    run: Run,
    operation: Operation,
    orders: Sequence[_Command],
    send: Callable[[Sequence[_Command], WhyHeld], tuple[WriteOutcome, ...]],
) -> Flow[tuple[WriteOutcome, ...]]:
    if not orders:
        return ()
    names = [order.order_link_id for order in orders]
    return (yield from _sent(run, operation.value, names, lambda held: send(orders, held)))


def _sent(
    run: Run,
    operation: str,
    names: Sequence[str],
    send: Callable[[WhyHeld], tuple[WriteOutcome, ...]],
) -> Flow[tuple[WriteOutcome, ...]]:
    """Sends writes, and puts a line of each into the journal.

    Args:
        run: the run.
        operation: what is asked for.
        names: of the orders; one empty text where the write is about none.
        send: sends them, held against the present.
    """
    start = run.now(), run.moment()
    barred = run.ports.barred()
    if barred:
        outcomes = _held_back(names, barred)
    else:
        run.ports.reach(f"{operation}.before-send")
        with run.ports.gate() as why_stopped:
            why_held = partial(_why_not_now, run, why_stopped)
            outcomes = yield from counted(run, lambda: send(why_held))
    run.ports.reach(f"{operation}.after-reply")
    held = next((outcome for outcome in outcomes if isinstance(outcome, Held)), None)
    if held is not None:
        run.hold()
        run.decide(f"✋ Not sent: {held.reason}: planning anew")
    for name, outcome in zip(names, outcomes, strict=True):
        match outcome:
            case Accepted():
                _journal(run, start, operation, name, "accepted")
            case Refused():
                kind, message = outcome.kind.value, outcome.message
                _journal(run, start, operation, name, kind, outcome.code, message)
            case Held():
                _journal(run, start, operation, name, "held", detail=outcome.reason)
            case Unsure():
                if outcome.code is None and operation != SET_STOP:
                    run.lose_an_answer()
                _journal(run, start, operation, name, "unsure", outcome.code, outcome.reason)
    return outcomes


def _why_not_now(run: Run, why_stopped: WhyHeld) -> str:
    """Why a write that is about to leave must not; last of all, whether somebody has stopped it."""
    return _why_held(run) or why_stopped()


def _why_held(run: Run) -> str:
    """Why a write that is about to leave must not: what it was decided by is old, or has changed.

    Where the process stood still meanwhile, no view of it is believed either.
    """
    exchange, symbol = run.ports.exchange, run.key.symbol
    if run.has_stood_still:
        exchange.invalidate(symbol, _TOO_OLD)
        return _TOO_OLD
    if run.ports.is_rewritten(run.record):
        return _REWRITTEN
    return exchange.outdated(symbol, run.changes_read, run.read_number)


def is_overtaken(run: Run) -> bool:
    """Whether another position was shown since the run read the exchange, to it or to others."""
    if run.changes_read is not None:
        return False
    return bool(run.ports.exchange.outdated(run.key.symbol, None, run.read_number))


def _held_back(names: Sequence[str], why: str) -> tuple[WriteOutcome, ...]:
    """The outcomes of writes that do not leave: their account may not write."""
    return tuple([Refused(OutcomeClass.AUTH, 0, f"not sent: {why}") for _ in names])


def _journal(
    run: Run,
    start: tuple[datetime, Moment],
    operation: str,
    order_link_id: str,
    outcome: str,
    code: int | None = None,
    detail: str = "",
) -> None:
    at, began = start
    latency_ms = (run.moment() - began) // _A_MILLISECOND
    run.calls.append(
        ExchangeCall(run.id, operation, order_link_id, outcome, code, latency_ms, at, detail)
    )
