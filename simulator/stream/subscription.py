"""A stream in the same process: messages handed to a function, without a socket."""

from collections.abc import Callable, Sequence

from ..base.stream_faults import Step
from ..market.venue import Venue
from .delivery import Line
from .messages import Json
from .streams import StreamRefused, Streams
from .topics import TopicError, read_topics

Take = Callable[[Json], None]
"""Gets each message, under the simulator's lock: return at once, and raise nothing."""

Cut = Callable[[int | None], None]
"""Is told, under the same conditions, that the stream was cut, and the code of the close frame."""


class _Handed:
    """An outlet that hands messages over."""

    def __init__(self, take: Take, cut: Cut | None) -> None:
        self._take = take
        self._cut = cut

    def send(self, message: Json) -> None:
        """Hand a message over."""
        self._take(message)

    def cut(self, code: int | None) -> None:
        """Tell the end."""
        if self._cut is not None:
            self._cut(code)

    def freeze(self) -> None:
        """Nothing to do: nobody can tell a half-open connection until they ask."""


class Subscription:
    """What `Simulator.subscribe` answers; a cut one never comes back, and nothing is replayed."""

    def __init__(self, venue: Venue, streams: Streams, line: Line) -> None:
        self._venue = venue
        self._streams = streams
        self._line = line

    @property
    def is_open(self) -> bool:
        """Whether it is neither cut nor closed; a half-open one looks open."""
        with self._venue.lock:
            return not self._line.gone

    def ping(self) -> bool:
        """Whether a ping is answered."""
        with self._venue.lock:
            return self._line.answers

    def close(self) -> None:
        """Want no more messages."""
        with self._venue.lock:
            self._streams.close(self._line)


def open_subscription(
    venue: Venue,
    streams: Streams,
    uid: str,
    topics: Sequence[str],
    outlet: tuple[Take, Cut | None],
) -> Subscription:
    """Connect, authenticate and subscribe at one go; under the venue's lock.

    Raises:
        StreamRefused: if a fault or a wrong topic stands against it.
        KeyError: if there is no such account.
    """
    owner = venue.account(uid).uid
    line = streams.open(_Handed(*outlet), owner)
    try:
        streams.authenticate(line, owner)
        streams.subscribe(line, read_topics(list(topics)))
    except TopicError as wrong:
        streams.close(line)
        raise StreamRefused(Step.SUBSCRIBE, str(wrong)) from wrong
    except StreamRefused:
        streams.close(line)
        raise
    return Subscription(venue, streams, line)
