"""The dialogue with a client of the private stream (docs/v5/websocket/wss-authentication)."""

from ..api.auth import stream_account
from ..market.venue import Venue
from .delivery import StreamConnection
from .dialogue import Dialogue, echo
from .frames import Json
from .streams import Streams
from .topics import TopicError, read_topics


class Session(Dialogue):
    """One connection of the private stream as its client sees it, from any thread."""

    def __init__(self, venue: Venue, streams: Streams, connection: StreamConnection) -> None:
        super().__init__(venue, connection)
        self._streams = streams
        self._operations["auth"] = self._auth

    def _close(self) -> None:
        self._streams.close(self._connection)

    def _auth(self, frame: Json) -> None:
        account = stream_account(self._venue, frame.get("args"))
        if account is None or self._connection.uid not in {"", account.uid}:
            self._refuse(frame, "Params Error")
            return
        self._streams.authenticate(self._connection, account.uid)
        self._agree(frame)

    def _subscribe(self, frame: Json) -> None:
        topics = read_topics(frame.get("args"))
        if not self._connection.uid:
            raise TopicError(f"error:topic:{topics[0].name} needs auth first")
        self._streams.subscribe(self._connection, topics)
        self._agree(frame)

    def _unsubscribe(self, frame: Json) -> None:
        self._connection.unsubscribe(read_topics(frame.get("args")))
        self._agree(frame)

    def _ping(self, frame: Json) -> None:
        self._reply({**echo(frame), "op": "pong", "args": [str(self._venue.now())]})
