"""A client of the public stream that keeps what it receives, and a book as Bybit's page tells."""

import json
from decimal import Decimal

from trueup.simulator import Json, PublicSession, Simulator


class Follower:
    """The client's end of a connection."""

    def __init__(self, sim: Simulator, *topics: str) -> None:
        self.received: list[Json] = []
        self.cuts: list[int | None] = []
        self.session: PublicSession = sim.open_public_stream(self)
        if topics:
            assert self.ask({"op": "subscribe", "args": list(topics)})["success"]

    def send(self, message: Json) -> None:
        """Receive a message."""
        self.received.append(json.loads(json.dumps(message)))

    def cut(self, code: int | None) -> None:
        """Receive the end."""
        self.cuts.append(code)

    def freeze(self) -> None:
        """Become half-open."""

    def ask(self, frame: object) -> Json:
        """Send a frame and return its reply, which is taken out of what was received."""
        start = len(self.received)
        self.session.receive(frame if isinstance(frame, str) else json.dumps(frame))
        return self.received.pop(start)

    def new(self) -> list[Json]:
        """The messages since the last call."""
        received, self.received = self.received, []
        return received


class Book:
    """A book kept from a snapshot and deltas (docs/v5/websocket/public/orderbook)."""

    def __init__(self) -> None:
        self.updates = 0
        self.sides: dict[str, dict[str, str]] = {"b": {}, "a": {}}

    def apply(self, message: Json) -> None:
        """Apply a message; deltas follow each other without a gap."""
        data = message["data"]
        if message["type"] == "snapshot":
            self.sides = {"b": {}, "a": {}}
        else:
            assert data["u"] == self.updates + 1
        self.updates = data["u"]
        for name, side in self.sides.items():
            for price, size in data[name]:
                if size == "0":
                    del side[price]
                else:
                    side[price] = size

    def levels(self, name: str) -> list[list[str]]:
        """The levels of a side, the best one first."""
        ordered = sorted(self.sides[name].items(), key=lambda level: Decimal(level[0]))
        return [list(level) for level in (reversed(ordered) if name == "b" else ordered)]
