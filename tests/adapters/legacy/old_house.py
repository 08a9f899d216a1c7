"""A file as the original bot kept it, with every oddity that its stored state shows.

Built to section 1.8 of the facts: python-telegram-bot's persistence around a dict of monitors,
chat data with ticks and steps, alerts by enumeration, numbers of four types.
"""

import pickle
import sys
from collections import OrderedDict, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum
from types import ModuleType
from typing import Any

Entry = dict[str, Any]
SYMBOL = "BANDUSDT"
_ALERTS = "alerts.alert_types"
LONG_LINK = "BOT_CONS_ALICEUSDT_SL_212710_ABREAKEVEN_A1_A2"


def take_profit(number: int, price: object, quantity: object, **more: object) -> Entry:
    """An entry of ``tp_orders`` as the bot wrote it."""
    return {
        "order_id": f"00000000-0000-4000-8000-00000000000{number}",
        "order_link_id": f"BOT_CONS_{SYMBOL}_TP{number}_16422{number}",
        "price": price,
        "quantity": quantity,
        "original_quantity": quantity,
        "percentage": 85 if number == 1 else 5,
        "tp_number": number,
        "account": "main",
        **more,
    }


def ladder(**more: object) -> dict[str, Entry]:
    """Four take-profits of a short of 400, keyed by their order ids."""
    prices = ("0.6528", "0.6400", "0.6200", "0.6000")
    orders = [
        take_profit(number, Decimal(price), Decimal(340 if number == 1 else 20), **more)
        for number, price in enumerate(prices, start=1)
    ]
    return {order["order_id"]: order for order in orders}


def monitor(account: str | None = "main", **more: object) -> Entry:
    """A monitor in order; ``more`` makes it odd."""
    return {
        "symbol": SYMBOL,
        "side": "Sell",
        "account_type": account,
        "approach": "conservative",
        "chat_id": 5,
        "position_size": Decimal(400),
        "current_size": Decimal(400),
        "remaining_size": Decimal(400),
        "entry_price": Decimal("0.6927666666666666666666666667"),
        "tp_orders": ladder(),
        "sl_order": {
            "order_id": "00000000-0000-4000-8000-0000000000aa",
            "order_link_id": f"BOT_CONS_{SYMBOL}_SL_164230",
            "price": Decimal("0.7300"),
            "quantity": Decimal(400),
        },
        "limit_orders": [],
        "phase": "MONITORING",
        "tp1_hit": False,
        "filled_tps": [],
        "last_check": 1753726755.009856,
        **more,
    }


