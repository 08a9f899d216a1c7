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
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ..base.arguments import arguments, whole, word
from ..base.clock import ClockKind, VirtualClock
from ..base.errors import ApiError, words_of
from ..core.exchange import DEFAULT_START_MS, Simulator
from .control import fault_of, list_instrument, switches

_SECTIONS = {"clock", "start_ms", "seed", "behaviour", "instruments", "accounts", "faults"}
_Table = Mapping[str, Any]


def load_scenario(path: str | Path, clock: ClockKind = ClockKind.VIRTUAL) -> Simulator:
    """Build a simulator from a scenario file, whose clock is this one if it names none.

    Raises:
        ValueError: a section does not exist, or a value is wrong; the text says in which section.
        TypeError: a field does not exist, or is missing; the text says in which section.
    """
    with Path(path).open("rb") as file:
        return build_scenario(tomllib.load(file), clock)


def build_scenario(scenario: Mapping[str, Any], clock: ClockKind = ClockKind.VIRTUAL) -> Simulator:
    """Build a simulator from a parsed scenario, whose clock is this one if it names none.

    Raises:
        ValueError: a section does not exist, or a value is wrong; the text says in which section.
        TypeError: a field does not exist, or is missing; the text says in which section.
    """
    unknown = set(scenario) - _SECTIONS
    if unknown:
        raise ValueError(f"unknown sections: {', '.join(sorted(unknown))}")
    kind = word(ClockKind, "clock", scenario.get("clock", clock))
    start_ms = whole("start_ms", scenario.get("start_ms", DEFAULT_START_MS))
    with _within("[behaviour]"):
        behaviour = switches(_table(scenario.get("behaviour", {})))
    sim = Simulator(
        clock=kind if kind is ClockKind.REAL else VirtualClock(start_ms),
        behaviour=behaviour,
        seed=str(scenario.get("seed", "trueup")),
    )
    for where, instrument in _tables(scenario, "instruments", "symbol"):
        with _within(where):
            list_instrument(sim, instrument)
    for where, account in _tables(scenario, "accounts", "uid"):
        _add_account(sim, where, account)
    for where, fault in _tables(scenario, "faults"):
        with _within(where):
            sim.inject(fault_of(fault))
    return sim


def _add_account(sim: Simulator, where: str, account: _Table) -> None:
    inner = {"keys", "positions", "orders"}
    facts = {name: value for name, value in account.items() if name not in inner}
    with _within(where):
        sim.add_account(**arguments(sim.add_account, facts))
        uid = str(facts["uid"])
        for at, key in _tables(account, "keys", "api_key"):
            with _within(at):
                if key.get("api_key") == facts["api_key"]:
                    raise ValueError(f"api_key: {key['api_key']} is the account's first one")
                sim.add_key(**arguments(sim.add_key, {"uid": uid, **key}))
        for at, position in _tables(account, "positions"):
            with _within(at):
                sim.open_position(**arguments(sim.open_position, {"uid": uid, **position}))
        for at, order in _tables(account, "orders"):
            with _within(at):
                sim.record_order(**arguments(sim.record_order, {"uid": uid, **order}))


def _tables(parent: _Table, section: str, name: str = "") -> Iterator[tuple[str, _Table]]:
    """The tables of a section, each with the words that say where it is.

    Args:
        parent: what holds the section.
        section: its name.
        name: the field that names a table, and that no two tables share; empty for none.
    """
    given = parent.get(section, ())
    if not isinstance(given, Sequence) or isinstance(given, str):
        raise TypeError(f"[[{section}]]: tables are wanted, not {given!r}")
    names = set[object]()
    for number, each in enumerate(given, 1):
        where = f"[[{section}]] number {number}"
        with _within(where):
            table = _table(each)
            named = table.get(name)
            if named is not None and str(named) in names:
                raise ValueError(f"{name}: {named} is there already")
        names.add(str(named))
        yield (where if named is None else f"{where} ({named})"), table


def _table(given: object) -> _Table:
    if not isinstance(given, Mapping):
        raise TypeError(f"a table is wanted, not {given!r}")
    return given


@contextmanager
def _within(where: str) -> Iterator[None]:
    """Say in what is wrong where it is.

    Raises:
        TypeError: a field does not exist, or is missing.
        ValueError: all else that is wrong.
    """
    try:
        yield
    except TypeError as error:
        raise TypeError(f"{where}: {error}") from None
    except (ApiError, LookupError, ValueError, ArithmeticError) as error:
        raise ValueError(f"{where}: {words_of(error)}") from None
