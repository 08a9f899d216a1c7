"""What the tests of stops share: how to set one, and what a position's row shows of it."""

from trueup.simulator import Json, Simulator

from .caller import SYMBOL, Caller


def stop(caller: Caller, **fields: object) -> Json:
    """Send position/trading-stop for the one-way position; returns the envelope."""
    return caller.post("position/trading-stop", **{"symbol": SYMBOL, "positionIdx": 0, **fields})


def row(caller: Caller) -> Json:
    """The row of the one-way position."""
    listed: list[Json] = caller.get("position/list", symbol=SYMBOL)["result"]["list"]
    return listed[0]


def shown(caller: Caller) -> tuple[str, str, str]:
    """What the position's row shows: stop-loss, take-profit, trailing stop."""
    found = row(caller)
    return found["stopLoss"], found["takeProfit"], found["trailingStop"]


def triggers(sim: Simulator) -> dict[str, str]:
    """The trigger price of each waiting order of account 101, by its kind."""
    return {o.stop_order_type.value: str(o.trigger_price) for o in sim.orders("101")}
