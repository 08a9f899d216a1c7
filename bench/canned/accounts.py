"""The accounts of a canned exchange: each goes through the model's states by itself."""

import json
import time
from collections.abc import Callable
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from ..scene import GROWTH, keys
from ..truth import Truth
from .model import AMEND, KEY, UID, Effect, Model, stamp, whole

_REFUSED = whole(
    b"HTTP/1.1 500 Internal Server Error\r\nContent-Type: application/json\r\n",
    b'{"retCode":10016,"retMsg":"Internal error","result":{},"retExtInfo":{}}',
)
_STATES_A_STEP = 3
_FILLED = 2


class Trouble(StrEnum):
    """What an account may be in."""

    FAILS = "fails"
    """Every read is answered at once by an error."""
    LATE = "late"
    """Every reply comes after half a minute."""


class Line(Protocol):
    """A private stream, as an account sees it."""

    def push(self, message: bytes) -> None:
        """Sends a message."""

    def cut(self) -> None:
        """Ends the connection."""


class UnforeseenError(Exception):
    """The client asked for what the model was never asked for: nothing was recorded for it."""


class Account:
    """One account of the exchange.

    Args:
        name: what the bench calls it.
        number: its UID.
        model: what it goes through.
        settled: called when its ladder has become true.

    Attributes:
        line: its private stream, once it is subscribed.
        trouble: what it is in, if anything.
    """

    def __init__(self, name: str, number: int, model: Model, settled: Callable[[], object]) -> None:
        self._own = ((KEY.encode(), keys(name)[0].encode()), (UID.encode(), str(number).encode()))
        self._model = model
        self._settled = settled
        self._state = 0
        self._times: list[tuple[bytes, bytes]] = []
        self._filled_at = 0.0
        self.line: Line | None = None
        self.trouble: Trouble | None = None
        self.truth: Truth | None = None

    @property
    def step(self) -> int:
        """How many steps of the model it has begun."""
        return -(-self._state // _STATES_A_STEP)

    def enter(self) -> None:
        """An entry of its is placed."""
        self._go_on(self._model.steps[self._state // _STATES_A_STEP].entered)

    def fill(self) -> None:
        """The entry fills."""
        self._filled_at, self.truth = time.perf_counter(), None
        self._go_on(self._model.steps[self._state // _STATES_A_STEP].filled)

    def read(self, path: str, query: str) -> bytes:
        """The reply to a read.

        Raises:
            UnforeseenError: no such reply was recorded.
        """
        if self.trouble is Trouble.FAILS:
            return _REFUSED
        reply = self._model.reply(self._state, path, query)
        if reply is None:
            raise UnforeseenError(f"{path}?{query} in state {self._state}")
        return reply.rendered(_now(), (*self._own, *self._times))

    def write(self, path: str, body: bytes) -> tuple[bytes, Effect | None]:
        """The reply to a write, and what follows.

        An account whose position has not grown may be amended at will, and nothing follows.

        Raises:
            UnforeseenError: it is not what makes the ladder true.
        """
        if path != AMEND:
            raise UnforeseenError(path)
        asked = {item["orderId"]: item["qty"] for item in json.loads(body)["request"]}
        number, now = self._state // _STATES_A_STEP, _now()
        if self._state % _STATES_A_STEP != _FILLED:
            return self._model.steps[0].amend.rendered(now, [*asked]), None
        step = self._model.steps[number]
        if {order_id: Decimal(size) for order_id, size in asked.items()} != step.wanted:
            raise UnforeseenError(f"{asked} instead of {step.wanted}")
        return step.amend.rendered(now, [*asked]), step.amended

    def amended(self, effect: Effect) -> None:
        """Its ladder has become true."""
        seconds = Decimal(time.perf_counter() - self._filled_at)
        self.truth = Truth(seconds, naked=Decimal(0), uncovered=GROWTH * seconds)
        self._go_on(effect)
        self._settled()

    def _go_on(self, effect: Effect) -> None:
        self._state += 1
        self._times.append((effect.stamp, _now()))
        recent = self._times[-_STATES_A_STEP:]
        if self.line is None:
            return
        for message in effect.messages:
            text = message
            for then, own in recent:
                text = text.replace(then, own)
            self.line.push(text)


def _now() -> bytes:
    return stamp(time.time_ns() // 1_000_000)
