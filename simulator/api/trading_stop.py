"""POST position/trading-stop: take-profit and stop-loss of a position (docs/v5/position).

In Full mode they are a set: a second call amends the order that is there, "0" takes it away. In
Partial mode they only add. Their orders have no link id, and the reply names no ids.
"""

from dataclasses import dataclass, replace
from decimal import Decimal

from ..base import errors, params
from ..base.decimals import ZERO, plain
from ..base.errors import ApiError
from ..base.params import Params
from ..market import checks, ledger
from ..market.accounts import Account
from ..market.enums import CancelType, OrderStatus, OrderType, Side, StopOrderType, TimeInForce
from ..market.orders import SimOrder
from ..market.positions import SimPosition
from ..market.venue import Venue
from .request import Call, Outcome

PARTIAL_CAP = 20


@dataclass(frozen=True, slots=True)
class _Leg:
    """One of the two things that trading-stop sets; `prefix` begins the names of its fields."""

    field: str
    prefix: str
    full: StopOrderType
    partial: StopOrderType
    gains: bool

    def rises(self, position: SimPosition) -> bool:
        """Whether the price must rise to the trigger."""
        return (position.side is Side.BUY) is self.gains


_LEGS = (
    _Leg("takeProfit", "tp", StopOrderType.TAKE_PROFIT, StopOrderType.PARTIAL_TAKE_PROFIT, True),  # noqa: FBT003 - a column
    _Leg("stopLoss", "sl", StopOrderType.STOP_LOSS, StopOrderType.PARTIAL_STOP_LOSS, False),  # noqa: FBT003 - a column
)


def set_trading_stop(call: Call) -> Outcome:
    """Set, amend, add or take away the take-profit and stop-loss of a position.

    Raises:
        ApiError: 10001 for a flat position, the wrong side or sizes that do not pair; 34040 if
            nothing changes; 110061 above 20 partial ones.
    """
    fields, venue, account = call.fields, call.venue, call.owner
    symbol, idx = params.required(fields, "symbol"), params.integer(fields, "positionIdx")
    venue.spec(symbol)
    checks.position_idx(account, symbol, idx)
    position = account.position_at(symbol, idx)
    if position.side is None:
        raise errors.parameter("can not set tp/sl/ts for zero position")
    partial = params.text(fields, "tpslMode") == "Partial"
    if partial:
        _check_sizes(fields)
    wanted = [(leg, _trigger(venue, leg, position, fields)) for leg in _LEGS]
    changes = [
        change
        for leg, trigger in wanted
        if trigger is not None
        and (change := _change(venue, account, position, leg, trigger, fields)) is not None
    ]
    if not changes:
        raise ApiError(34040, "not modified")
    known = frozenset(account.orders)
    venue.after(venue.behaviour.effect_delay_ms, lambda: _write(venue, account, changes, known))
    return Outcome({})


def _write(venue: Venue, account: Account, changes: list[SimOrder], known: frozenset[str]) -> None:
    """Let the changes happen, as far as position and orders are still there."""
    for order in changes:
        current = account.orders.get(order.order_id)
        position = account.position_at(order.symbol, order.position_idx)
        if position.room_for(order.side) == ZERO or (order.order_id in known and current is None):
            continue
        if current is not None and order.status.is_open:
            ledger.put_order(
                venue,
                account,
                replace(current, trigger_price=order.trigger_price, updated_ms=venue.now()),
            )
        else:
            ledger.put_order(venue, account, order)


def _check_sizes(fields: Params) -> None:
    sizes = {leg.prefix: params.number(fields, f"{leg.prefix}Size") for leg in _LEGS}
    for leg in _LEGS:
        if (sizes[leg.prefix] is None) is bool(params.text(fields, leg.field)):
            raise errors.parameter(
                f"{leg.prefix}Size and {leg.field} need to input in pairs for Partial mode"
            )
    if None not in sizes.values() and len(set(sizes.values())) > 1:
        raise errors.parameter("slSize and tpSize must be equal under the partial mode")


def _trigger(venue: Venue, leg: _Leg, position: SimPosition, fields: Params) -> Decimal | None:
    trigger = params.number(fields, leg.field)
    if trigger is None or trigger == ZERO:
        return trigger
    last, rises = venue.prices[position.symbol], leg.rises(position)
    if (trigger <= last) if rises else (trigger >= last):
        name = leg.field[0].upper() + leg.field[1:]
        word = "higher" if rises else "lower"
        raise errors.parameter(
            f"{name}:{plain(trigger)} set for {position.side} position should {word} than "
            f"base_price:{plain(last)}??LastPrice"
        )
    return trigger


def _change(
    venue: Venue,
    account: Account,
    position: SimPosition,
    leg: _Leg,
    trigger: Decimal,
    fields: Params,
) -> SimOrder | None:
    """The order that a leg makes, amends or ends; None if everything is as wanted."""
    now, partial = venue.now(), params.text(fields, "tpslMode") == "Partial"
    kind = leg.partial if partial else leg.full
    alike = [
        order
        for order in account.open_orders(position.symbol)
        if order.stop_order_type is kind and order.position_idx == position.idx
    ]
    if partial and len(alike) >= PARTIAL_CAP:
        raise ApiError(110061, "Not allowed to have more than 20 TP/SLs under Partial tpSlMode")
    if partial or not alike:
        return None if trigger == ZERO else _make(venue, position, leg, trigger, fields)
    if trigger == ZERO:
        return alike[0].cancelled(CancelType.BY_TPSL_CLEAR, now)
    if alike[0].trigger_price == trigger:
        return None
    return replace(alike[0], trigger_price=trigger, updated_ms=now)


def _make(
    venue: Venue, position: SimPosition, leg: _Leg, trigger: Decimal, fields: Params
) -> SimOrder:
    size = params.number(fields, f"{leg.prefix}Size")
    limit = params.number(fields, f"{leg.prefix}LimitPrice")
    resting = params.text(fields, f"{leg.prefix}OrderType") == "Limit" and limit is not None
    return SimOrder(
        order_id=venue.ids.fresh("order"),
        link_id="",
        symbol=position.symbol,
        side=Side(position.side or Side.BUY).opposite,
        order_type=OrderType.LIMIT if resting else OrderType.MARKET,
        quantity=position.size if size is None else size,
        price=limit if resting and limit is not None else ZERO,
        reduce_only=True,
        time_in_force=TimeInForce.GTC if resting else TimeInForce.IOC,
        position_idx=position.idx,
        status=OrderStatus.UNTRIGGERED,
        created_ms=venue.now(),
        updated_ms=venue.now(),
        queue=venue.queue.next(),
        number=venue.numbers.next(),
        trigger_price=trigger,
        trigger_direction=1 if leg.rises(position) else 2,
        trigger_by=params.text(fields, f"{leg.prefix}TriggerBy") or "LastPrice",
        stop_order_type=leg.full if size is None else leg.partial,
        close_on_trigger=True,
        last_price_on_created=venue.prices[position.symbol],
    )
