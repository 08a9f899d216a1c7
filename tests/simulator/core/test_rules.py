"""A contract's rules change in mid-life: what rests stays, what comes is bound by the new ones."""

import pytest

from trueup.simulator import Simulator
from trueup.simulator.base.errors import ApiError

from ..caller import SYMBOL

UID = "101"


def place(sim: Simulator, quantity: str, price: str) -> str:
    return sim.place_order(
        UID,
        symbol=SYMBOL,
        side="Sell",
        orderType="Limit",
        qty=quantity,
        price=price,
        reduceOnly=True,
    )


def test_orders_that_rest_outlive_a_change_of_rules(sim: Simulator) -> None:
    sim.open_position(UID, SYMBOL, "Buy", "600", "0.69")
    order_id = place(sim, "300", "0.7205")

    changed = sim.set_instrument(SYMBOL, tick="0.05", max_quantity="100")

    assert [order.order_id for order in sim.orders(UID)] == [order_id]
    assert (str(changed.tick), str(changed.max_quantity)) == ("0.05", "100")
    assert changed.step == sim.set_instrument(SYMBOL).step
    for quantity, price in (("101", "0.75"), ("50", "0.7205")):
        with pytest.raises(ApiError):
            place(sim, quantity, price)
    assert place(sim, "50", "0.75")


def test_rules_that_no_contract_has_are_refused(sim: Simulator) -> None:
    with pytest.raises(ValueError, match="must be positive"):
        sim.set_instrument(SYMBOL, step="0")
    with pytest.raises(ApiError):
        sim.set_instrument("NONEUSDT", step="1")
