"""Both ways in which Bybit has written an order are the same order."""

from typing import Any

import pytest

from trueup.adapters.bybit.stream.parsing import parse_events
from trueup.adapters.bybit.wire.parsing import parse_order
from trueup.domain.copies import replace
from trueup.domain.model.order import CancelReason
from trueup.simulator import (
    Behaviour,
    Dialect,
    InstrumentSpec,
    Json,
    OrderStatus,
    SimOrder,
    Simulator,
)
from trueup.simulator.api.rows import written

SYMBOL = "BANDUSDT"


def exchange(dialect: Dialect = Dialect.NOW) -> Simulator:
    """An exchange with a position of 100."""
    sim = Simulator(behaviour=Behaviour(dialect=dialect))
    sim.add_account(uid="101", api_key="key", api_secret="secret")
    spec = InstrumentSpec(
        symbol=SYMBOL, tick="0.0001", step="0.1", min_quantity="0.1", max_quantity="100000"
    )
    sim.add_instrument(spec, "0.7")
    sim.open_position("101", SYMBOL, "Buy", "100", "0.69")
    return sim


def traded(sim: Simulator) -> None:
    """Orders of every kind: resting, waiting, filled in part, filled, cancelled."""
    common: dict[str, Any] = {
        "symbol": SYMBOL,
        "side": "Sell",
        "orderType": "Limit",
        "reduceOnly": True,
    }
    for price in ("0.75", "0.76", "0.77"):
        sim.place_order("101", **common, qty="10", price=price)
    waits: dict[str, Any] = {"triggerPrice": "0.6", "triggerDirection": 2, "triggerBy": "MarkPrice"}
    sim.place_order("101", **{**common, **waits, "orderType": "Market"}, qty="100")
    first, second, third, _ = (order.order_id for order in sim.orders("101"))
    sim.fill("101", first)
    sim.fill("101", second, "4")
    sim.cancel_by_hand("101", third)


def orders() -> list[SimOrder]:
    sim = exchange()
    traded(sim)
    return [*sim.orders("101"), *sim.closed_orders("101")]


@pytest.mark.parametrize("order", orders(), ids=lambda order: f"{order.status.value} {order.price}")
def test_rows_of_both_are_read_as_the_same_order(order: SimOrder) -> None:
    now, samples = (written(order, "USDT", dialect) for dialect in Dialect)
    assert now != samples
    one, other = parse_order(now), parse_order(samples)
    assert [each.closure and each.closure.reason for each in (one, other)] == [
        CancelReason.BY_USER if order.status is OrderStatus.CANCELLED else None
    ] * 2
    assert replace(one, closure=other.closure) == other, "but for the words of the exchange"


def test_messages_of_both_are_read_as_the_same_events() -> None:
    def received(dialect: Dialect) -> list[Json]:
        sim = exchange(dialect)
        messages: list[Json] = []
        sim.subscribe("101", ("order", "execution", "position"), messages.append)
        traded(sim)
        return messages

    now, samples = (received(dialect) for dialect in Dialect)
    assert [message["id"] for message in now] != [message["id"] for message in samples]
    assert [*map(parse_events, now)] == [*map(parse_events, samples)]
