"""One order, looked for where it may be, in the sequence that proves most."""

from datetime import timedelta
from decimal import Decimal

import pytest

from trueup.adapters.bybit import BybitExchange
from trueup.domain.model.observation import Unknown
from trueup.domain.model.order import OrderStatus
from trueup.domain.model.outcomes import Absent, Found

from ..loopback import Loopback, as_json, page, refusal
from ..rows import fill_row, order_row

OPEN_ORDERS = "/v5/order/realtime"
HISTORY = "/v5/order/history"
EXECUTIONS = "/v5/execution/list"


ANSWERED_MS = 1_700_000_000_000


def _ms(ago: timedelta) -> str:
    """That long before the exchange answers, by the exchange's time."""
    return str(ANSWERED_MS - ago // timedelta(milliseconds=1))


def test_an_open_order(server: Loopback, exchange: BybitExchange) -> None:
    server.script(page(order_row()))

    found = exchange.look_up("BTCUSDT", order_link_id="link-1")

    assert isinstance(found, Found)
    assert found.order.order_id == "o-1"
    assert server.paths == [OPEN_ORDERS]
    assert server.received[0].query == {
        "category": "linear",
        "symbol": "BTCUSDT",
        "orderLinkId": "link-1",
        "limit": "50",
    }


def test_the_order_id_decides(server: Loopback, exchange: BybitExchange) -> None:
    server.script(page(order_row()))

    found = exchange.look_up("BTCUSDT", order_link_id="other", order_id="o-1")

    assert isinstance(found, Found)
    assert server.received[0].query["orderId"] == "o-1"
    assert "orderLinkId" not in server.received[0].query


def test_a_closed_order_is_found_in_history(server: Loopback, exchange: BybitExchange) -> None:
    server.script(page(), page(order_row(orderStatus="Cancelled", cancelType="CancelByUser")))

    found = exchange.look_up("BTCUSDT", order_link_id="link-1")

    assert isinstance(found, Found)
    assert found.order.status is OrderStatus.CANCELLED
    assert server.paths == [OPEN_ORDERS, HISTORY]


def test_nowhere(server: Loopback, exchange: BybitExchange) -> None:
    server.script(page(), page(), page())

    assert exchange.look_up("BTCUSDT", order_link_id="link-1") == Absent()
    assert server.paths == [OPEN_ORDERS, HISTORY, EXECUTIONS]


@pytest.mark.parametrize("places", [0, 1, 2])
@pytest.mark.parametrize(
    "broken", [refusal(10006, "Too many visits"), as_json({}, 502), as_json({}), page({"a": 1})]
)
def test_a_place_that_cannot_be_read_makes_it_unknown(
    server: Loopback, exchange: BybitExchange, places: int, broken: object
) -> None:
    server.script(*[page()] * places, broken)

    looked = exchange.look_up("BTCUSDT", order_link_id="link-1")

    assert isinstance(looked, Unknown)
    assert looked.account == "main"
    assert len(server.received) == places + 1


@pytest.mark.parametrize("row", [order_row(orderLinkId="link-2"), order_row(orderLinkId="")])
def test_another_order_is_no_answer(
    server: Loopback, exchange: BybitExchange, row: dict[str, object]
) -> None:
    server.script(page(row))

    assert isinstance(exchange.look_up("BTCUSDT", order_link_id="link-1"), Unknown)


def test_an_order_without_ids(server: Loopback, exchange: BybitExchange) -> None:
    assert isinstance(exchange.look_up("BTCUSDT"), Unknown)
    assert server.received == []


def test_of_two_orders_with_one_link_id_the_open_one_counts(
    server: Loopback, exchange: BybitExchange
) -> None:
    newer = order_row(orderId="o-2", orderStatus="Filled", createdTime="1784738540559")
    server.script(page(newer, order_row()))

    found = exchange.look_up("BTCUSDT", order_link_id="link-1")

    assert isinstance(found, Found)
    assert found.order.order_id == "o-1"


def test_a_filled_order_known_from_its_fills(server: Loopback, exchange: BybitExchange) -> None:
    server.script(
        page(),
        page(),
        page(fill_row(execId="e-2", leavesQty="0", execTime="1672282722430"), cursor="next"),
        page(fill_row(), fill_row()),
    )

    found = exchange.look_up("BTCUSDT", order_link_id="link-1")

    assert isinstance(found, Found)
    assert found.order.status is OrderStatus.FILLED
    assert (found.order.filled, found.order.quantity) == (Decimal("0.850"), Decimal("0.850"))
    assert found.order.updated_ms == 1672282722430, "it ended with its last fill"
    assert server.received[2].query["limit"] == "100"


def test_fills_of_the_same_moment(server: Loopback, exchange: BybitExchange) -> None:
    server.script(page(), page(), page(fill_row(), fill_row(execId="e-2", leavesQty="0.000")))

    found = exchange.look_up("BTCUSDT", order_link_id="link-1")

    assert isinstance(found, Found)
    assert found.order.status is OrderStatus.FILLED


def test_fills_of_an_older_order_with_the_link_id_do_not_count(
    server: Loopback, exchange: BybitExchange
) -> None:
    newer = fill_row(orderId="o-2", execId="e-2", leavesQty="0", execTime="1672282722430")
    server.script(page(), page(), page(newer, fill_row()))

    found = exchange.look_up("BTCUSDT", order_link_id="link-1")

    assert isinstance(found, Found)
    assert (found.order.order_id, found.order.filled) == ("o-2", Decimal("0.425"))


def test_old_fills_of_an_order_that_is_nowhere_do_not_say_that_it_was_closed(
    server: Loopback, exchange: BybitExchange
) -> None:
    server.script(
        page(), page(), page(fill_row(execTime=_ms(timedelta(seconds=121))), time=ANSWERED_MS)
    )

    found = exchange.look_up("BTCUSDT", order_link_id="link-1")

    assert isinstance(found, Absent)
    assert found.by_fills is not None
    assert found.by_fills.status is OrderStatus.PARTIALLY_FILLED
    assert found.by_fills.filled == Decimal("0.425")


def test_fresh_fills_of_an_order_that_is_nowhere_prove_nothing(
    server: Loopback, exchange: BybitExchange
) -> None:
    server.script(
        page(), page(), page(fill_row(execTime=_ms(timedelta(seconds=119))), time=ANSWERED_MS)
    )

    assert isinstance(exchange.look_up("BTCUSDT", order_link_id="link-1"), Unknown)
