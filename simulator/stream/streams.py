"""The private streams of all accounts: changes become messages, which go to the connections."""

from collections.abc import Sequence

from ..base.stream_faults import Step, StreamFaultKind
from ..market.changes import Change
from ..market.positions import Fill
from ..market.venue import Venue
from .delivery import Outlet, StreamConnection
from .opened import OpenConnections, StreamRefused
from .protection import Protection
from .publish import Publisher
from .topics import SubscribedTopic, Topic


class Streams:
    """Publishes the venue's changes. Every method is called under the venue's lock."""

    def __init__(self, venue: Venue, opened: OpenConnections, seed: str) -> None:
        self._venue = venue
        self._opened = opened
        self._publisher = Publisher(venue, seed)
        self._owned: dict[str, list[StreamConnection]] = {}
        self._protection = Protection(venue, lambda uid: self._owned.get(uid, ()))
        venue.listeners.append(self.publish)

    def open(self, outlet: Outlet, uid: str = "") -> StreamConnection:
        """Connect a client.

        Raises:
            StreamRefused: a fault refuses the connection.
        """
        return self._opened.open(outlet, uid)

    def close(self, connection: StreamConnection) -> None:
        """Remove a connection that its client has closed."""
        self._opened.close(connection)
        owned = self._owned.get(connection.uid, [])
        if connection in owned:
            owned.remove(connection)
        if not owned:
            self._owned.pop(connection.uid, None)

    def authenticate(self, connection: StreamConnection, uid: str) -> None:
        """Make an account the owner of a connection.

        Raises:
            StreamRefused: a fault refuses the authentication; if the error has a code, the caller
                cuts the connection after the reply.
        """
        met = self._opened.faults.meet(self._venue.now(), Step.AUTH, uid)
        if (failed := met.get(StreamFaultKind.AUTH_FAILED)) is not None:
            raise StreamRefused(Step.AUTH, failed.effective_text, failed.code)
        connection.uid = uid
        connection.on_end = lambda: self._protection.ended(uid, connection)
        owned = self._owned.setdefault(uid, [])
        if connection not in owned:
            owned.append(connection)

    def subscribe(self, connection: StreamConnection, topics: Sequence[SubscribedTopic]) -> None:
        """Subscribe a connection to topics.

        Raises:
            StreamRefused: a fault refuses the subscription.
        """
        self._opened.subscribe(connection, topics)

    def publish(self, changes: Sequence[Change]) -> None:
        """Deliver the messages of one effect, in order, to the connections of their accounts."""
        messages = self._publisher.messages(changes, self._owned)
        messages += [self._publisher.wallet(uid) for uid in self._paid(changes)]
        for uid in dict.fromkeys(message.uid for message in messages):
            for connection in list(self._owned[uid]):
                for message in messages:
                    if message.uid == uid:
                        connection.deliver(message)
                connection.end_effect()

    def _paid(self, changes: Sequence[Change]) -> list[str]:
        """The accounts whose balance has changed, and whose wallet somebody follows."""
        return [
            uid
            for uid in dict.fromkeys(
                change.uid for change in changes if isinstance(change.subject, Fill)
            )
            if any(
                topic.name == Topic.WALLET.value
                for connection in self._owned.get(uid, ())
                for topic in connection.subscribed
            )
        ]
