"""A row that cannot be understood leaves its symbol unread, and no other."""

from typing import Any

import pytest

from tests.adapters.bybit.conftest import SECRET
from trueup.adapters.bybit import BybitExchange
from trueup.domain.model.identity import Side
from trueup.domain.model.observation import Observation, OrdersUnread, Unknown, Unread

from ..loopback import Loopback, page
from ..rows import flat_row, order_row, position_row

ODD_ORDERS: tuple[tuple[str, Any], ...] = (
    ("orderType", "LimitMaker"),
    ("orderStatus", "Held"),
    ("side", ""),
    ("positionIdx", "0"),
    ("triggerPrice", None),
    ("reduceOnly", "false"),
)
BTC, ETH = "BTCUSDT", "ETHUSDT"


def odd_order(field: str = "orderType", value: object = "LimitMaker") -> dict[str, Any]:
    """An order of ETHUSDT, one of whose fields nobody understands."""
    return order_row(orderId="o-2", symbol=ETH, **{field: value})


@pytest.mark.parametrize(("field", "value"), ODD_ORDERS)
def test_an_order_of_another_symbol(
    server: Loopback, exchange: BybitExchange, field: str, value: object
) -> None:
    server.script(
        page(order_row(), odd_order(field, value)),
        page(),
        page(position_row(), position_row(symbol=ETH)),
        page(),
    )
    reading = exchange.survey()
    assert isinstance(reading, Observation)
    assert reading.of(BTC) is reading
    assert [order.order_id for order in reading.orders] == ["o-1"]
    unread = reading.unread[ETH]
    assert (field in unread.reason, unread.position_known) == (True, True)
    of_eth = reading.of(ETH)
    assert isinstance(of_eth, OrdersUnread)
    assert of_eth.position(ETH, Side.BUY).size == 1
    with pytest.raises(LookupError, match=field):
        reading.orders_of(ETH)


def test_a_position_of_another_symbol(server: Loopback, exchange: BybitExchange) -> None:
    server.script(
        page(order_row(), order_row(orderId="o-2", symbol=ETH)),
        page(),
        page(position_row(), position_row(symbol=ETH, side="Both")),
        page(),
    )
    reading = exchange.survey()
    assert isinstance(reading, Observation)
    assert [position.symbol for position in reading.positions] == [BTC]
    assert [order.symbol for order in reading.orders] == [BTC]
    assert isinstance(reading.of(ETH), Unknown)
    with pytest.raises(LookupError, match="side"):
        reading.position(ETH, Side.BUY)


def test_one_side_of_a_symbol_makes_both_unread(server: Loopback, exchange: BybitExchange) -> None:
    odd = flat_row(positionIdx=2, size="none")
    server.script(page(), page(position_row(positionIdx=1), odd))
    reading = exchange.observe([BTC])
    assert isinstance(reading, Unknown)
    assert "size" in reading.reason


def test_the_symbol_that_was_asked_for(server: Loopback, exchange: BybitExchange) -> None:
    server.script(page(odd_order()), page(position_row(symbol=ETH)))
    reading = exchange.observe([ETH])
    assert isinstance(reading, OrdersUnread)
    assert "orderType" in reading.reason
    assert reading.position(ETH, Side.BUY).size == 1


def test_where_both_lists_are_unread_the_position_counts(
    server: Loopback, exchange: BybitExchange
) -> None:
    server.script(page(odd_order()), page(), page(position_row(symbol=ETH, side="Both")), page())
    reading = exchange.survey()
    assert isinstance(reading, Observation)
    assert "side" in reading.unread[ETH].reason
    assert isinstance(reading.of(ETH), Unknown)


@pytest.mark.parametrize("symbol", ["", None, 5])
def test_a_row_without_a_symbol_may_be_of_any(
    server: Loopback, exchange: BybitExchange, symbol: object
) -> None:
    server.script(page(order_row(symbol=symbol)), page(), page(position_row()), page())
    assert isinstance(exchange.survey(), OrdersUnread)
    server.script(page(), page(), page(position_row(symbol=symbol)), page())
    assert isinstance(exchange.survey(), Unknown)


def test_a_reason_never_holds_a_secret(server: Loopback, exchange: BybitExchange) -> None:
    server.script(page(odd_order("orderType", SECRET)), page(), page(), page())
    reading = exchange.survey()
    assert isinstance(reading, Observation)
    assert SECRET not in reading.unread[ETH].reason
    assert Unread(reading.unread[ETH].reason) == reading.unread[ETH]
