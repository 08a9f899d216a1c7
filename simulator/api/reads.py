"""The reads of an account: open orders, closed orders, executions, positions."""

from collections.abc import Sequence
from typing import Any

from ..base import errors, params
from ..base.params import Params
from ..market.enums import ExecType, OrderStatus
from ..market.orders import OrderFilter, SimOrder
from ..market.positions import Fill, SimPosition
from ..market.venue import Venue
from . import rows
from .paging import PageRule, page_of
from .request import Call, Outcome

DAY_MS = 86_400_000
WEEK_MS = 7 * DAY_MS
_SHORT_LIVED = {OrderStatus.CANCELLED, OrderStatus.REJECTED, OrderStatus.DEACTIVATED}
_TWENTY_OF_FIFTY = (20, 50)


def realtime(call: Call) -> Outcome:
    """GET order/realtime (docs/v5/order/open-order).

    It lists open orders, or with openOnly=1 the last 500 closed ones; an id searches both.
    """
    fields, behaviour = call.fields, call.venue.behaviour
    _require_scope(fields)
    view = call.view(behaviour.visible_delay_ms)
    by_id = _wanted_id(fields)
    if by_id is not None:
        found = [o for o in [*view.orders.values(), *view.recent_closed()] if _is(o, by_id)]
    elif params.integer(fields, "openOnly") == 0:
        found = list(view.orders.values())
    else:
        found = view.recent_closed()
    kind = params.option(fields, "orderFilter", OrderFilter)
    found = [
        order
        for order in found
        if in_scope(call.venue, order.symbol, fields) and _passes(order, kind)
    ]
    if kind is None and by_id is None and not behaviour.conditional_listed:
        found = [order for order in found if not order.is_conditional]
    return _order_page(call, found)


def history(call: Call) -> Outcome:
    """GET order/history (docs/v5/order/order-list): closed orders.

    It goes back seven days, but 24 hours for orders that closed without a fill.

    Raises:
        ApiError: 181017: the orderStatus is not a final one.
    """
    fields, now = call.fields, call.venue.now()
    status = params.text(fields, "orderStatus")
    if status and (status not in set(OrderStatus) or OrderStatus(status).is_open):
        raise errors.ApiError(181017, "OrderStatus must be final status")
    kind = params.option(fields, "orderFilter", OrderFilter)
    by_id = _wanted_id(fields)
    start, end = window(fields, now)
    view = call.view(call.venue.behaviour.history_delay_ms)
    found = [
        order
        for order in view.closed()
        if in_scope(call.venue, order.symbol, fields)
        and (by_id is None or _is(order, by_id))
        and _passes(order, kind)
        and (not status or order.status.value == status)
        and start <= order.created_ms <= end
        and not (_left_no_fill(order) and order.updated_ms < now - DAY_MS)
    ]
    return _order_page(call, found)


def executions(call: Call) -> Outcome:
    """GET execution/list (docs/v5/order/execution): newest first.

    With an id no other filter counts. execType leaves one type of executions.
    """
    fields, now = call.fields, call.venue.now()
    by_id = _wanted_id(fields)
    kind = params.option(fields, "execType", ExecType)
    start, end = window(fields, now)
    found = [
        fill
        for fill in call.view().fills()
        if (
            _is(fill, by_id)
            if by_id is not None
            else in_scope(call.venue, fill.symbol, fields)
            and start <= fill.at_ms <= end
            and kind in {None, fill.exec_type}
        )
    ]
    rule = PageRule(50, 100, call.venue.behaviour.cursor_on_last_page)
    page = page_of(found, lambda fill: (fill.at_ms, fill.seq), fields, rule)
    listed = [rows.fill_row(fill, call.venue.mark(fill.symbol)) for fill in page.rows]
    return Outcome({"nextPageCursor": page.cursor, "category": "linear", "list": listed})


