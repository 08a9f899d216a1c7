"""The JSON dialogue with a client of the private stream, independent of the transport.

Sources: docs/v5/websocket/wss-authentication and docs/v5/ws/connect. The texts of failures are
quoted by clients, as far as any client has quoted one (bybit-exchange/pybit#152, #300;
verata-veritatis/pybit#37).
"""

import json
from collections.abc import Callable, Mapping

from ..api.auth import stream_account
from ..market.venue import Venue
from .delivery import StreamConnection
from .messages import Json
from .streams import StreamRefused, Streams
from .topics import TopicError, read_topics


class Session:
    """One connection as its client sees it. It may be used from any thread."""

    def __init__(self, venue: Venue, streams: Streams, connection: StreamConnection) -> None:
        self._venue = venue
        self._streams = streams
        self._connection = connection
        self._operations: Mapping[str, Callable[[Json], None]] = {
            "auth": self._auth,
            "subscribe": self._subscribe,
            "unsubscribe": self._unsubscribe,
            "ping": self._ping,
        }

    def receive(self, text: str) -> None:
        """Handle a frame from the client; the reply goes out through the connection's outlet."""
        with self._venue.lock:
            if not self._connection.responds:
                return
            frame = _frame(text)
            operation = self._operations.get(str(frame.get("op")))
            if operation is None:
                self._refuse(frame, "error:invalid op")
            else:
                operation(frame)

    def close(self) -> None:
        """End the session: the client has closed the connection."""
        with self._venue.lock:
            self._streams.close(self._connection)

    def _auth(self, frame: Json) -> None:
        account = stream_account(self._venue, frame.get("args"))
        if account is None or self._connection.uid not in {"", account.uid}:
            self._refuse(frame, "Params Error")
            return
        try:
            self._streams.authenticate(self._connection, account.uid)
        except StreamRefused as refused:
            self._refuse(frame, refused.text)
            if refused.code is not None:
                self._connection.cut(refused.code)
        else:
            self._agree(frame)

    def _subscribe(self, frame: Json) -> None:
        try:
            topics = read_topics(frame.get("args"))
            if not self._connection.uid:
                self._refuse(frame, f"error:topic:{topics[0].name} needs auth first")
                return
            self._streams.subscribe(self._connection, topics)
        except TopicError as wrong:
            self._refuse(frame, str(wrong))
        except StreamRefused as refused:
            self._refuse(frame, refused.text)
        else:
            self._agree(frame)

    def _unsubscribe(self, frame: Json) -> None:
        try:
            self._connection.unsubscribe(read_topics(frame.get("args")))
        except TopicError as wrong:
            self._refuse(frame, str(wrong))
        else:
            self._agree(frame)

    def _ping(self, frame: Json) -> None:
        now = str(self._venue.now())
        answer = {"op": "pong", "args": [now], "conn_id": self._connection.conn_id}
        self._connection.reply({**_echo(frame), **answer})

    def _agree(self, frame: Json) -> None:
        self._answer(frame, "", success=True)

    def _refuse(self, frame: Json, text: str) -> None:
        self._answer(frame, text, success=False)

    def _answer(self, frame: Json, text: str, *, success: bool) -> None:
        verdict = {"success": success, "ret_msg": text, "op": frame.get("op", "")}
        self._connection.reply({**_echo(frame), **verdict, "conn_id": self._connection.conn_id})


def _frame(text: str) -> Json:
    """The JSON object of a frame; an empty one if the frame holds anything else."""
    try:
        loaded = json.loads(text)
    except ValueError:
        return {}
    return loaded if isinstance(loaded, dict) else {}


def _echo(frame: Json) -> Json:
    """The req_id, if the client sent one."""
    return {"req_id": frame["req_id"]} if "req_id" in frame else {}
