"""The rows of the read endpoints, with Bybit's field names and text types."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from ..base.behaviour import Dialect
from ..base.decimals import booked, plain
from ..market.accounts import LEVERAGE
from ..market.enums import CancelType, ExecType, OrderStatus, RejectReason, Side, StopOrderType
from ..market.legs import LEGS
from ..market.orders import SimOrder
from ..market.positions import Fill, SimPosition
from ..wallet import margin


def short(value: Decimal) -> str:
    """A quotient, rounded to eight decimals as Bybit rounds averages."""
    return plain(booked(value))


def written(order: SimOrder, coin: str, dialect: Dialect) -> dict[str, Any]:
    """A row of order/realtime and order/history, as a dialect writes it."""
    row = order_row(order, coin)
    if dialect is Dialect.NOW:
        return row
    return {**row, **_as_in_samples(order, row), **dict(order.shown_as)}


def _as_in_samples(order: SimOrder, row: Mapping[str, Any]) -> dict[str, Any]:
    """What the samples on Bybit's pages write otherwise than the exchange has since 2024."""
    return {
        "rejectReason": order.reject_reason.value,
        "avgPrice": short(order.average_price),
        "leavesQty": plain(order.leaves),
        "leavesValue": plain(order.leaves * order.price),
        "stopOrderType": order.stop_order_type.value,
        "triggerPrice": row["triggerPrice"] or "0.00",
        "triggerBy": order.trigger_by,
        "tpTriggerBy": row["tpTriggerBy"] or "UNKNOWN",
        "slTriggerBy": row["slTriggerBy"] or "UNKNOWN",
        "tpLimitPrice": "" if row["tpLimitPrice"] == "0" else row["tpLimitPrice"],
        "slLimitPrice": "" if row["slLimitPrice"] == "0" else row["slLimitPrice"],
    }


def order_row(order: SimOrder, coin: str) -> dict[str, Any]:
    """A row of order/realtime and order/history (docs/v5/order/open-order, order-list).

    What an order does not have is empty, as clients have logged it since 2024. Its fees are paid in
    the coin that the contract settles in.
    """
    is_cancelled = order.status is OrderStatus.CANCELLED
    last, kind = order.last_price_on_created, order.stop_order_type
    return {
        "orderId": order.order_id,
        "orderLinkId": order.link_id,
        "parentOrderLinkId": order.parent_link_id,
        "blockTradeId": "",
        "symbol": order.symbol,
        "price": plain(order.price),
        "qty": plain(order.quantity),
        "side": order.side.value,
        "isLeverage": "",
        "positionIdx": order.position_idx,
        "orderStatus": order.status.value,
        "createType": create_type(order.stop_order_type, order.exec_type),
        "cancelType": order.cancel_type.value,
        "rejectReason": _reason(order).value,
        "avgPrice": short(order.average_price) if order.filled else "",
        "leavesQty": "" if is_cancelled else plain(order.leaves),
        "leavesValue": "" if is_cancelled else plain(order.leaves * order.price),
        "cumExecQty": plain(order.filled),
        "cumExecValue": plain(order.value),
        "cumExecFee": plain(order.fee),
        "timeInForce": order.time_in_force.value,
        "orderType": order.order_type.value,
        "stopOrderType": _known(order.stop_order_type.value),
        "orderIv": "",
        "triggerPrice": "" if order.trigger_price is None else plain(order.trigger_price),
        "takeProfit": "",
        "stopLoss": "",
        "tpTriggerBy": "",
        "slTriggerBy": "",
        "triggerDirection": order.trigger_direction,
        "triggerBy": "" if order.trigger_price is None else _known(order.trigger_by),
        "lastPriceOnCreated": "" if last is None else plain(last),
        "reduceOnly": order.reduce_only,
        "closeOnTrigger": order.close_on_trigger,
        "smpType": order.smp_type,
        "smpGroup": 0,
        "smpOrderId": "",
        "tpslMode": (order.attached[0].kind if order.attached else kind).tpsl_mode,
        "tpLimitPrice": "0",
        "slLimitPrice": "0",
        "placeType": "",
        "slippageToleranceType": "UNKNOWN",
        "slippageTolerance": "",
        "createdTime": str(order.created_ms),
        "updatedTime": str(order.updated_ms),
        "extraFees": "",
        "cumFeeDetail": {coin: plain(order.fee)} if order.fee else {},
        "rpiTakerAccess": False,
        "rpiMatchedQty": "0",
        **_attached(order),
        **dict(order.shown_as),
    }


def _attached(order: SimOrder) -> dict[str, str]:
    """What is attached to an order, in the fields that attached it."""
    shown: dict[str, str] = {}
    for leg in LEGS:
        each = leg.of(order)
        if each is not None:
            shown |= leg.fields_of(each)
            shown.pop(leg.type_field)
    return shown


