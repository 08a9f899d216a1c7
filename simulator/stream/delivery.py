"""The delivery of messages to one stream connection, with the faults that meet them."""

from collections.abc import Callable, Sequence
from random import Random
from typing import Protocol

from ..base.stream_faults import Step, StreamFault, StreamFaultKind, StreamFaults
from ..market.venue import Venue
from .frames import Json, Sendable, Subscribed


class Outlet(Protocol):
    """What a transport does for a connection.

    The simulator calls it while it holds its lock, so every method must return at once.
    """

    def send(self, message: Json) -> None:
        """Send a message to the client."""

    def cut(self, code: int | None) -> None:
        """End the connection: with a close frame if there is a code, without one otherwise."""

    def freeze(self) -> None:
        """Keep the connection open, but answer nothing any more."""


class StreamConnection:
    """One connection of a stream. Every method is called under the venue's lock.

    Attributes:
        uid: the owner's UID; "" before authentication, and on the public stream.
        is_public: whether it is one of the public stream, which has no owner.
        conn_id: the id that replies carry.
        subscribed: the subscribed topics, in the order of their subscription.
        sent: how many topic messages have been sent.
        half_open: the connection looks open to the client, but nothing is sent or answered.
        closed: the connection was cut or closed.
        on_end: called once, when it is.
    """

    def __init__(
        self, venue: Venue, faults: StreamFaults, outlet: Outlet, conn_id: str, random: Random
    ) -> None:
        self.uid = ""
        self.is_public = False
        self.conn_id = conn_id
        self.subscribed: list[Subscribed] = []
        self.sent = 0
        self.half_open = False
        self.closed = False
        self.on_end: Callable[[], None] = _nothing
        self._venue = venue
        self._faults = faults
        self._outlet = outlet
        self._random = random
        self._held_back: list[Json] = []
        self._reordering: StreamFault | None = None

    @property
    def responds(self) -> bool:
        """Whether the client receives anything that is sent now."""
        return not (self.half_open or self.closed)

    def subscribe(self, topics: Sequence[Subscribed]) -> None:
        """Add topics; those that are subscribed already keep their place."""
        self.subscribed.extend(topic for topic in topics if topic not in self.subscribed)

    def unsubscribe(self, topics: Sequence[Subscribed]) -> None:
        """Remove topics."""
        self.subscribed = [topic for topic in self.subscribed if topic not in topics]

    def reply(self, message: Json) -> None:
        """Answer a frame of the client; message faults don't apply to replies."""
        if self.responds:
            self._outlet.send(message)

    def cut(self, code: int | None) -> None:
        """End the connection; messages that are delayed or held back are lost."""
        if not self.closed:
            self._outlet.cut(code)
            self.end()

    def end(self) -> None:
        """Send nothing any more, and tell who waits for the end."""
        if not self.closed:
            self.closed = True
            self.on_end()

    def freeze(self) -> None:
        """Make the connection half-open."""
        if self.responds:
            self.half_open = True
            self._outlet.freeze()

    def deliver(self, message: Sendable) -> None:
        """Send a message once for each matching subscription, unless a fault prevents it."""
        for topic in self.subscribed:
            if topic.receives(message) and self.responds:
                self._deliver_as(message, topic.name)

    def end_effect(self) -> None:
        """Release the messages that a reordering fault holds back until the effect ends."""
        if self._reordering is not None and not self._reordering.delay_ms:
            self._release()

    def _deliver_as(self, message: Sendable, name: str) -> None:
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
            self._forward(bodies, met.get(StreamFaultKind.DELAY), met.get(StreamFaultKind.REORDER))

    def _forward(
        self, bodies: list[Json], delay: StreamFault | None, reorder: StreamFault | None
    ) -> None:
        if delay is not None and delay.delay_ms > 0:
            self._venue.after(delay.delay_ms, lambda: self._forward_late(bodies, reorder))
        elif reorder is not None:
            self._hold_back(bodies, reorder)
        else:
            self._send(bodies)

    def _forward_late(self, bodies: list[Json], reorder: StreamFault | None) -> None:
        self._forward(bodies, None, reorder)
        self.end_effect()

    def _hold_back(self, bodies: list[Json], reorder: StreamFault) -> None:
        for body in bodies:
            if self._reordering is None:
                self._reordering = reorder
                if reorder.delay_ms > 0:
                    self._venue.after(reorder.delay_ms, self._release)
            self._held_back.append(body)
            if len(self._held_back) == reorder.window:
                self._release()

    def _release(self) -> None:
        """Send what is held back, shuffled: two or more messages never leave in their own order."""
        self._reordering = None
        held, self._held_back = self._held_back, []
        order = list(range(len(held)))
        while len(order) > 1 and order == sorted(order):
            self._random.shuffle(order)
        self._send([held[place] for place in order])

    def _send(self, bodies: Sequence[Json]) -> None:
        if self.responds:
            self.sent += len(bodies)
            for body in bodies:
                self._outlet.send(body)


def _bodies(message: Sendable, name: str, unknown: StreamFault | None) -> list[Json]:
    bodies = [message.body(name)]
    if unknown is not None:
        bodies.insert(0, {**message.body(name), "topic": unknown.effective_text, "data": []})
    return bodies


def _nothing() -> None:
    """Nobody waits for the end of a connection."""
