"""Rows become values; what is not as documented becomes an error, never a guess."""

from decimal import Decimal

import pytest

from trueup.adapters.bybit.wire.fields import ShapeError
from trueup.adapters.bybit.wire.parsing import (
    parse_fill,
    parse_instrument,
    parse_order,
    parse_position,
)
from trueup.domain.model.identity import Side
from trueup.domain.model.order import CancelReason, Closure, OrderKind, OrderStatus, OrderType

from ..rows import fill_row, flat_row, instrument_row, order_row, position_row


def test_take_profit() -> None:
    order = parse_order(order_row())

    assert order.price == Decimal("70000.10")
    assert order.quantity == Decimal("0.850")
    assert order.side is Side.SELL
    assert order.trigger_price is None
    assert (order.kind, order.kind_text, order.closure) == (OrderKind.PLAIN, "", None)
    assert order.created_ms == 1684738540559
    assert order.is_take_profit


@pytest.mark.parametrize("nothing", ["", "0", "0.00"])
def test_no_trigger_has_three_spellings(nothing: str) -> None:
    assert parse_order(order_row(triggerPrice=nothing)).trigger_price is None


@pytest.mark.parametrize("nothing", ["", "UNKNOWN"])
def test_no_stop_order_type_has_two_spellings(nothing: str) -> None:
    assert parse_order(order_row(stopOrderType=nothing)).kind is OrderKind.PLAIN


@pytest.mark.parametrize(
    ("spelling", "kind"),
    [
        ("TakeProfit", OrderKind.TAKE_PROFIT),
        ("PartialTakeProfit", OrderKind.TAKE_PROFIT),
        ("StopLoss", OrderKind.STOP_LOSS),
        ("PartialStopLoss", OrderKind.STOP_LOSS),
        ("TrailingStop", OrderKind.TRAILING_STOP),
        ("Stop", OrderKind.OTHER),
        ("tpslOrder", OrderKind.OTHER),
        ("NewestInvention", OrderKind.OTHER),
    ],
)
def test_what_is_no_plain_order_says_what_it_is(spelling: str, kind: OrderKind) -> None:
    order = parse_order(order_row(stopOrderType=spelling))
    assert (order.kind, order.kind_text) == (kind, spelling)
    assert not order.is_take_profit


def test_a_stop_loss_is_no_take_profit() -> None:
    order = parse_order(
        order_row(
            orderType="Market",
            price="0",
            orderStatus="Untriggered",
            stopOrderType="StopLoss",
            triggerPrice="60000.00",
            orderLinkId="",
        )
    )

    assert order.order_type is OrderType.MARKET
    assert order.trigger_price == Decimal(60000)
    assert not order.is_take_profit


def test_who_cancelled_and_why() -> None:
    order = parse_order(
        order_row(
            orderStatus="Cancelled",
            cancelType="CancelByReduceOnly",
            rejectReason="EC_Others",
            cumExecQty="0.100",
        )
    )

    assert order.status is OrderStatus.CANCELLED
    assert order.filled == Decimal("0.1")
    assert order.remaining == 0
    assert order.closure == Closure(CancelReason.REDUCE_ONLY, "CancelByReduceOnly EC_Others")


@pytest.mark.parametrize(
    ("cancel_type", "reject_reason", "closure"),
    [
        ("UNKNOWN", "EC_NoError", None),
        ("CancelByUser", "EC_PerCancelRequest", CancelReason.BY_USER),
        ("CancelByReduceOnly", "EC_NoError", CancelReason.REDUCE_ONLY),
        ("UNKNOWN", "EC_ReduceOnly", CancelReason.REDUCE_ONLY),
        ("CancelByPrepareLiq", "EC_NoError", CancelReason.OTHER),
        ("CancelByDCP", "EC_NoError", CancelReason.OTHER),  # a connection was lost
        ("UNKNOWN", "EC_PostOnlyWillTakeLiquidity", CancelReason.OTHER),
    ],
)
def test_what_a_run_has_to_know_of_the_end(
    cancel_type: str, reject_reason: str, closure: CancelReason | None
) -> None:
    order = parse_order(order_row(cancelType=cancel_type, rejectReason=reject_reason))
    assert (order.closure and order.closure.reason) == closure


def test_a_cancel_on_request_is_told_in_one_word() -> None:
    row = order_row(cancelType="CancelByUser", rejectReason="EC_PerCancelRequest")
    assert parse_order(row).closure == Closure(CancelReason.BY_USER, "CancelByUser")