def _reason(order: SimOrder) -> RejectReason:
    """The reject reason; a cancel on request has one of its own."""
    asked = order.status is OrderStatus.CANCELLED and order.cancel_type is CancelType.BY_USER
    if asked and order.reject_reason is RejectReason.NONE:
        return RejectReason.REQUESTED
    return order.reject_reason


def _known(value: str) -> str:
    """A value, or "" for UNKNOWN."""
    return "" if value == "UNKNOWN" else value


def create_type(kind: StopOrderType, executions: ExecType = ExecType.TRADE) -> str:
    """The createType of an order: who created it (docs/v5/enum)."""
    by_user = f"CreateBy{kind.value}" if kind.is_native else "CreateByUser"
    return executions.create_type or by_user


def position_row(
    position: SimPosition,
    mark: Decimal,
    orders: Iterable[SimOrder] = (),
    leverage: Decimal = LEVERAGE,
) -> dict[str, Any]:
    """A row of position/list (docs/v5/position/position); a flat one has side "" and size 0.

    takeProfit, stopLoss and trailingStop are those of the given orders that close the whole
    position; those of Partial mode are orders only. curRealisedPnl is that of the present position,
    or of the last one while there is none. The activation price is in no field of it.
    """
    stops = _stops_of(position, orders) if position.size else {}
    direction = {Side.BUY: 1, Side.SELL: -1, None: 0}[position.side]
    value = position.size * position.average_price
    unrealised = direction * position.size * (mark - position.average_price)
    initial, maintenance = "0", "0"
    if position.size:
        initial = short(margin.position_margin(position, mark, leverage))
        maintenance = short(margin.MAINTENANCE * position.size * mark)
    return {
        "positionIdx": position.idx,
        "riskId": 1,
        "riskLimitValue": "200000",
        "symbol": position.symbol,
        "side": "" if position.side is None else position.side.value,
        "size": plain(position.size),
        "avgPrice": short(position.average_price),
        "positionValue": short(value) if position.size else "",
        "tradeMode": 0,
        "positionStatus": "Normal",
        "autoAddMargin": 0,
        "adlRankIndicator": 2 if position.size else 0,
        "leverage": plain(leverage),
        "breakEvenPrice": short(position.average_price) if position.size else "",
        "positionBalance": "0",
        "markPrice": plain(mark),
        "liqPrice": "",
        "bustPrice": "",
        "positionMM": maintenance,
        "positionMMByMp": maintenance,
        "positionIM": initial,
        "positionIMByMp": initial,
        "tpslMode": "Full",
        "takeProfit": stops.get(StopOrderType.TAKE_PROFIT, ""),
        "stopLoss": stops.get(StopOrderType.STOP_LOSS, ""),
        "trailingStop": stops.get(StopOrderType.TRAILING_STOP, "0"),
        "unrealisedPnl": short(unrealised) if position.size else "",
        "curRealisedPnl": short(position.realised - position.realised_before),
        "cumRealisedPnl": short(position.realised),
        "seq": position.seq,
        "isReduceOnly": False,
        "mmrSysUpdatedTime": "",
        "leverageSysUpdatedTime": "",
        "sessionAvgPrice": "",
        "openTime": position.created_ms // 1000,
        "createdTime": str(position.created_ms),
        "updatedTime": str(position.updated_ms),
    }


def _stops_of(position: SimPosition, orders: Iterable[SimOrder]) -> dict[StopOrderType, str]:
    """The trigger prices of a position's stops by kind; of a trailing stop the distance."""
    return {
        order.stop_order_type: plain(order.trail.distance if order.trail else order.trigger_price)
        for order in orders
        if order.trigger_price is not None
        and order.is_conditional
        and (order.symbol, order.position_idx) == (position.symbol, position.idx)
    }


def fill_row(fill: Fill, mark: Decimal) -> dict[str, Any]:
    """A row of execution/list (docs/v5/order/execution)."""
    return {
        "symbol": fill.symbol,
        "orderType": fill.order_type,
        "underlyingPrice": "",
        "orderLinkId": fill.link_id,
        "side": fill.side.value,
        "indexPrice": "",
        "orderId": fill.order_id,
        "stopOrderType": fill.stop_order_type,
        "leavesQty": plain(fill.leaves),
        "execTime": str(fill.at_ms),
        "feeCurrency": "",
        "isMaker": fill.is_maker,
        "execFee": plain(fill.fee),
        "feeRate": plain(fill.fee_rate),
        "execId": fill.execution_id,
        "tradeIv": "",
        "blockTradeId": "",
        "markPrice": plain(mark),
        "execPrice": plain(fill.price),
        "markIv": "",
        "orderQty": plain(fill.order_quantity),
        "orderPrice": plain(fill.order_price),
        "execValue": plain(fill.quantity * fill.price),
        "execType": fill.exec_type.value,
        "execQty": plain(fill.quantity),
        "closedSize": plain(fill.closed),
        "extraFees": "",
        "seq": fill.seq,
    }
