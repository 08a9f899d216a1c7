"""The exchange that is checked: its contract, the account's mode, and one order at a time."""

import time
from collections.abc import Callable, Mapping
from decimal import ROUND_DOWN, Decimal
from secrets import token_hex
from typing import Any

from .client import Answer, CheckClient

FAVOURITE = "BTCUSDT"
PATIENCE_S = 5.0
PAUSE_S = 0.2
BELOW_THE_MARKET = Decimal("0.8")


class Live:
    """What checks share. A symbol is chosen at the first use: BTCUSDT, or else the first one."""

    def __init__(self, client: CheckClient) -> None:
        self.client = client
        self.link_id = f"check-{token_hex(6)}"
        self._contract: dict[str, Any] | None = None
        self._placed: Answer | None = None
        self._accepted: list[str] = []

    @property
    def contract(self) -> dict[str, Any]:
        """The row of the contract that is traded.

        Raises:
            LookupError: the exchange lists none.
        """
        if self._contract is None:
            rows = self.client.get("market/instruments-info", category="linear").rows
            self._contract = next(iter(sorted(rows, key=lambda row: row["symbol"] != FAVOURITE)))
        return self._contract

    @property
    def symbol(self) -> str:
        """The contract's name."""
        return str(self.contract["symbol"])

    @property
    def last_price(self) -> Decimal:
        """Where the contract is."""
        ticker = self.client.get("market/tickers", category="linear", symbol=self.symbol).rows[0]
        return Decimal(ticker["lastPrice"])

    @property
    def quantity(self) -> Decimal:
        """The smallest quantity that is worth the minimum at the price of the resting order."""
        lot = self.contract["lotSizeFilter"]
        least, step = Decimal(lot["minOrderQty"]), Decimal(lot["qtyStep"])
        value = Decimal(lot.get("minNotionalValue") or 0)
        steps = -(-value // (self.last_price * BELOW_THE_MARKET * step))
        return max(least, (steps + 1) * step)

    def on_tick(self, price: Decimal) -> Decimal:
        """The price, down to the tick."""
        tick = Decimal(self.contract["priceFilter"]["tickSize"])
        return (price / tick).to_integral_value(ROUND_DOWN) * tick

    def positions(self) -> list[dict[str, Any]]:
        """The rows of the contract's position."""
        return self.client.read("position/list", category="linear", symbol=self.symbol).rows

    @property
    def is_hedged(self) -> bool:
        """Whether the contract is in hedge mode."""
        return any(int(row["positionIdx"]) for row in self.positions())

    def buy(self, **fields: object) -> Answer:
        """Send a limit buy far below the market, with other fields where they are given."""
        usual = {
            "symbol": self.symbol,
            "side": "Buy",
            "orderType": "Limit",
            "qty": f"{self.quantity:f}",
            "price": f"{self.on_tick(self.last_price * BELOW_THE_MARKET):f}",
            "positionIdx": int(self.is_hedged),
        }
        answer = self.client.write("order/create", **{**usual, **fields})
        self.accepted(answer.result)
        return answer

    def accepted(self, order: Mapping[str, Any]) -> None:
        """Remember the id of an order that was accepted, so that it does not stay."""
        if order.get("orderId"):
            self._accepted.append(str(order["orderId"]))

    def placed(self) -> Answer:
        """The acknowledgement of the resting order; it is sent at the first use."""
        if self._placed is None:
            self._placed = self.buy(orderLinkId=self.link_id)
        return self._placed

    def change(self, what: str, **fields: str) -> Answer:
        """Amend or cancel the resting order."""
        return self.client.write(
            f"order/{what}", symbol=self.symbol, orderLinkId=self.link_id, **fields
        )

    def row_of(self, link_id: str, is_it: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """An order's row, once it is as it should be; else as it is after five seconds."""
        until = time.monotonic() + PATIENCE_S
        while True:
            rows = self.client.read(
                "order/realtime", category="linear", symbol=self.symbol, orderLinkId=link_id
            ).rows
            row = rows[0] if rows else {}
            if is_it(row) or time.monotonic() > until:
                return row
            time.sleep(PAUSE_S)

    def clear(self) -> None:
        """Cancel what the checks may have left resting."""
        for order_id in self._accepted:
            self.client.write("order/cancel", symbol=self.symbol, orderId=order_id)
