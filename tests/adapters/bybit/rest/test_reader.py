"""Observations: complete, or not observations at all."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from trueup.adapters.bybit import BybitExchange, BybitSettings
from trueup.domain.model.identity import Side
from trueup.domain.model.observation import Observation, OrdersUnread, Unknown

from ..conftest import Connect, ManualClock
from ..loopback import Answer, Json, Loopback, as_json, ok, page, refusal
from ..rows import flat_row, instrument_row, order_row, position_row

OPEN_ORDERS = "/v5/order/realtime"
POSITIONS = "/v5/position/list"
BOTH_KINDS = BybitSettings(rereads=0)
ONE_REREAD = BybitSettings(conditional_orders=False, rereads=1)
T0 = 1_700_000_000_000


def _observed(exchange: BybitExchange, *symbols: str) -> Observation:
    reading = exchange.observe(symbols or ["BTCUSDT"])
    assert isinstance(reading, Observation), reading
    return reading


def test_position_and_orders(server: Loopback, exchange: BybitExchange, clock: ManualClock) -> None:
    server.script(page(order_row()), page(position_row()))

    seen = _observed(exchange)

    assert seen.account == "main"
    assert seen.at == clock.now()
    assert [order.order_id for order in seen.orders] == ["o-1"]
    assert seen.position("BTCUSDT", Side.BUY).size == Decimal(1)
    assert seen.position("BTCUSDT", Side.SELL).size == 0


def test_orders_are_read_before_the_position(server: Loopback, exchange: BybitExchange) -> None:
    server.script(page(), page(flat_row()))

    _observed(exchange)

    assert server.paths == [OPEN_ORDERS, POSITIONS]


def test_the_largest_pages_are_asked_for(server: Loopback, exchange: BybitExchange) -> None:
    server.script(page(), page(flat_row()))

    _observed(exchange)

    orders, positions = (request.query for request in server.received)
    assert orders == {"category": "linear", "symbol": "BTCUSDT", "limit": "50"}
    assert positions == {"category": "linear", "symbol": "BTCUSDT", "limit": "200"}


def test_no_symbols_no_requests(server: Loopback, exchange: BybitExchange) -> None:
    assert exchange.observe([]) == Observation("main", exchange.observe([]).at, (), ())
    assert server.received == []


def test_a_symbol_is_asked_for_once(server: Loopback, exchange: BybitExchange) -> None:
    server.script(page(), page(flat_row()))

    _observed(exchange, "BTCUSDT", "BTCUSDT")

    assert len(server.received) == 2


def test_conditional_orders_are_asked_for_too(server: Loopback, connect: Connect) -> None:
    stop = order_row(
        orderId="o-2", stopOrderType="Stop", triggerPrice="1", orderStatus="Untriggered"
    )
    server.script(page(order_row()), page(stop, order_row()), page(position_row()))

    seen = _observed(connect(server.url, BOTH_KINDS))

    assert [order.order_id for order in seen.orders] == ["o-1", "o-2"]
    assert server.received[1].query["orderFilter"] == "StopOrder"
    assert "orderFilter" not in server.received[0].query


def test_all_pages(server: Loopback, exchange: BybitExchange) -> None:
    server.script(
        page(order_row(orderId="o-1"), cursor="page%3D2%26"),
        page(order_row(orderId="o-2"), cursor="page%3D3%26"),
        page(order_row(orderId="o-3")),
        page(position_row()),
    )

    seen = _observed(exchange)

    assert [order.order_id for order in seen.orders] == ["o-1", "o-2", "o-3"]
    assert server.received[1].query["cursor"] == "page=2&"


@pytest.mark.parametrize(
    "last",
    [
        page(cursor="another%3D"),
        page(order_row(orderId="o-2"), cursor="same%3D"),
        page(order_row(orderId="o-2")),
        ok({"list": []}),
    ],
)
def test_a_walk_ends(server: Loopback, exchange: BybitExchange, last: Json) -> None:
    server.script(page(order_row(), cursor="same%3D"), last, page(position_row()))

    _observed(exchange)

    assert server.paths == [OPEN_ORDERS, OPEN_ORDERS, POSITIONS]


def test_an_order_that_moved_between_pages_counts_once(
    server: Loopback, exchange: BybitExchange
) -> None:
    server.script(
        page(order_row(), cursor="next"),
        page(order_row(cumExecQty="0.100", orderStatus="PartiallyFilled")),
        page(position_row()),
    )

    (order,) = _observed(exchange).orders

    assert order.filled == Decimal("0.1")


def test_closed_orders_are_left_out(server: Loopback, exchange: BybitExchange) -> None:
    server.script(page(order_row(orderStatus="Filled")), page(position_row()))

    assert _observed(exchange).orders == ()


def test_hedge_rows_are_told_apart_by_index(server: Loopback, exchange: BybitExchange) -> None:
    flat_first = (flat_row(positionIdx=1), position_row(positionIdx=2, side="Sell"))
    server.script(page(), page(*flat_first))

    seen = _observed(exchange)

    assert [position.side for position in seen.positions] == [Side.SELL]
    assert seen.positions[0].position_index == 2


def test_both_hedge_sides(server: Loopback, exchange: BybitExchange) -> None:
    sides = (
        position_row(positionIdx=1, size="2"),
        position_row(positionIdx=2, side="Sell", size="3"),
    )
    server.script(page(), page(*sides))

    seen = _observed(exchange)

    assert seen.position("BTCUSDT", Side.BUY).size == Decimal(2)
    assert seen.position("BTCUSDT", Side.SELL).size == Decimal(3)


def contracts(**coins: str) -> Json:
    """The list of contracts, each with its settle coin."""
    return page(*(instrument_row(symbol=name, settleCoin=coin) for name, coin in coins.items()))


def test_many_symbols_are_one_walk(server: Loopback, exchange: BybitExchange) -> None:
    foreign: Json = {"symbol": "DOGEUSDT", "orderStatus": "not even parsed"}
    rules = contracts(BTCUSDT="USDT", ETHUSDT="USDT", SOLUSDT="USDT", DOGEUSDT="USDT")
    server.script(rules, page(order_row(), foreign), page(position_row(), foreign))

    seen = _observed(exchange, "BTCUSDT", "ETHUSDT", "SOLUSDT")

    assert [order.symbol for order in seen.orders] == ["BTCUSDT"]
    assert seen.position("ETHUSDT", Side.BUY).size == 0
    walked = server.received[1:]
    assert [request.query["settleCoin"] for request in walked] == ["USDT", "USDT"]


def test_a_list_of_contracts_that_fails_leaves_a_walk_for_each(
    server: Loopback, exchange: BybitExchange
) -> None:
    names = ("BTCUSDT", "ETHUSDT", "SOLUSDT")
    flat = [page(flat_row(symbol=name)) for name in names]
    server.script(refusal(10016, "busy"), page(), page(), page(), *flat)

    seen = _observed(exchange, *names)

    assert seen.positions == ()
    asked = [request.query.get("symbol", "all") for request in server.received]
    assert asked == ["all", *names, *names]


def test_a_symbol_that_settles_in_another_coin_is_asked_for_by_name(
    server: Loopback, exchange: BybitExchange
) -> None:
    in_usdc = flat_row(symbol="BTCPERP")
    rules = contracts(BTCUSDT="USDT", ETHUSDT="USDT", SOLUSDT="USDT", BTCPERP="USDC")
    server.script(rules, page(), page(), page(), page(in_usdc))

    _observed(exchange, "BTCUSDT", "ETHUSDT", "SOLUSDT", "BTCPERP")

    asked = [request.query.get("symbol", "all") for request in server.received[1:]]
    assert asked == ["all", "BTCPERP", "all", "BTCPERP"]


def test_a_position_that_moved_since_is_read_again(server: Loopback, connect: Connect) -> None:
    server.script(
        page(order_row(), time=T0),
        page(position_row(updatedTime=str(T0 + 1), size="0.5"), time=T0 + 2),
        page(order_row(cumExecQty="0.5", orderStatus="PartiallyFilled"), time=T0 + 3),
        page(position_row(updatedTime=str(T0 + 1), size="0.5"), time=T0 + 4),
    )

    seen = _observed(connect(server.url, ONE_REREAD))

    assert seen.orders[0].filled == Decimal("0.5")
    assert len(server.received) == 4


def test_a_position_that_keeps_moving_is_taken_as_it_is(server: Loopback, connect: Connect) -> None:
    for time in range(T0, T0 + 4, 2):
        server.script(
            page(order_row(), time=time),
            page(position_row(updatedTime=str(time + 1)), time=time + 1),
        )

    _observed(connect(server.url, ONE_REREAD))

    assert len(server.received) == 4


def test_orders_that_are_much_older_than_the_position_are_read_again(
    server: Loopback, connect: Connect
) -> None:
    """A hand cancelled one while the position's request waited for its turn, after a 10006."""
    server.script(
        page(order_row(), cursor="more", time=T0),
        page(order_row(orderId="o-2"), time=T0 + 400),
        page(position_row(updatedTime=str(T0 - 1)), time=T0 + 901),
        page(order_row(), time=T0 + 902),
        page(position_row(updatedTime=str(T0 - 1)), time=T0 + 1402),
    )

    seen = _observed(connect(server.url, ONE_REREAD))

    assert [order.order_id for order in seen.orders] == ["o-1"]
    assert len(server.received) == 5


