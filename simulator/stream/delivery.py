"""A line: one connection's way from the exchange to its client, with the faults on it."""

from collections.abc import Sequence
from random import Random
from typing import Protocol

from ..base.stream_faults import Step, StreamFault, StreamFaultKind, StreamFaults
from ..market.venue import Venue
from .messages import Json, Message
from .topics import Subscribed


class Outlet(Protocol):
    """What a transport does for a line. Called under the simulator's lock: return at once."""

    def send(self, message: Json) -> None:
        """Pass a message on."""

    def cut(self, code: int | None) -> None:
        """End the connection: by a close frame with a code, without one where that is None."""

    def freeze(self) -> None:
        """Answer nothing any more, but keep the connection."""


class Line:
    """One connection. Everything here happens under the venue's lock.

    Attributes:
        uid: whose it is; "" before its auth.
        conn_id: the id that its replies carry.
        asked: what is subscribed, in that order.
        sent: how many messages of topics went out.
        frozen: half-open.
        gone: cut or closed.
    """

    def __init__(
        self, venue: Venue, faults: StreamFaults, outlet: Outlet, conn_id: str, chance: Random
    ) -> None:
        self.uid = ""
        self.conn_id = conn_id
        self.asked: list[Subscribed] = []
        self.sent = 0
        self.frozen = False
        self.gone = False
        self._venue = venue
        self._faults = faults
        self._outlet = outlet
        self._chance = chance
        self._kept: list[Json] = []
        self._keeping: StreamFault | None = None

    @property
    def answers(self) -> bool:
        """Whether the other side would hear anything."""
        return not (self.frozen or self.gone)

    def subscribe(self, topics: Sequence[Subscribed]) -> None:
        """Add topics; those that are there stay where they are."""
        self.asked.extend(asked for asked in topics if asked not in self.asked)

    def unsubscribe(self, topics: Sequence[Subscribed]) -> None:
        """Take topics away."""
        self.asked = [asked for asked in self.asked if asked not in topics]

    def reply(self, message: Json) -> None:
        """Answer a frame; faults of messages don't concern it."""
        if self.answers:
            self._outlet.send(message)

    def cut(self, code: int | None) -> None:
        """End the connection. What was on its way is lost."""
        if not self.gone:
            self.gone = True
            self._outlet.cut(code)

    def freeze(self) -> None:
        """Become half-open."""
        if self.answers:
            self.frozen = True
            self._outlet.freeze()

    def offer(self, message: Message) -> None:
        """Send a message under the names that ask for it, as far as the faults let it."""
        for asked in self.asked:
            if asked.takes(message.topic) and self.answers:
                self._meet(message, asked.name)

    def settle(self) -> None:
        """End an effect: what is kept back for it alone goes out."""
        if self._keeping is not None and not self._keeping.delay_ms:
            self._let_go()

    def _meet(self, message: Message, name: str) -> None:
        met = self._faults.meet(
            self._venue.now(), Step.MESSAGE, self.uid, {message.topic.value}, message.symbol
        )
        if (drop := met.get(StreamFaultKind.DROP)) is not None:
            self.cut(drop.code)
        elif StreamFaultKind.HALF_OPEN in met:
            self.freeze()
        elif StreamFaultKind.SILENCE not in met:
            bodies = _bodies(message, name, met.get(StreamFaultKind.UNKNOWN_TOPIC))
            copies = met.get(StreamFaultKind.DUPLICATE)
            bodies += [
                message.body(name) for _ in range(0 if copies is None else copies.copies - 1)
            ]
            self._pass(bodies, met.get(StreamFaultKind.DELAY), met.get(StreamFaultKind.REORDER))

    def _pass(
        self, bodies: list[Json], delay: StreamFault | None, reorder: StreamFault | None
    ) -> None:
        if delay is not None and delay.delay_ms > 0:
            self._venue.after(delay.delay_ms, lambda: self._arrive(bodies, reorder))
        elif reorder is not None:
            self._keep(bodies, reorder)
        else:
            self._send(bodies)

    def _arrive(self, bodies: list[Json], reorder: StreamFault | None) -> None:
        self._pass(bodies, None, reorder)
        self.settle()

    def _keep(self, bodies: list[Json], reorder: StreamFault) -> None:
        for body in bodies:
            if self._keeping is None:
                self._keeping = reorder
                if reorder.delay_ms > 0:
                    self._venue.after(reorder.delay_ms, self._let_go)
            self._kept.append(body)
            if len(self._kept) == reorder.window:
                self._let_go()

    def _let_go(self) -> None:
        self._keeping = None
        kept, self._kept = self._kept, []
        order = list(range(len(kept)))
        while len(order) > 1 and order == sorted(order):
            self._chance.shuffle(order)
        self._send([kept[place] for place in order])

    def _send(self, bodies: Sequence[Json]) -> None:
        if self.answers:
            self.sent += len(bodies)
            for body in bodies:
                self._outlet.send(body)


def _bodies(message: Message, name: str, stranger: StreamFault | None) -> list[Json]:
    bodies = [message.body(name)]
    if stranger is not None:
        bodies.insert(0, {**message.body(name), "topic": stranger.told, "data": []})
    return bodies
