"""The baseline of protection: the sequence of the bot that trueup replaces, at its best.

Its stop is a conditional order of its own. It reads orders and position, then cancels the stop and
places another under a fresh random id. Its caches, retries, waits and defects are left out, and the
stop moves before the levels do.
"""

import secrets
import time
from decimal import Decimal

from pybit.unified_trading import HTTP

from .world import SIDE, SYMBOL

_RISES = 1


class StopSequence:
    """One position's stop, moved by cancelling and placing."""

    def __init__(self, http: HTTP, symbol: str = SYMBOL) -> None:
        self._http = http
        self._linear = {"category": "linear", "symbol": symbol}
        self._order_id = ""

    def move_to(self, price: Decimal) -> None:
        """The stop closes the whole position at that price."""
        answer = self._http.get_open_orders(**self._linear, limit=50)
        live = {row["orderId"] for row in answer["result"]["list"]}
        answer = self._http.get_positions(**self._linear)
        size = answer["result"]["list"][0]["size"]
        if self._order_id in live:
            self._http.cancel_order(**self._linear, orderId=self._order_id)
        answer = self._http.place_order(
            **self._linear,
            side=SIDE.opposite.value,
            orderType="Market",
            qty=size,
            triggerPrice=str(price),
            triggerDirection=_RISES,
            triggerBy="LastPrice",
            reduceOnly=True,
            closeOnTrigger=True,
            positionIdx=0,
            orderLinkId=_fresh(),
        )
        self._order_id = str(answer["result"]["orderId"])


def _fresh() -> str:
    return f"MIR_SL_{SYMBOL}_{time.time_ns() // 1_000_000}_{1000 + secrets.randbelow(9000)}"
