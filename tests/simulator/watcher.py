"""A subscriber of the private stream that keeps its messages, and a client's view of an account."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from trueup.simulator import Json, Simulator

ALL = ("order", "execution", "position")
_OPEN = {"New", "PartiallyFilled", "Untriggered"}


class Watcher:
    """Keeps what one subscription receives."""

    def __init__(self, sim: Simulator, topics: tuple[str, ...] = ALL, uid: str = "101") -> None:
        self.sim = sim
        self.received: list[Json] = []
        self.cuts: list[int | None] = []
        self.subscription = sim.subscribe(uid, topics, self.received.append, self.cuts.append)

    @property
    def topics(self) -> list[str]:
        """The topics of the messages, in their order."""
        return [message["topic"] for message in self.received]

    def items(self, topic: str) -> list[Json]:
        """The items of all messages of a topic."""
        return [
            item
            for message in self.received
            if message["topic"].partition(".")[0] == topic
            for item in message["data"]
        ]

    def pop_messages(self) -> list[Json]:
        """The messages so far; the next call returns later ones only."""
        received = list(self.received)
        self.received.clear()
        return received


@dataclass
class View:
    """What a client that follows the stream knows of an account."""

    orders: dict[str, Json] = field(default_factory=dict)
    positions: dict[tuple[str, int], Json] = field(default_factory=dict)
    executions: dict[str, Json] = field(default_factory=dict)
    _ended: set[str] = field(default_factory=set)

    def apply(self, message: Json) -> None:
        """Apply a message; items older than what is known change nothing."""
        for item in message["data"]:
            getattr(self, f"_{message['topic'].partition('.')[0]}")(item)

    def _order(self, item: dict[str, Any]) -> None:
        identity = item["orderId"]
        if item["orderStatus"] in _OPEN:
            known = self.orders.get(identity, item)
            forward = Decimal(item["cumExecQty"]) >= Decimal(known["cumExecQty"])
            if forward and identity not in self._ended:
                self.orders[identity] = item
        else:
            self._ended.add(identity)
            self.orders.pop(identity, None)

    def _position(self, item: dict[str, Any]) -> None:
        key = (item["symbol"], item["positionIdx"])
        known = self.positions.get(key)
        if known is None or item["seq"] >= known["seq"]:
            self.positions[key] = item

    def _execution(self, item: dict[str, Any]) -> None:
        self.executions[item["execId"]] = item
