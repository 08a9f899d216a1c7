"""Messages of the private stream as news: the official samples, and what clients have seen."""

import json
from decimal import Decimal
from typing import Any

import pytest

from trueup.adapters.bybit.stream.parsing import parse_events
from trueup.adapters.bybit.wire.fields import ShapeError
from trueup.domain.model.identity import Side
from trueup.domain.tracking.feed import FillEvent, OrderEvent, PositionEvent, Unreadable

ORDER = {
    "category": "linear", "symbol": "ETHUSDT", "orderId": "o-1", "orderLinkId": "tp-1",
    "side": "Sell", "orderType": "Limit", "price": "1600.00", "qty": "0.10", "cumExecQty": "0.04",
    "orderStatus": "PartiallyFilled", "reduceOnly": True, "positionIdx": 0, "triggerPrice": "",
    "stopOrderType": "", "cancelType": "UNKNOWN", "rejectReason": "EC_NoError",
    "createdTime": "1684738540559", "updatedTime": "1684738540561",
}  # fmt: skip
FILL = {
    "category": "linear", "symbol": "BTCUSDT", "execId": "e-1", "execQty": "0.2",
    "execType": "Trade", "leavesQty": "0.3", "orderId": "o-1", "orderLinkId": "",
    "orderQty": "0.5", "side": "Sell", "seq": 140612148849382,
}  # fmt: skip
POSITION = {
    "category": "linear", "symbol": "BTCUSDT", "positionIdx": 2, "side": "", "size": "0",
    "entryPrice": "0", "markPrice": "28184.5", "updatedTime": "1697682317038", "seq": 8327597863,
}  # fmt: skip


def message(topic: str, *items: dict[str, Any]) -> dict[str, Any]:
    """An envelope, as it comes off the wire."""
    body = {"id": "1", "topic": topic, "creationTime": 1, "data": list(items)}
    loaded: dict[str, Any] = json.loads(json.dumps(body))
    return loaded


def test_an_order() -> None:
    (news,) = parse_events(message("order", ORDER))
    assert isinstance(news, OrderEvent)
    assert (news.order.quantity, news.order.filled) == (Decimal("0.10"), Decimal("0.04"))
    assert news.order.trigger_price is None
    assert news.updated_ms == 1684738540561


def test_fills_tell_how_far_the_order_got() -> None:
    first, second = parse_events(message("execution", FILL, {**FILL, "leavesQty": "0"}))
    assert isinstance(first, FillEvent)
    assert isinstance(second, FillEvent)
    assert (first.filled, second.filled) == (Decimal("0.2"), Decimal("0.5"))
    assert (first.side, first.seq) == (Side.SELL, 140612148849382)


@pytest.mark.parametrize("kind", ["Funding", "Settle"])
def test_executions_that_are_no_fills(kind: str) -> None:
    assert parse_events(message("execution", {**FILL, "execType": kind, "orderId": ""})) == ()


def test_positions_flat_and_open() -> None:
    held = {**POSITION, "side": "Sell", "size": "0.5", "entryPrice": "27000.5"}
    flat, held_news = parse_events(message("position", POSITION, held))
    assert flat == PositionEvent("BTCUSDT", 2, 8327597863, None)
    assert isinstance(held_news, PositionEvent)
    assert held_news.position is not None
    assert held_news.position.entry_price == Decimal("27000.5")
    assert held_news.position.seq == 8327597863


def test_other_categories_and_topics_are_not_read() -> None:
    strange = {"category": "option", "orderStatus": "Whatever"}
    assert parse_events(message("order", strange)) == ()
    assert parse_events(message("wallet", strange)) == ()
    assert parse_events({"op": "notice"}) == ()


@pytest.mark.parametrize(
    ("topic", "item", "field"),
    [
        ("order", {**ORDER, "orderStatus": "Vanished"}, "orderStatus"),
        ("order", {**ORDER, "qty": "-1"}, "qty"),
        ("order", {**ORDER, "category": ""}, "category"),
        ("order", {**ORDER, "category": "linear2"}, "category"),
        ("order", {**ORDER, "category": None}, "category"),
        ("execution", {**FILL, "seq": "soon"}, "seq"),
        ("execution", {**FILL, "orderId": ""}, "orderId"),
        ("execution", {**FILL, "category": ""}, "category"),
        ("position", {**POSITION, "size": "1", "side": "Buy"}, "positionIdx"),
        ("position", {**POSITION, "category": "linear2"}, "category"),
    ],
)
def test_what_is_not_as_documented_is_not_guessed(
    topic: str, item: dict[str, Any], field: str
) -> None:
    good = {"order": ORDER, "execution": FILL, "position": POSITION}[topic]
    odd, event = parse_events(message(topic, item, good))
    assert isinstance(odd, Unreadable)
    assert odd.symbol == item["symbol"]
    assert field in odd.reason
    assert not isinstance(event, Unreadable), "the next item is read"


@pytest.mark.parametrize("left_out", [{"seq": None}, {"seq": ""}, {"category": ""}, {}])
def test_a_position_may_come_without_seq_and_category(left_out: dict[str, Any]) -> None:
    item = {**POSITION, **left_out}
    if not left_out:
        del item["seq"]
    (event,) = parse_events(message("position", item))
    seq = 8327597863 if "category" in left_out else -1
    assert event == PositionEvent("BTCUSDT", 2, seq, None)


@pytest.mark.parametrize("symbol", ["", None])
def test_an_item_that_does_not_say_its_symbol(symbol: object) -> None:
    with pytest.raises(ShapeError):
        parse_events(message("order", {**ORDER, "symbol": symbol}))


def test_data_that_is_no_list() -> None:
    with pytest.raises(ShapeError):
        parse_events({"topic": "order", "data": ORDER})
