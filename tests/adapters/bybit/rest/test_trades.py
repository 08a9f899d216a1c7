"""The trades of a symbol since a time, in the windows and pages that Bybit gives."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from trueup.adapters.bybit import BybitExchange
from trueup.domain.model.events import Cause
from trueup.domain.model.identity import Side
from trueup.domain.model.observation import Unknown
from trueup.domain.model.order import Execution

from ..loopback import Loopback, as_json, page, refusal
from ..rows import fill_row

NOW_MS = 1_700_000_000_000
"""When the exchange answers, by its own time."""
DAY_MS = 86_400_000


def test_one_window_for_a_week(server: Loopback, exchange: BybitExchange) -> None:
    row = fill_row(
        execQty="0.5", closedSize="0.2", seq=77, execTime="1700000000001",
        execPrice="29500", execFee="0.01",
    )  # fmt: skip
    server.script(page(row))
    assert exchange.executions("BTCUSDT", NOW_MS - DAY_MS) == (
        Execution(
            "e-1", "BTCUSDT", Side.SELL, Decimal("0.5"), Decimal("0.2"),
            at_ms=1_700_000_000_001, seq=77, order_id="o-1", cause=Cause.TRADE,
            price=Decimal(29500), fee=Decimal("0.01"), filled=Decimal("0.425"),
            order_link_id="link-1",
        ),
    )  # fmt: skip
    (asked,) = server.received
    assert asked.query["startTime"] == str(NOW_MS - DAY_MS)
    assert asked.query["endTime"] == str(NOW_MS + 6 * DAY_MS)
    assert asked.query["symbol"] == "BTCUSDT"
    assert asked.query["limit"] == "100"


def test_a_window_for_every_week_before(server: Loopback, exchange: BybitExchange) -> None:
    server.script(*[page()] * 3)
    assert exchange.executions("BTCUSDT", NOW_MS - 16 * DAY_MS) == ()
    starts = [int(asked.query["startTime"]) for asked in server.received]
    assert [(NOW_MS - start) // DAY_MS for start in starts] == [16, 9, 2]


def test_nothing_is_asked_of_more_than_three_months_ago(
    server: Loopback, exchange: BybitExchange
) -> None:
    server.script(*[page()] * 7)
    exchange.executions("BTCUSDT", 0)
    ours = datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC) - timedelta(days=91)
    assert int(server.received[0].query["startTime"]) == ours.timestamp() * 1000


@pytest.mark.parametrize(
    ("fields", "rate"),
    [
        ({"isMaker": False, "feeRate": "0.00055"}, "0.00055"),
        ({"isMaker": True, "feeRate": "0.0002"}, None),
        ({"isMaker": False, "feeRate": "0"}, None),
        ({"isMaker": False, "feeRate": ""}, None),
        ({"feeRate": "0.00055"}, None),
    ],
)
def test_the_rate_of_a_taker_is_known(
    server: Loopback, exchange: BybitExchange, fields: dict[str, Any], rate: str | None
) -> None:
    server.script(
        page({key: value for key, value in fill_row().items() if key != "isMaker"} | fields)
    )
    found = exchange.executions("BTCUSDT", NOW_MS - DAY_MS)
    assert not isinstance(found, Unknown)
    assert [one.taker_rate for one in found] == [rate and Decimal(rate)]


@pytest.mark.parametrize("kind", ["Funding", "Settle"])
def test_what_moves_no_position_is_left_out(
    server: Loopback, exchange: BybitExchange, kind: str
) -> None:
    server.script(page(fill_row(execType=kind, orderType="UNKNOWN"), fill_row(execType="AdlTrade")))
    found = exchange.executions("BTCUSDT", NOW_MS - DAY_MS)
    assert isinstance(found, tuple)
    assert len(found) == 1


@pytest.mark.parametrize(
    ("row", "cause"),
    [
        ({"execType": "Trade", "stopOrderType": "UNKNOWN"}, Cause.TRADE),
        ({"execType": "Trade", "stopOrderType": "Stop"}, Cause.TRADE),
        ({"execType": "Trade", "stopOrderType": "StopLoss"}, Cause.STOP_LOSS),
        ({"execType": "Trade", "stopOrderType": "PartialStopLoss"}, Cause.STOP_LOSS),
        ({"execType": "Trade", "stopOrderType": "TrailingStop"}, Cause.STOP_LOSS),
        ({"execType": "AdlTrade", "stopOrderType": "UNKNOWN"}, Cause.ADL),
        ({"execType": "BustTrade", "stopOrderType": "UNKNOWN"}, Cause.LIQUIDATION),
        ({"execType": "Delivery", "stopOrderType": "UNKNOWN"}, Cause.SETTLEMENT),
        ({"execType": "MovePosition", "stopOrderType": "UNKNOWN"}, Cause.UNKNOWN),
    ],
)
def test_a_trade_says_what_kind_of_order_it_was_of(
    server: Loopback, exchange: BybitExchange, row: dict[str, str], cause: Cause
) -> None:
    server.script(page(fill_row(**row)))
    found = exchange.executions("BTCUSDT", NOW_MS - DAY_MS)
    assert isinstance(found, tuple)
    assert found[0].cause is cause


@pytest.mark.parametrize("closed", ["", None])
def test_nothing_closed_may_be_empty_or_absent(
    server: Loopback, exchange: BybitExchange, closed: str | None
) -> None:
    server.script(page(fill_row() if closed is None else fill_row(closedSize=closed)))
    found = exchange.executions("BTCUSDT", NOW_MS - DAY_MS)
    assert isinstance(found, tuple)
    assert found[0].closed == 0


@pytest.mark.parametrize(
    "broken", [refusal(10006, "Too many visits"), as_json({}, 502), page({"a": 1})]
)
def test_a_window_that_cannot_be_read_makes_all_unknown(
    server: Loopback, exchange: BybitExchange, broken: object
) -> None:
    server.script(page(fill_row()), broken)
    assert isinstance(exchange.executions("BTCUSDT", NOW_MS - 10 * DAY_MS), Unknown)
