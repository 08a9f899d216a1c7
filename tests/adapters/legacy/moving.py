"""A collected state as the original bot pickled it, imported as its user would.

Built to section 1.8 of the facts: one dict of monitors within the bot's own file, orders by order
id, or by the id of a cancelled one, numbers as decimals, floats and ints.
"""

import json
import pickle
import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from typer.testing import CliRunner

from tests.adapters.legacy.old_house import Entry, persisted
from tests.cases.belief import order_id_of
from tests.cases.casebook import MONITORS, Case
from trueup import MonitorKey
from trueup.cli.main import app
from trueup.storage import open_store

_OF_THE_COLLECTION = frozenset(
    {
        "case",
        "key",
        "account",
        "first_seen",
        "last_seen",
        "snapshots",
        "blob",
        "commit",
        "live_tp_sum",
        "flags",
        "coverage_pct",
        "position_idx",
    }
)
_DECIMAL = re.compile(r"-?\d+(\.\d+)?")
_TEXTS = frozenset({"order_id", "order_link_id", "dict_key", "target_size", "avg_fill_price"})


class Mover:
    """Imports the states of a file, each by itself.

    Attributes:
        left: the cases that the import left out, and why; nobody watches those.
    """

    def __init__(self, path: Path = MONITORS) -> None:
        self._rows = _rows(path)
        self.left: dict[str, str] = {}

    def __call__(self, case: Case, url: str) -> None:
        """Pickles the case's state and gives ``trueup import-legacy --apply``."""
        with TemporaryDirectory() as folder:
            file = Path(folder) / "bot.pkl"
            file.write_bytes(pickle.dumps(house_of(case, self._rows[case.case])))
            result = CliRunner().invoke(
                app, ["import-legacy", str(file), "--apply", "--db", url, "--json"]
            )
        (told,) = json.loads(result.stdout)["monitors"]
        if told["verdict"] != "written":
            self.left[case.case] = told["reason"]
            _watch_nothing(case, url)


def _watch_nothing(case: Case, url: str) -> None:
    """An empty monitor in place of what was left out, so that there is something to run."""
    state = case.state
    with open_store(url) as store:
        key = MonitorKey(state.account, state.symbol, state.side)
        store.watch(key, state.role, state.follows, None)


def house_of(case: Case, row: Mapping[str, Any]) -> dict[str, Any]:
    """The bot's file with this one monitor in it, and its contract's tick and step."""
    file = persisted({row["key"]: _monitor(case, row)})
    file["chat_data"] = {
        5: {
            "symbol": case.state.symbol,
            "instrument_tick_size": case.rules.tick,
            "instrument_qty_step": case.rules.step,
        }
    }
    return file


def _monitor(case: Case, row: Mapping[str, Any]) -> Entry:
    fields = {name: _stored(name, value) for name, value in row.items()}
    orders = [_order(order) for order in row["tp_orders"] or []]
    keys = [
        order.get("dict_key") or order_id_of(case.state, stored, place)
        for place, (order, stored) in enumerate(
            zip(row["tp_orders"] or [], case.state.take_profits, strict=True)
        )
    ]
    listed = "tp_orders_is_list" in row["flags"] or len(set(keys)) < len(keys)
    return {
        **{name: value for name, value in fields.items() if name not in _OF_THE_COLLECTION},
        "account_type": row["account"],
        "chat_id": None if "no_chat_id" in row["flags"] else 5,
        "last_check": datetime.fromisoformat(row["last_seen"]).timestamp(),
        "monitor_key": row["key"],
        "tp_orders": orders if listed else dict(zip(keys, orders, strict=True)),
        "sl_order": _order(row["sl_order"]) if row["sl_order"] else None,
        "limit_orders": [_order(order) for order in row["limit_orders"] or []],
    }


def _order(order: Mapping[str, Any]) -> Entry:
    floats = order.get("stored_as_float") or ()
    fields = {name: _stored(name, value) for name, value in order.items()}
    fields |= {name: float(order[name]) for name in floats if order.get(name) is not None}
    return {n: v for n, v in fields.items() if n not in ("dict_key", "stored_as_float")}


def _stored(name: str, value: object) -> object:
    """A number as the bot kept it: the collection wrote its decimals as text."""
    if name in _TEXTS or not isinstance(value, str) or not _DECIMAL.fullmatch(value):
        return value
    return Decimal(value)


@cache
def _rows(path: Path) -> Mapping[str, Mapping[str, Any]]:
    return {row["case"]: row for row in json.loads(path.read_text("utf-8"))["rows"]}
