"""A session: the JSON that a client of the private stream speaks, free of any transport.

docs/v5/websocket/wss-authentication and docs/v5/ws/connect; the texts of failures are those that
clients have quoted (bybit-exchange/pybit#152, #300; verata-veritatis/pybit#37), where any are.
"""

import json
from collections.abc import Callable, Mapping

from ..api.auth import stream_account
from ..market.venue import Venue
from .delivery import Line
from .messages import Json
from .streams import StreamRefused, Streams
from .topics import TopicError, read_topics


class Session:
    """One connection as its client sees it. Safe to use from any thread."""

    def __init__(self, venue: Venue, streams: Streams, line: Line) -> None:
        self._venue = venue
        self._streams = streams
        self._line = line
        self._operations: Mapping[str, Callable[[Json], None]] = {
            "auth": self._auth,
            "subscribe": self._subscribe,
            "unsubscribe": self._unsubscribe,
            "ping": self._ping,
        }

    def receive(self, text: str) -> None:
        """Take a frame of the client; what it is answered goes the line's way."""
        with self._venue.lock:
            if not self._line.answers:
                return
            frame = _frame(text)
            operation = self._operations.get(str(frame.get("op")))
            if operation is None:
                self._refuse(frame, "error:invalid op")
            else:
                operation(frame)

    def close(self) -> None:
        """The client is gone."""
        with self._venue.lock:
            self._streams.close(self._line)

    def _auth(self, frame: Json) -> None:
        account = stream_account(self._venue, frame.get("args"))
        if account is None or self._line.uid not in {"", account.uid}:
            self._refuse(frame, "Params Error")
            return
        try:
            self._streams.authenticate(self._line, account.uid)
        except StreamRefused as refused:
            self._refuse(frame, refused.text)
            if refused.code is not None:
                self._line.cut(refused.code)
        else:
            self._agree(frame)

    def _subscribe(self, frame: Json) -> None:
        try:
            topics = read_topics(frame.get("args"))
            if not self._line.uid:
                self._refuse(frame, f"error:topic:{topics[0].name} needs auth first")
                return
            self._streams.subscribe(self._line, topics)
        except TopicError as wrong:
            self._refuse(frame, str(wrong))
        except StreamRefused as refused:
            self._refuse(frame, refused.text)
        else:
            self._agree(frame)

    def _unsubscribe(self, frame: Json) -> None:
        try:
            self._line.unsubscribe(read_topics(frame.get("args")))
        except TopicError as wrong:
            self._refuse(frame, str(wrong))
        else:
            self._agree(frame)

    def _ping(self, frame: Json) -> None:
        now = str(self._venue.now())
        answer = {"op": "pong", "args": [now], "conn_id": self._line.conn_id}
        self._line.reply({**_echo(frame), **answer})

    def _agree(self, frame: Json) -> None:
        self._answer(frame, "", success=True)

    def _refuse(self, frame: Json, text: str) -> None:
        self._answer(frame, text, success=False)

    def _answer(self, frame: Json, text: str, *, success: bool) -> None:
        told = {"success": success, "ret_msg": text, "op": frame.get("op", "")}
        self._line.reply({**_echo(frame), **told, "conn_id": self._line.conn_id})


def _frame(text: str) -> Json:
    """A frame's JSON object, empty if it is none."""
    try:
        loaded = json.loads(text)
    except ValueError:
        return {}
    return loaded if isinstance(loaded, dict) else {}


def _echo(frame: Json) -> Json:
    """The req_id, where the client gave one."""
    return {"req_id": frame["req_id"]} if "req_id" in frame else {}
