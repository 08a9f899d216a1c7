"""Scenario files: a whole simulator in one TOML document.

Every number is text, as the exchange writes it. Every section is optional:

```toml
clock = "virtual"                # or "real", which `trueup simulator` takes by default
start_ms = 1737809937000         # where a virtual clock starts
seed = "band"

[behaviour]                      # any switch of Behaviour
rate_limits = false

[[instruments]]                  # the arguments of InstrumentSpec, and the price
symbol = "BANDUSDT"
tick = "0.0001"
step = "0.1"
min_quantity = "0.1"
max_quantity = "100000"
price = "0.7000"
mark_price = "0.6990"            # optional, as index_price: by default both follow the last price

[[accounts]]
uid = "101"
api_key = "main-key"
api_secret = "main-secret"
hedge = false

[[accounts.positions]]           # the arguments of Simulator.open_position
symbol = "BANDUSDT"
side = "Buy"
quantity = "100"
price = "0.6900"

[[accounts.orders]]              # the fields of order/create, as for Simulator.record_order
order_id = "…"                   # optional
symbol = "BANDUSDT"
side = "Sell"
orderType = "Limit"
qty = "85"
price = "0.7200"
reduceOnly = true

[[faults]]                       # the fields of Fault or StreamFault
kind = "reply_lost"
path = "order/create"
```
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..base.arguments import arguments, whole, word
from ..base.clock import ClockKind, VirtualClock
from ..core.exchange import DEFAULT_START_MS, Simulator
from .control import fault_of, list_instrument, switches

_SECTIONS = {"clock", "start_ms", "seed", "behaviour", "instruments", "accounts", "faults"}


def load_scenario(path: str | Path, clock: ClockKind = ClockKind.VIRTUAL) -> Simulator:
    """Build a simulator from a scenario file, whose clock is this one if it names none.

    Raises:
        ValueError: a section does not exist, or a value is wrong.
        TypeError: a field does not exist, or is missing.
    """
    with Path(path).open("rb") as file:
        return build_scenario(tomllib.load(file), clock)


def build_scenario(scenario: Mapping[str, Any], clock: ClockKind = ClockKind.VIRTUAL) -> Simulator:
    """Build a simulator from a parsed scenario, whose clock is this one if it names none.

    Raises:
        ValueError: a section does not exist, or a value is wrong.
        TypeError: a field does not exist, or is missing.
    """
    unknown = set(scenario) - _SECTIONS
    if unknown:
        raise ValueError(f"unknown sections: {', '.join(sorted(unknown))}")
    kind = word(ClockKind, "clock", scenario.get("clock", clock))
    start_ms = whole("start_ms", scenario.get("start_ms", DEFAULT_START_MS))
    sim = Simulator(
        clock=kind if kind is ClockKind.REAL else VirtualClock(start_ms),
        behaviour=switches(scenario.get("behaviour", {})),
        seed=scenario.get("seed", "trueup"),
    )
    for instrument in scenario.get("instruments", ()):
        list_instrument(sim, instrument)
    for account in scenario.get("accounts", ()):
        _add_account(sim, account)
    sim.inject(*(fault_of(fault) for fault in scenario.get("faults", ())))
    return sim


def _add_account(sim: Simulator, account: Mapping[str, Any]) -> None:
    facts = dict(account)
    keys, positions = facts.pop("keys", ()), facts.pop("positions", ())
    orders = facts.pop("orders", ())
    sim.add_account(**arguments(sim.add_account, facts))
    for key in keys:
        sim.add_key(**arguments(sim.add_key, {"uid": facts["uid"], **key}))
    for position in positions:
        sim.open_position(**arguments(sim.open_position, {"uid": facts["uid"], **position}))
    for order in orders:
        sim.record_order(**arguments(sim.record_order, {"uid": facts["uid"], **order}))