@pytest.mark.parametrize(
    ("spelling", "status"),
    [
        ("New", OrderStatus.OPEN),
        ("PartiallyFilled", OrderStatus.PARTIALLY_FILLED),
        ("Untriggered", OrderStatus.PENDING_TRIGGER),
        ("Triggered", OrderStatus.TRIGGERED),
        ("Filled", OrderStatus.FILLED),
        ("Cancelled", OrderStatus.CANCELLED),
        ("PartiallyFilledCanceled", OrderStatus.CANCELLED),
        ("Deactivated", OrderStatus.CANCELLED),
        ("Rejected", OrderStatus.REJECTED),
    ],
)
def test_every_documented_status_has_a_meaning(spelling: str, status: OrderStatus) -> None:
    assert parse_order(order_row(orderStatus=spelling)).status is status


@pytest.mark.parametrize(
    "needed",
    [
        "orderId",
        "orderLinkId",
        "symbol",
        "side",
        "orderType",
        "price",
        "qty",
        "cumExecQty",
        "orderStatus",
        "reduceOnly",
        "positionIdx",
        "triggerPrice",
        "stopOrderType",
        "createdTime",
    ],
)
def test_an_order_without_a_field_is_refused(needed: str) -> None:
    row = order_row()
    del row[needed]

    with pytest.raises(ShapeError, match=f"{needed} is missing"):
        parse_order(row)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("orderStatus", "Paused"),
        ("orderStatus", "new"),
        ("side", "None"),
        ("orderType", "Stop"),
        ("price", 70000.1),
        ("price", "1e5"),
        ("price", "-1"),
        ("qty", "NaN"),
        ("qty", "Infinity"),
        ("qty", "1_000"),
        ("qty", "٣"),
        ("qty", ""),
        ("qty", None),
        ("reduceOnly", "true"),
        ("reduceOnly", 1),
        ("positionIdx", "0"),
        ("positionIdx", True),
        ("createdTime", "yesterday"),
        ("orderId", ""),
    ],
)
def test_an_order_with_an_unexpected_value_is_refused(name: str, value: object) -> None:
    with pytest.raises(ShapeError, match=name):
        parse_order(order_row(**{name: value}))


def test_a_long_value_is_not_quoted() -> None:
    with pytest.raises(ShapeError, match="102 characters"):
        parse_order(order_row(orderStatus="x" * 100))


def test_one_way_position() -> None:
    row = parse_position(position_row(side="Sell"))

    assert row.position is not None
    assert row.position.side is Side.SELL
    assert row.position.size == Decimal(1)
    assert row.position.entry_price == Decimal("65000.5")
    assert row.updated_ms == 1697673600012


def test_flat_position_has_no_side() -> None:
    row = parse_position(flat_row(positionIdx=2, updatedTime=""))

    assert row.position is None
    assert (row.symbol, row.index, row.updated_ms) == ("BTCUSDT", 2, 0)


@pytest.mark.parametrize(
    "changes",
    [
        {"side": ""},
        {"positionIdx": 1, "side": "Sell"},
        {"positionIdx": 2, "side": "Buy"},
        {"positionIdx": 3},
        {"size": "-1"},
        {"size": ""},
        {"symbol": ""},
    ],
)
def test_an_impossible_position_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ShapeError):
        parse_position(position_row(**changes))


def test_instrument() -> None:
    rules = parse_instrument(instrument_row())

    assert rules.halted == ""
    assert rules.tick == Decimal("0.1")
    assert rules.quantity_step == Decimal("0.001")
    assert rules.max_quantity == Decimal(1190)
    assert rules.min_notional == Decimal(5)


@pytest.mark.parametrize("status", ["PreLaunch", "Delivering", "Settling", "Closed", "Paused"])
def test_an_instrument_that_takes_no_orders(status: str) -> None:
    assert parse_instrument(instrument_row(status=status)).halted == status


@pytest.mark.parametrize(
    ("phase", "halted"),
    [
        ("ContinuousTrading", ""),
        ("CallAuction", "PreLaunch, CallAuction"),
        ("", "PreLaunch"),
        ("Paused", "PreLaunch, Paused"),
    ],
)
def test_the_phases_before_a_launch(phase: str, halted: str) -> None:
    row = instrument_row(status="PreLaunch", preListingInfo={"curAuctionPhase": phase})
    assert parse_instrument(row).halted == halted
    assert parse_instrument({**row, "status": "Closed"}).halted == "Closed"


def test_an_instrument_without_a_tick_is_refused() -> None:
    with pytest.raises(ShapeError, match="tickSize"):
        parse_instrument(instrument_row(priceFilter={"tickSize": "0"}))


def test_an_instrument_without_minimum_notional() -> None:
    lots = {"maxOrderQty": "10", "minOrderQty": "1", "qtyStep": "1"}

    rules = parse_instrument(instrument_row(lotSizeFilter=lots))

    assert rules.min_notional == 0


def test_fill() -> None:
    fill = parse_fill(fill_row())

    assert (fill.quantity, fill.left) == (Decimal("0.425"), Decimal("0.425"))
    assert fill.order_link_id == "link-1"
