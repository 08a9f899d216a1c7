"""Bugs in how trueup understands what it reads."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from trueup.adapters.bybit.rest import instruments, paging, reader
from trueup.adapters.bybit.wire import parsing
from trueup.adapters.bybit.wire.fields import Row
from trueup.domain.flow import Flow
from trueup.domain.model.identity import Side
from trueup.domain.model.instrument import ZERO, Instrument
from trueup.domain.model.observation import Flat, Observation, OrdersUnread, Reading
from trueup.domain.model.order import Order
from trueup.domain.model.record import MonitorRecord, OwnedOrder
from trueup.domain.tracking import matching
from trueup.domain.tracking.symbol_view import SymbolView
from trueup.states.work import calls, lookup, snapshot
from trueup.states.work.lookup import Answers
from trueup.states.work.run import Run

from ..judge.contained import HaltedIsLeftAlone, SweepsSee
from ..judge.cover.no_naked_moment import NoNakedMoment
from ..judge.cover.not_above import NotAbove
from ..judge.final_state import WholeCover
from ..judge.hands_off import HandsOff
from ..judge.never_twice import NeverTwice
from ..judge.reads import FlatIsShown, UnknownIsNotEmpty
from .planted import Bug

_DATED_SEED = 795
"""The first live history with a dated future that is still open at the end."""

_observe = calls.observe
_parse_instrument = parsing.parse_instrument
_pages = paging._pages  # noqa: SLF001 - the bug is in there
_query_orders = lookup.query_orders
_seen = matching.updated_from


def _unread_is_empty(run: Run) -> Flow[Reading]:
    reading = yield from _observe(run)
    if isinstance(reading, OrdersUnread):
        return Observation(reading.account, reading.at, reading.positions, (), flat=reading.flat)
    return reading


def _unlisted_is_flat(view: SymbolView) -> tuple[Flat, ...]:
    held = {position.side for position in view.open_positions}
    return tuple(Flat(view.symbol, side) for side in Side if side not in held)


def _first_page(*args: Any) -> Iterator[Any]:  # noqa: ANN401 - _pages' own
    yield next(_pages(*args))


def _never_halted(row: Row) -> Instrument:
    return replace(_parse_instrument(row), halted="")


def _fits_by_id(order: Order, *_: object) -> bool:
    return "TP" in order.order_link_id


def _unlisted_is_gone(
    run: Run,
    orders: list[OwnedOrder],
    **_options: Any,  # noqa: ANN401 - query_orders's own
) -> Flow[Answers]:
    yield from ()
    found: dict[str, OwnedOrder | None] = {}
    for owned in orders:
        gone = matching.without_trace(owned)
        run.record = run.record.with_order(gone)
        found[owned.order_link_id] = gone
    return Answers(found)


def _believed(owned: OwnedOrder, order: Order) -> OwnedOrder:
    return replace(_seen(owned, order), filled=order.filled)


def _never_older(_owned: OwnedOrder, _order: Order) -> bool:
    return False


def _no_fill(_record: MonitorRecord, _level: int) -> Any:  # noqa: ANN401 - a Decimal
    return ZERO


def _impatient(run: Run, orders: list[OwnedOrder], **options: Any) -> Any:  # noqa: ANN401 - query_orders's own
    names = {order.order_link_id for order in orders}
    return _query_orders(run, orders, **(options | {"not_open": names, "searched": True}))


def _coin_by_name(row: Row) -> Instrument:
    rules = _parse_instrument(row)
    return replace(rules, settle_coin="USDT" if rules.symbol.endswith("USDT") else "USDC")


READING_BUGS = (
    Bug(
        "unknown read as empty",
        (UnknownIsNotEmpty.name,),
        lambda *_: ((calls, "observe", _unread_is_empty),),
    ),
    Bug(
        "partial page taken for the whole",
        (UnknownIsNotEmpty.name,),
        lambda *_: ((paging, "_pages", _first_page),),
    ),
    Bug(
        "position without a row taken for flat",
        (FlatIsShown.name,),
        lambda *_: ((SymbolView, "flat", property(_unlisted_is_flat)),),
    ),
    Bug(
        "one odd row fails the whole read",
        (SweepsSee.name,),
        lambda *_: ((reader, "understood", lambda row, parse: parse(row)),),
    ),
    Bug(
        "writes to a halted contract",
        (HaltedIsLeftAlone.name,),
        lambda *_: ((instruments, "parse_instrument", _never_halted),),
    ),
    Bug(
        "settle coin read off the symbol",
        (SweepsSee.name,),
        lambda *_: ((instruments, "parse_instrument", _coin_by_name),),
        _DATED_SEED,
    ),
    Bug(
        "stop-loss taken for TP",
        (HandsOff.name,),
        lambda *_: (
            (snapshot, "adoptable", _fits_by_id),
            (matching, "can_be_tp_of", _fits_by_id),
            (lookup, "can_be_tp_of", _fits_by_id),
        ),
    ),
    Bug(
        "unlisted order taken for gone",
        (NeverTwice.name,),
        lambda *_: ((snapshot, "query_orders", _unlisted_is_gone),),
    ),
    Bug(
        "order found nowhere given up at once",
        (NeverTwice.name,),
        lambda *_: ((snapshot, "query_orders", _impatient),),
    ),
    Bug(
        "fills taken from a stale read",
        (NoNakedMoment.name, NotAbove.name),
        lambda *_: (
            (matching, "updated_from", _believed),
            (lookup, "updated_from", _believed),
            (matching, "is_outdated", _never_older),
            (lookup, "is_outdated", _never_older),
        ),
    ),
    Bug(
        "filled share forgotten",
        (WholeCover.name,),
        lambda *_: ((MonitorRecord, "filled", _no_fill),),
    ),
)
