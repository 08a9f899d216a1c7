"""The private stream in the same process: messages go to a function, without a socket."""

from collections.abc import Callable, Sequence

from ..base.stream_faults import Step
from ..market.venue import Venue
from .delivery import StreamConnection
from .frames import Json
from .opened import StreamRefused
from .streams import Streams
from .topics import TopicError, read_topics

OnMessage = Callable[[Json], None]
"""Receives each message while the simulator holds its lock: return at once, and raise nothing."""

OnCut = Callable[[int | None], None]
"""Receives the code of the close frame, or None, when the simulator cuts the stream.

It runs under the same conditions as `OnMessage`.
"""


class _CallbackOutlet:
    """An outlet that passes messages to functions."""

    def __init__(self, on_message: OnMessage, on_cut: OnCut | None) -> None:
        self._on_message = on_message
        self._on_cut = on_cut

    def send(self, message: Json) -> None:
        """Pass a message on."""
        self._on_message(message)

    def cut(self, code: int | None) -> None:
        """Report that the stream was cut."""
        if self._on_cut is not None:
            self._on_cut(code)

    def freeze(self) -> None:
        """Do nothing: a client notices a half-open connection only when it pings."""


class Subscription:
    """What `Simulator.subscribe` returns.

    A subscription that was cut stays cut, and no missed message is replayed: subscribe again.
    """

    def __init__(self, venue: Venue, streams: Streams, connection: StreamConnection) -> None:
        self._venue = venue
        self._streams = streams
        self._connection = connection

    @property
    def is_open(self) -> bool:
        """Whether the subscription is neither cut nor closed; a half-open one looks open."""
        with self._venue.lock:
            return not self._connection.closed

    def ping(self) -> bool:
        """Whether the exchange answers a ping."""
        with self._venue.lock:
            return self._connection.responds

    def close(self) -> None:
        """End the subscription: no more messages come."""
        with self._venue.lock:
            self._streams.close(self._connection)


def open_subscription(
    venue: Venue,
    streams: Streams,
    uid: str,
    topics: Sequence[str],
    callbacks: tuple[OnMessage, OnCut | None],
) -> Subscription:
    """Connect, authenticate and subscribe in one step, under the venue's lock.

    Raises:
        StreamRefused: a fault refuses one of the steps, or a topic is wrong.
        KeyError: there is no such account.
    """
    owner = venue.account(uid).uid
    connection = streams.open(_CallbackOutlet(*callbacks), owner)
    try:
        streams.authenticate(connection, owner)
        streams.subscribe(connection, read_topics(list(topics)))
    except TopicError as wrong:
        streams.close(connection)
        raise StreamRefused(Step.SUBSCRIBE, str(wrong)) from wrong
    except StreamRefused:
        streams.close(connection)
        raise
    return Subscription(venue, streams, connection)
