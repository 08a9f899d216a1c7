"""What requests say of stops: of orders nothing, and the one that sets a stop all it needs."""

from decimal import Decimal

import pytest

from trueup.adapters.bybit.wire.endpoints import Endpoint
from trueup.adapters.bybit.wire.requests import (
    amend_item,
    cancel_item,
    place_item,
    stop_item,
    stop_parameters,
)
from trueup.domain.model.commands import AmendOrder, CancelOrder, PlaceOrder
from trueup.domain.model.identity import Side
from trueup.domain.model.protection import AmendStop, PlaceStop, PositionStop, SetStop
from trueup.domain.model.stop import TriggerBy

OF_A_STOP = ("stop", "trigger", "trail", "tpsl", "takeprofit", "slorder", "tporder", "close")
NONE = PositionStop()
AT_95 = PositionStop(Decimal("95.0"))
TRAILING = PositionStop(Decimal(95), Decimal("1.50"), Decimal(110))


def test_orders_are_placed_amended_and_cancelled_a_stop_is_set_and_nothing_else_is_written() -> (
    None
):
    writes = {endpoint for endpoint in Endpoint if endpoint.is_write}
    of_stops = {Endpoint.PLACE_STOP, Endpoint.AMEND_STOP, Endpoint.CANCEL_STOP}
    assert writes == {Endpoint.PLACE, Endpoint.AMEND, Endpoint.CANCEL, Endpoint.SET_STOP, *of_stops}


def test_no_write_of_an_order_has_a_field_of_a_stop() -> None:
    price, quantity = Decimal("0.71"), Decimal(100)
    items = (
        place_item(PlaceOrder("BANDUSDT", Side.SELL, price, quantity, "BOT_TP1", 0)),
        amend_item(AmendOrder("BANDUSDT", "order", "", price, quantity)),
        cancel_item(CancelOrder("BANDUSDT", "order", "")),
    )
    fields = {str(field) for item in items for field in item.body}
    assert [field for field in fields if any(word in field.lower() for word in OF_A_STOP)] == []
    assert items[0].body["reduceOnly"] is True


@pytest.mark.parametrize(
    ("side", "closes", "direction"), [(Side.BUY, "Sell", 2), (Side.SELL, "Buy", 1)]
)
def test_a_stop_that_is_an_order_triggers_where_its_position_loses(
    side: Side, closes: str, direction: int
) -> None:
    """2: the price falls to it; 1: it rises to it (docs/v5/order/create-order.mdx)."""
    price, quantity = Decimal("0.7140"), Decimal("307.30")
    place = PlaceStop("BANDUSDT", side, price, quantity, "MIR_SL_1", 2, TriggerBy.INDEX)
    assert stop_item(place).body == {
        "category": "linear",
        "symbol": "BANDUSDT",
        "side": closes,
        "orderType": "Market",
        "qty": "307.3",
        "triggerPrice": "0.714",
        "triggerDirection": direction,
        "triggerBy": "IndexPrice",
        "reduceOnly": True,
        "positionIdx": 2,
        "orderLinkId": "MIR_SL_1",
    }


def test_a_stop_that_is_a_limit_order_names_its_price_and_an_amend_moves_both() -> None:
    price, limit = Decimal("0.7140"), Decimal("0.7176")
    place = PlaceStop(
        "BANDUSDT", Side.SELL, price, Decimal(5), "MIR_SL_1", 0, TriggerBy.LAST, limit
    )
    body = stop_item(place).body
    assert (body["orderType"], body["price"], body["triggerPrice"]) == ("Limit", "0.7176", "0.714")
    amend = AmendStop(
        "BANDUSDT", "", "MIR_SL_1", Decimal("0.70"), Decimal(5), TriggerBy.LAST, Decimal("0.7035")
    )
    body = stop_item(amend).body
    assert (body["price"], body["triggerPrice"], "orderType" in body) == ("0.7035", "0.7", False)


def test_an_amend_of_a_stop_names_the_order_and_where_it_goes() -> None:
    amend = AmendStop("BANDUSDT", "id", "MIR_SL_1", Decimal("0.70"), Decimal(5), TriggerBy.MARK)
    changes = {"qty": "5", "triggerPrice": "0.7", "triggerBy": "MarkPrice"}
    whose = {"category": "linear", "symbol": "BANDUSDT", "orderId": "id"}
    assert stop_item(amend).body == {**whose, **changes}
    cancel = CancelOrder("BANDUSDT", "", "MIR_SL_1")
    named = {"category": "linear", "symbol": "BANDUSDT", "orderLinkId": "MIR_SL_1"}
    assert stop_item(cancel).body == named


@pytest.mark.parametrize(
    ("stop", "before", "named"),
    [
        (AT_95, NONE, {"stopLoss": "95", "slTriggerBy": "MarkPrice"}),
        (NONE, AT_95, {"stopLoss": "0"}),
        (TRAILING, AT_95, {"trailingStop": "1.5", "activePrice": "110"}),
        (AT_95, TRAILING, {"trailingStop": "0"}),
        (AT_95, AT_95, {}),
    ],
)
def test_a_stop_is_set_in_full_mode_and_names_only_what_changes(
    stop: PositionStop, before: PositionStop, named: dict[str, str]
) -> None:
    always = {"category": "linear", "symbol": "BANDUSDT", "positionIdx": 2, "tpslMode": "Full"}
    command = SetStop("BANDUSDT", 2, stop, before, TriggerBy.MARK)
    assert stop_parameters(command) == {**always, **named}
    assert "takeProfit" not in stop_parameters(command)