def test_a_position_at_rest_is_read_once(server: Loopback, connect: Connect) -> None:
    server.script(page(order_row(), time=T0), page(position_row(updatedTime=str(T0 - 1))))

    _observed(connect(server.url, ONE_REREAD))

    assert len(server.received) == 2


BROKEN: list[object] = [
    refusal(10006, "Too many visits"),
    as_json({}, 503),
    as_json({}),
    ok({}),
    ok({"list": None, "nextPageCursor": ""}),
    ok({"list": ["row"], "nextPageCursor": ""}),
    ok({"list": [order_row() | position_row()]}),
    page({"symbol": "BTCUSDT"}),
    page(order_row(symbol="ETHUSDT") | position_row(symbol="ETHUSDT")),
    Answer(b'{"retCode": 0', missing=9),
]


@pytest.mark.parametrize("broken", BROKEN)
def test_unread_positions_are_unknown(
    server: Loopback, exchange: BybitExchange, broken: object
) -> None:
    server.script(page(order_row()), broken)

    reading = exchange.observe(["BTCUSDT"])

    assert isinstance(reading, Unknown)
    assert reading.reason


@pytest.mark.parametrize("broken", BROKEN)
def test_unread_orders_leave_the_positions(
    server: Loopback, exchange: BybitExchange, broken: object
) -> None:
    server.script(broken, page(position_row()))

    reading = exchange.observe(["BTCUSDT"])

    assert isinstance(reading, OrdersUnread)
    assert reading.reason
    assert reading.position("BTCUSDT", Side.BUY).size == Decimal(1)