def odd_monitors() -> dict[Any, Any]:
    """Monitors by key, each with oddities of its own."""
    base = ladder()
    first, second, third, fourth = base.values()
    return {
        "BANDUSDT_Sell_main": monitor(),
        "BANDUSDT_Sell_mirror": monitor(
            "mirror",
            tp_orders={
                "99999999-0000-4000-8000-000000000001": {
                    **first,
                    "order_link_id": "MIR_TP4_BANDUSDT_1753710163059",
                    "account": "mirror",
                    "tp_level": 4,
                },
                **{
                    order["order_id"]: {
                        **order,
                        "order_link_id": f"MIR_TP4_BANDUSDT_175371016{number}128",
                        "account": None,
                        "tp_level": 4,
                    }
                    for number, order in enumerate((second, third, fourth), start=4)
                },
            },
            chat_id=None,
        ),
        "ALICEUSDT_Sell_main": monitor(
            symbol="ALICEUSDT",
            phase="PROFIT_TAKING",
            position_size=60,
            current_size="60",
            remaining_size=60.0,
            tp_orders=[
                {**first, "status": "FILLED", "filled_qty": "340", "price": 0.6528},
                {**second, "status": "New", "quantity": 20.0},
                {**third, "quantity": "20"},
                {**fourth, "quantity": 20},
            ],
            sl_order={"order_link_id": LONG_LINK, "price": 0.7, "quantity": 1, "status": "FILLED"},
            limit_orders=[{"order_id": "e1", "status": "ACTIVE"}],
        ),
        "CAKEUSDT_Buy": monitor(
            "mirror",
            symbol="CAKEUSDT",
            side="buy",
            phase=None,
            sl_order={
                "order_id": "00000000-0000-4000-8000-000000000001",
                "order_link_id": "MIR_TP1_CAKEUSDT_1752030717798",
                "price": Decimal("2.1"),
            },
            tp_orders={
                "a": {**first, "price": 0.0, "order_link_id": ""},
                "b": {**second, "order_link_id": "BOT_TPSL_CAKEUSDT_1753873881048_9747"},
                "c": {**third, "order_link_id": "MANUAL_CLOSE_1", "account": "mirror"},
                "d": {**fourth, "order_id": "RECREATED_TP4", "order_link_id": ""},
                "e": {**fourth, "order_id": "00000000-0000-4000-8000-0000000000e5"},
                "f": take_profit(
                    6,
                    Decimal("2.5"),
                    Decimal(100),
                    account="mirror",
                    order_link_id="BOT_MIR_TP2_CAKEUSDT_1752030717",
                ),
                "g": take_profit(
                    7,
                    Decimal("2.5"),
                    Decimal(300),
                    account="mirror",
                    order_link_id="MIR_TP4_CAKEUSDT_1752030717798",
                ),
            },
        ),
        "SEIUSDT_Sell": monitor(None, symbol="SEIUSDT"),
        "ICXUSDT_Sell_mirror": monitor("main", symbol="ICXUSDT"),
        "GALAUSDT_Buy_main": monitor(symbol="BANDUSDT", side="Buy"),
        "NTRNUSDT_Sell": {
            "symbol": "NTRNUSDT",
            "side": "Sell",
            "account_type": "mirror",
            "entry_price": 0,
            "position_size": 0,
            "take_profits": [],
            "system_type": "enhanced_tp_sl",
        },
        "TIAUSDT_Buy_main": ["not", "a", "monitor"],
        7: monitor(symbol="ZROUSDT", position_size="-3", remaining_size=float("nan")),
    }


def persisted(monitors: dict[Any, Any]) -> dict[str, Any]:
    """The whole of the bot's file, around these monitors."""
    chat = {
        "symbol": SYMBOL,
        "instrument_tick_size": Decimal("0.0001"),
        "instrument_qty_step": Decimal("0.1"),
        "position_ALICEUSDT_Sell_conservative": {
            "symbol": "ALICEUSDT",
            "side": "Sell",
            "instrument_qty_step": "1",
        },
    }
    return {
        "conversations": {"trade": {(5, 5): 3}},
        "user_data": defaultdict(dict, {5: {"seen": {1, 2}}}),
        "chat_data": {5: OrderedDict(chat)},
        "callback_data": None,
        "bot_data": {
            "enhanced_tp_sl_monitors": monitors,
            "monitor_tasks": {"5_BANDUSDT": {"active": True}},
            "alerts": [],
            "started": datetime(2025, 7, 28, 3, 0, tzinfo=timezone(timedelta(hours=3))),
            "saved": datetime(2025, 7, 28, tzinfo=UTC),
        },
    }


@contextmanager
def alerts_of_the_bot() -> Iterator[tuple[Any, ...]]:
    """Alerts as the bot pickled them: enumerations of a module that only the bot has."""
    AlertType = Enum("AlertType", {"PRICE_ABOVE": "price_above"}, module=_ALERTS)  # noqa: N806 - a class
    AlertPriority = Enum("AlertPriority", {"LOW": "low"}, module=_ALERTS)  # noqa: N806 - a class
    module = ModuleType(_ALERTS)
    module.__dict__.update(AlertType=AlertType, AlertPriority=AlertPriority)
    packages = {"alerts": ModuleType("alerts"), _ALERTS: module}
    sys.modules.update(packages)
    try:
        yield AlertType("price_above"), AlertPriority("low")
    finally:
        for name in packages:
            del sys.modules[name]


def whole_file(protocol: int = 5) -> bytes:
    """The bot's file as bytes, with its alerts in it."""
    state = persisted(odd_monitors())
    with alerts_of_the_bot() as alerts:
        state["bot_data"]["alerts"] = [{"type": each, "since": 1} for each in alerts]
        return pickle.dumps(state, protocol)
