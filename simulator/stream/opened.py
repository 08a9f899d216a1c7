"""The open connections of all streams, private and public, and the faults that meet them."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from ..base.ids import Ids
from ..base.stream_faults import Step, StreamFault, StreamFaultKind, StreamFaults
from ..market.venue import Venue
from .delivery import Outlet, StreamConnection
from .frames import Subscribed


class StreamRefused(ConnectionError):  # noqa: N818 - as the errors of the standard library
    """The exchange refused a connection, an authentication or a subscription.

    Attributes:
        step: which step was refused: connect, auth or subscribe.
        text: the ret_msg.
        code: for a refused connection, the HTTP status, or 0 where the connection is reset; for a
            refused authentication, the code of the close frame that follows, or None.
    """

    def __init__(self, step: Step, text: str, code: int | None = None) -> None:
        super().__init__(f"{step.value}: {text}")
        self.step = step
        self.text = text
        self.code = code


@dataclass(frozen=True, slots=True)
class StreamState:
    """The state of one connection.

    Attributes:
        conn_id: the id that the connection's replies carry.
        uid: the owner's UID; "" before authentication, and on the public stream.
        topics: the names of the subscribed topics.
        sent: how many topic messages have been sent.
        half_open: whether the connection stays open without anything being sent or answered.
        is_public: whether it is one of the public stream, which has no owner.
    """

    conn_id: str
    uid: str
    topics: tuple[str, ...]
    sent: int
    half_open: bool
    is_public: bool


class OpenConnections:
    """The connections that are open, oldest first. Every method is called under the venue's lock.

    Attributes:
        faults: the rules in force for all of them.
    """

    def __init__(self, venue: Venue, seed: str) -> None:
        self._venue = venue
        self._seed = seed
        self._ids = Ids(f"{seed}:stream")
        self._opened = 0
        self._open: list[StreamConnection] = []
        self.faults = StreamFaults()

    def open(self, outlet: Outlet, uid: str = "") -> StreamConnection:
        """Connect a client.

        Raises:
            StreamRefused: a fault refuses the connection.
        """
        met = self.faults.meet(self._venue.now(), Step.CONNECT, uid)
        if (refused := met.get(StreamFaultKind.REFUSED)) is not None:
            raise StreamRefused(Step.CONNECT, refused.effective_text, refused.status)
        self._opened += 1
        random = Random(f"{self._seed}:{self._opened}")  # noqa: S311 - no secret
        conn_id = self._ids.connection()
        connection = StreamConnection(self._venue, self.faults, outlet, conn_id, random)
        self._open.append(connection)
        return connection

    def close(self, connection: StreamConnection) -> None:
        """Remove a connection that its client has closed."""
        connection.end()
        if connection in self._open:
            self._open.remove(connection)

    def subscribe(self, connection: StreamConnection, topics: Sequence[Subscribed]) -> None:
        """Subscribe a connection to topics.

        Raises:
            StreamRefused: a fault refuses the subscription.
        """
        names = {topic.topic.value for topic in topics}
        met = self.faults.meet(self._venue.now(), Step.SUBSCRIBE, connection.uid, names)
        if (failed := met.get(StreamFaultKind.SUBSCRIBE_FAILED)) is not None:
            raise StreamRefused(Step.SUBSCRIBE, failed.effective_text)
        connection.subscribe(topics)

    def inject(self, fault: StreamFault) -> None:
        """Add a fault rule, or apply the fault at once if it is immediate."""
        if not fault.is_immediate:
            self.faults.add(fault, self._venue.now())
            return
        for connection in [one for one in self._open if fault.uid in {"", one.uid}]:
            if fault.kind is StreamFaultKind.DROP:
                connection.cut(fault.code)
            else:
                connection.freeze()

    def states(self) -> tuple[StreamState, ...]:
        """The open connections, oldest first."""
        return tuple(
            StreamState(
                connection.conn_id,
                connection.uid,
                tuple(topic.name for topic in connection.subscribed),
                connection.sent,
                connection.half_open,
                connection.is_public,
            )
            for connection in self._open
            if not connection.closed
        )