def positions(call: Call) -> Outcome:
    """GET position/list (docs/v5/position/position).

    A symbol has a row even while it is flat, and two in hedge mode. With settleCoin only open
    positions are listed.
    """
    fields, venue = call.fields, call.venue
    symbol, coin = params.text(fields, "symbol"), params.text(fields, "settleCoin")
    view = call.view(venue.behaviour.position_delay_ms)
    held = view.positions
    found: list[SimPosition]
    if symbol:
        venue.spec(symbol)
        wanted = (1, 2) if call.owner.is_hedged(symbol) else (0,)
        flat = {idx: SimPosition(symbol=symbol, idx=idx) for idx in wanted}
        found = [held.get((symbol, idx), flat[idx]) for idx in wanted]
    elif coin:
        found = [
            position
            for position in held.values()
            if position.size > 0 and venue.instruments[position.symbol].settle_coin == coin
        ]
    else:
        raise _scope_missing()
    order = {name: place for place, name in enumerate(sorted(venue.instruments, reverse=True))}
    page = page_of(found, lambda p: (order[p.symbol], -p.idx), fields, PageRule(20, 200))
    listed = [
        rows.position_row(
            position,
            venue.mark(position.symbol),
            view.orders.values(),
            call.owner.leverage(position.symbol, position.held_side),
        )
        for position in page.rows
    ]
    return Outcome({"list": listed, "nextPageCursor": page.cursor, "category": "linear"})


def _order_page(call: Call, found: Sequence[SimOrder]) -> Outcome:
    default, most = _TWENTY_OF_FIFTY
    venue, behaviour = call.venue, call.venue.behaviour
    rule = PageRule(default, most, behaviour.cursor_on_last_page)
    page = page_of(found, lambda order: (order.created_ms, order.number), call.fields, rule)
    listed = [
        rows.written(order, venue.instruments[order.symbol].settle_coin, behaviour.dialect)
        for order in page.rows
    ]
    return Outcome({"list": listed, "nextPageCursor": page.cursor, "category": "linear"})


def _scope_missing() -> errors.ApiError:
    return errors.parameter(
        "Missing some parameters that must be filled in, symbol or settleCoin or baseCoin"
    )


def _require_scope(fields: Params) -> None:
    if not any(params.text(fields, name) for name in ("symbol", "baseCoin", "settleCoin")):
        raise _scope_missing()


def in_scope(venue: Venue, symbol: str, fields: Params) -> bool:
    """Whether a request asks for a symbol: by symbol, else by baseCoin, else by settleCoin."""
    wanted = params.text(fields, "symbol")
    base, settle = params.text(fields, "baseCoin"), params.text(fields, "settleCoin")
    spec = venue.instruments[symbol]
    if wanted:
        return symbol == wanted
    if base:
        return spec.base_coin == base
    return not settle or spec.settle_coin == settle


def _wanted_id(fields: Params) -> tuple[str, str] | None:
    for attribute, name in (("order_id", "orderId"), ("link_id", "orderLinkId")):
        value = params.text(fields, name)
        if value:
            return attribute, value
    return None


def _is(row: SimOrder | Fill, wanted: tuple[str, str]) -> bool:
    found: Any = getattr(row, wanted[0])
    return bool(found == wanted[1])


def _passes(order: SimOrder, kind: OrderFilter | None) -> bool:
    """Whether a filter leaves an order; one that was conditional is so for good."""
    return kind is None or (order.trigger_price is not None) is (kind is OrderFilter.STOP)


def _left_no_fill(order: SimOrder) -> bool:
    return order.status in _SHORT_LIVED and not order.filled


def window(fields: Params, now: int, length: int = WEEK_MS) -> tuple[int, int]:
    """The start and the end that a request asks for: seven days at most, and by default.

    Args:
        fields: the parameters.
        now: the present time.
        length: the default, where it is another one.

    Raises:
        ApiError: 10001: the time between them is longer.
    """
    start, end = params.integer(fields, "startTime"), params.integer(fields, "endTime")
    if start and end and end - start > WEEK_MS:
        raise errors.parameter("The time range between startTime and endTime must be within 7 days")
    if start and not end:
        return start, start + length
    end = end or now
    return start or end - length, end
