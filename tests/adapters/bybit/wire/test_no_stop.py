"""No request of trueup's concerns a stop: it can neither loosen nor remove one (promise P12)."""

from decimal import Decimal

from trueup.adapters.bybit.wire.endpoints import Endpoint
from trueup.adapters.bybit.wire.requests import amend_item, cancel_item, place_item
from trueup.domain.model.commands import AmendOrder, CancelOrder, PlaceOrder
from trueup.domain.model.identity import Side

OF_A_STOP = ("stop", "trigger", "trail", "tpsl", "takeprofit", "slorder", "tporder", "close")


def test_orders_are_placed_amended_and_cancelled_and_nothing_else_is_written() -> None:
    writes = {endpoint for endpoint in Endpoint if endpoint.is_write}
    assert writes == {Endpoint.PLACE, Endpoint.AMEND, Endpoint.CANCEL}


def test_no_write_has_a_field_of_a_stop() -> None:
    price, quantity = Decimal("0.71"), Decimal(100)
    items = (
        place_item(PlaceOrder("BANDUSDT", Side.SELL, price, quantity, "BOT_TP1", 0)),
        amend_item(AmendOrder("BANDUSDT", "order", "", price, quantity)),
        cancel_item(CancelOrder("BANDUSDT", "order", "")),
    )
    fields = {str(field) for item in items for field in item.body}
    assert [field for field in fields if any(word in field.lower() for word in OF_A_STOP)] == []
    assert items[0].body["reduceOnly"] is True
