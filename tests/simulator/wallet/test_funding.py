"""Funding at its hours."""

from decimal import Decimal
from typing import Any

import pytest

from trueup.simulator import InstrumentSpec, Simulator

from ..caller import Caller, order_id
from ..conftest import START_MS
from ..watcher import Watcher

HOUR_MS = 3_600_000
FIRST = START_MS // (8 * HOUR_MS) * 8 * HOUR_MS + 8 * HOUR_MS
FUNDED = "FUNDUSDT"


def contract(symbol: str = FUNDED, rate: str = "0.001") -> InstrumentSpec:
    return InstrumentSpec(
        symbol=symbol,
        tick="0.1",
        step="1",
        min_quantity="1",
        max_quantity="1000",
        funding_rate=rate,
    )


@pytest.fixture
def funded(sim: Simulator) -> Simulator:
    """A contract at 100 whose longs pay 0.1 % at each funding."""
    sim.add_instrument(contract(), price="100")
    return sim


def rows(caller: Caller, **fields: object) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = caller.get("execution/list", symbol=FUNDED, **fields)["result"][
        "list"
    ]
    return found


def test_longs_pay_and_shorts_receive_at_the_hours(funded: Simulator, caller: Caller) -> None:
    short = Caller(funded, "202")
    common: dict[str, object] = {"symbol": FUNDED, "orderType": "Market"}
    order_id(caller.limit("10", "", side="Buy", **common))
    order_id(short.limit("20", "", side="Sell", positionIdx=2, **common))
    before = {uid: funded.wallet(uid)["USDT"] for uid in ("101", "202")}
    stream = Watcher(funded, ("execution",))
    funded.set_mark_price(FUNDED, "110")
    funded.clock.advance(8 * HOUR_MS)
    paid = {uid: before[uid] - funded.wallet(uid)["USDT"] for uid in before}
    assert paid == {"101": Decimal("1.1"), "202": Decimal("-2.2")}
    (row,) = rows(caller, execType="Funding")
    assert (row["execTime"], row["orderType"], row["side"]) == (str(FIRST), "UNKNOWN", "Buy")
    assert (row["execFee"], row["feeRate"], row["execValue"]) == ("1.100", "0.001", "1100")
    assert (row["closedSize"], row["leavesQty"]) == ("0", "0")
    assert [each["execType"] for each in rows(caller, execType="Trade")] == ["Trade"]
    assert rows(caller, execType="BustTrade") == []
    (item,) = stream.items("execution")
    assert item["execType"] == "Funding"


def test_the_history_has_every_funding_that_there_was(funded: Simulator, caller: Caller) -> None:
    assert caller.get("market/funding/history", symbol=FUNDED)["result"]["list"] == []
    funded.clock.advance(8 * HOUR_MS)
    funded.add_instrument(contract(rate="-0.0005"), price="100")
    funded.clock.advance(8 * HOUR_MS)
    listed = caller.get("market/funding/history", symbol=FUNDED)["result"]["list"]
    told = [(row["fundingRate"], int(row["fundingRateTimestamp"])) for row in listed]
    assert told == [("-0.0005", FIRST + 8 * HOUR_MS), ("0.001", FIRST)]
    late = {"startTime": FIRST + 1, "endTime": FIRST + 9 * HOUR_MS}
    assert len(caller.get("market/funding/history", symbol=FUNDED, **late)["result"]["list"]) == 1
    refused = caller.get("market/funding/history", symbol=FUNDED, startTime=FIRST)
    assert refused["retCode"] == 10001


def test_nothing_is_due_without_a_rate(sim: Simulator) -> None:
    sim.add_instrument(contract("DATED-26DEC25", rate="0.01"), price="100")
    assert sim.clock.waiting == 0


def test_a_contract_without_a_rate_or_off_the_list_is_funded_no_more(
    funded: Simulator, caller: Caller
) -> None:
    order_id(caller.limit("10", "", symbol=FUNDED, side="Buy", orderType="Market"))
    funded.add_instrument(contract(rate="0"), price="100")
    funded.clock.advance(16 * HOUR_MS)
    assert (rows(caller, execType="Funding"), funded.clock.waiting) == ([], 0)
    funded.add_instrument(contract(), price="100")
    funded.delist(FUNDED)
    funded.clock.advance(8 * HOUR_MS)
    assert funded.clock.waiting == 0
