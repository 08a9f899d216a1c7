"""The dialogue with a client of the public stream (docs/v5/ws/connect)."""

from ..market.venue import Venue
from ..stream.delivery import StreamConnection
from ..stream.dialogue import Dialogue
from ..stream.frames import Json
from ..stream.topics import TopicError
from .public import PublicStreams
from .topics import read_feed_topics


class PublicSession(Dialogue):
    """One connection of the public stream as its client sees it, from any thread."""

    def __init__(self, venue: Venue, streams: PublicStreams, connection: StreamConnection) -> None:
        super().__init__(venue, connection)
        self._streams = streams

    def _close(self) -> None:
        self._streams.close(self._connection)

    def _subscribe(self, frame: Json) -> None:
        """Subscribe to all of the topics or to none, then send what they begin with.

        A topic that is subscribed already is refused, as clients have quoted
        (sieblyio/bybit-api#477).
        """
        topics = read_feed_topics(self._venue, frame.get("args"))
        again = next((one for one in topics if one in self._connection.subscribed), None)
        if again is not None:
            raise TopicError(f"error:already subscribed,topic:{again.name}")
        self._streams.subscribe(self._connection, topics)
        self._agree(frame)
        self._streams.begin(self._connection, topics)

    def _unsubscribe(self, frame: Json) -> None:
        topics = read_feed_topics(self._venue, frame.get("args"))
        self._streams.unsubscribe(self._connection, topics)
        self._agree(frame)

    def _ping(self, frame: Json) -> None:
        self._agree(frame, "pong")

    def _reply(self, answer: Json) -> None:
        """Replies of this stream have a req_id, whether the client has sent one or not."""
        super()._reply({"req_id": "", **answer})
