"""POST position/trading-stop: the take-profit and stop-loss of a position (docs/v5/position).

In Full mode a position has one of each: a second call amends it, and "0" cancels it. In Partial
mode each call adds one. Their orders have no link id, and the reply names no ids.
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
    """One of the two orders that trading-stop sets.

    Attributes:
        field: the name of the trigger price's field.
        prefix: what the names of the other fields begin with.
        full: the order's kind in Full mode.
        partial: its kind in Partial mode.
        gains: whether it closes the position at a gain.
    """

    field: str
    prefix: str
    full: StopOrderType
    partial: StopOrderType
    gains: bool

    def rises(self, position: SimPosition) -> bool:
        """Whether a rising price reaches the trigger."""
        return (position.side is Side.BUY) is self.gains


_LEGS = (
    _Leg("takeProfit", "tp", StopOrderType.TAKE_PROFIT, StopOrderType.PARTIAL_TAKE_PROFIT, True),  # noqa: FBT003 - a column
    _Leg("stopLoss", "sl", StopOrderType.STOP_LOSS, StopOrderType.PARTIAL_STOP_LOSS, False),  # noqa: FBT003 - a column
)


def set_trading_stop(call: Call) -> Outcome:
    """Set, amend, add or cancel the take-profit and stop-loss of a position.

    Raises:
        ApiError: 10001: the position is flat, a trigger is on the wrong side of the market, or
            the sizes don't match; 34040: nothing changes; 110061: more than 20 in Partial mode.
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
    """Apply the changes whose position and order still exist."""
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
    """The order as a leg creates, amends or cancels it; None if nothing has to change."""
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