def test_the_code_of_an_unread_position_is_kept(server: Loopback, exchange: BybitExchange) -> None:
    server.script(page(), refusal(10003, "API key is invalid."))

    reading = exchange.observe(["BTCUSDT"])

    assert isinstance(reading, Unknown)
    assert (reading.code, reading.reason) == (10003, "API key is invalid.")


def _fails_on_page_two(server: Loopback) -> None:
    server.script(page(order_row(), cursor="next"), as_json({}, 502), page(position_row()))


def _fails_on_the_second_kind(server: Loopback) -> None:
    server.script(page(order_row()), as_json({}, 502), page(position_row()))


@pytest.mark.parametrize("scripted", [_fails_on_page_two, _fails_on_the_second_kind])
def test_half_a_walk_is_no_walk(
    server: Loopback, connect: Connect, scripted: Callable[[Loopback], None]
) -> None:
    scripted(server)

    reading = connect(server.url, BOTH_KINDS).observe(["BTCUSDT"])

    assert isinstance(reading, OrdersUnread)


def test_an_endless_walk_is_given_up(server: Loopback, connect: Connect) -> None:
    endless = [page(order_row(orderId=str(number)), cursor=str(number)) for number in range(5)]
    server.script(*endless[:3], page(position_row()))
    settings = BybitSettings(max_pages=2, conditional_orders=False, rereads=0)

    reading = connect(server.url, settings).observe(["BTCUSDT"])

    assert isinstance(reading, OrdersUnread)
    assert "more than 2 pages" in reading.reason


def test_a_position_by_symbol_comes_with_a_row(server: Loopback, exchange: BybitExchange) -> None:
    server.script(page(order_row()), page())

    assert isinstance(exchange.observe(["BTCUSDT"]), Unknown)
