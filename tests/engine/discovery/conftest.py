"""The stage, and hands to put positions and orders on it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.stage import UIDS, Stage
from trueup import Discovered, FoundPosition
from trueup.simulator import InstrumentSpec, Simulator

MAIN, MIRROR = UIDS["main"], UIDS["mirror"]
PRICES = ("0.6528", "0.6400", "0.6200", "0.6000")
QUANTITIES = ("261.2", "15.4", "15.4", "15.3")
IDS = tuple(f"MIR_TP{n}_BANDUSDT_173780000000{n}_1111" for n in (1, 2, 3, 4))

NATIVE_STOP: dict[str, Any] = {
    "orderType": "Market",
    "triggerPrice": "0.7500",
    "triggerDirection": 1,
    "stopOrderType": "StopLoss",
}
NATIVE_PROFIT: dict[str, Any] = {
    "orderType": "Market",
    "triggerPrice": "0.6100",
    "triggerDirection": 2,
    "stopOrderType": "PartialTakeProfit",
}


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """An open stage with nothing on it."""
    with Stage(tmp_path) as opened:
        yield opened


@pytest.fixture
def short(stage: Stage) -> Stage:
    """The stage with the mirror's short of 307.3 at 0.68."""
    stage.sim.open_position(MIRROR, "BANDUSDT", "Sell", "307.3", "0.6800")
    return stage


def rest(stage: Stage, price: str, quantity: str, link_id: str = "", **more: Any) -> str:  # noqa: ANN401 - any field
    """Puts a TP of the mirror's short on the book, unless more says otherwise."""
    fields: dict[str, Any] = {
        "symbol": "BANDUSDT",
        "side": "Buy",
        "orderType": "Limit",
        "qty": quantity,
        "price": price,
        "reduceOnly": True,
        "orderLinkId": link_id,
    }
    return stage.sim.record_order(MIRROR, **fields | more)


def rest_ladder(stage: Stage) -> None:
    """Lets the ladder of an earlier bot rest: 85/5/5/5, covering the short."""
    for price, quantity, name in zip(PRICES, QUANTITIES, IDS, strict=True):
        rest(stage, price, quantity, name)


def discovered(stage: Stage, account: str = "mirror") -> Discovered:
    """What is found on the account."""
    (found,) = stage.reconciler.discover([account])
    return found


def only(found: Discovered) -> FoundPosition:
    """The account's one position."""
    (position,) = found.positions
    return position


def many_symbols(sim: Simulator, count: int) -> list[str]:
    """Adds contracts, and gives their symbols."""
    symbols = [f"COIN{number:03}USDT" for number in range(count)]
    for symbol in symbols:
        sim.add_instrument(
            InstrumentSpec(
                symbol=symbol, tick="0.0001", step="0.1", min_quantity="0.1", max_quantity="100000"
            ),
            price="0.7000",
        )
    return symbols
