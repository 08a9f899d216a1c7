"""A client without a network: signs requests and hands them to the simulator's core."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from trueup.simulator import Reply, Request, Simulator, sign

WALL_MS = 1_795_000_000_000
SYMBOL = "BANDUSDT"


class Caller:
    """One account's client on the core, with the wall clock of the tests."""

    def __init__(self, sim: Simulator, uid: str = "101") -> None:
        self.sim = sim
        self.key = f"key-{uid}"
        self.secret = f"secret-{uid}"

    def reply(self, request: Request) -> Reply:
        """Sign and send one request."""
        return self.sim.handle(sign(request, self.key, self.secret, WALL_MS))

    def get(self, path: str, **params: object) -> dict[str, Any]:
        """GET a path of category linear; returns the envelope."""
        query = urlencode({"category": "linear", **params})
        return _envelope(self.reply(Request("GET", f"/v5/{path}", query=query)))

    def post(self, path: str, **params: object) -> dict[str, Any]:
        """POST to a path with category linear; returns the envelope."""
        body = json.dumps({"category": "linear", **params}).encode()
        return _envelope(self.reply(Request("POST", f"/v5/{path}", body=body)))

    def limit(self, quantity: str, at: str, /, **more: object) -> dict[str, Any]:
        """Create a limit order: by default a sell."""
        fields: dict[str, object] = {"symbol": SYMBOL, "side": "Sell", "orderType": "Limit"}
        return self.post("order/create", **{**fields, "qty": quantity, "price": at, **more})

    def take_profit(self, quantity: str, price: str, link_id: str = "") -> dict[str, Any]:
        """Create a reduce-only sell."""
        return self.limit(quantity, price, reduceOnly=True, orderLinkId=link_id)

    def open_rows(self, **params: object) -> list[dict[str, Any]]:
        """The open orders on the symbol, as order/realtime lists them."""
        rows: list[dict[str, Any]] = self.get("order/realtime", symbol=SYMBOL, **params)["result"][
            "list"
        ]
        return rows


def _envelope(reply: Reply) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(reply.body)
    return loaded


def order_id(reply: Mapping[str, Any]) -> str:
    """The id of an accepted order."""
    assert reply["retCode"] == 0, reply
    found: str = reply["result"]["orderId"]
    return found
