"""The baseline of the main job: the sequence of the bot that trueup replaces, at its best.

It reads orders and position, then cancels each level's order and places a new one under a fresh
random id, and saves its records afterwards. Its caches, retries, waits and defects are left out:
every order on its records is live, and every request succeeds at once.
"""

import json
import secrets
import time
from decimal import Decimal
from pathlib import Path

from pybit.unified_trading import HTTP

from .world import PRICES, SHARES, SIDE, STEP, SYMBOL

_LINEAR = {"category": "linear", "symbol": SYMBOL}


class SeedSequence:
    """One monitor's ladder, maintained by cancelling and placing."""

    def __init__(self, http: HTTP, records: Path) -> None:
        self._http = http
        self._records = records
        self._orders: dict[int, dict[str, str]] = {}

    def rebalance(self) -> None:
        """Brings the ladder to the position's size."""
        answer = self._http.get_open_orders(**_LINEAR, limit=50)
        live = {row["orderId"] for row in answer["result"]["list"]}
        answer = self._http.get_positions(**_LINEAR)
        size = Decimal(answer["result"]["list"][0]["size"])
        for number, (price, share) in enumerate(zip(PRICES, SHARES, strict=True), start=1):
            stored = self._orders.get(number)
            if stored is not None and stored["order_id"] in live:
                self._http.cancel_order(**_LINEAR, orderId=stored["order_id"])
            self._orders[number] = self._place(number, price, size * share / 100)
        self._records.write_text(json.dumps(self._orders), encoding="utf-8")

    def _place(self, number: int, price: str, quantity: Decimal) -> dict[str, str]:
        """Places one level; rounds down to whole steps, as the bot did."""
        floored = str(quantity // STEP * STEP)
        link_id = f"MIR_TP{number}_{SYMBOL}_{time.time_ns() // 1_000_000}_{_digits()}"
        answer = self._http.place_order(
            **_LINEAR,
            side=SIDE.opposite.value,
            orderType="Limit",
            qty=floored,
            price=price,
            timeInForce="GTC",
            reduceOnly=True,
            positionIdx=0,
            orderLinkId=link_id,
        )
        order_id = str(answer["result"]["orderId"])
        return {"order_id": order_id, "order_link_id": link_id, "price": price, "quantity": floored}


def _digits() -> int:
    return 1000 + secrets.randbelow(9000)
