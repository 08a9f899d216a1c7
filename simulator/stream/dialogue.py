"""The JSON dialogue with a client of a stream, independent of the transport.

Sources: docs/v5/ws/connect; the texts of failures are quoted by clients, as far as any client has
quoted one (bybit-exchange/pybit#152, #300; verata-veritatis/pybit#37; sieblyio/bybit-api#477).
"""

from abc import ABC, abstractmethod
from collections.abc import Callable

from ..base.reading import json_object
from ..market.venue import Venue
from .delivery import StreamConnection
from .frames import Json
from .opened import StreamRefused
from .topics import TopicError


class Dialogue(ABC):
    """One connection as its client sees it. It may be used from any thread."""

    def __init__(self, venue: Venue, connection: StreamConnection) -> None:
        self._venue = venue
        self._connection = connection
        self._operations: dict[str, Callable[[Json], None]] = {
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
                self._carry_out(operation, frame)

    def close(self) -> None:
        """End the session: the client has closed the connection."""
        with self._venue.lock:
            self._close()

    def _carry_out(self, operation: Callable[[Json], None], frame: Json) -> None:
        """Carry an operation out; a topic that does not exist, and a fault, refuse it."""
        try:
            operation(frame)
        except TopicError as wrong:
            self._refuse(frame, str(wrong))
        except StreamRefused as refused:
            self._refuse(frame, refused.text)
            if refused.code is not None:
                self._connection.cut(refused.code)

    @abstractmethod
    def _close(self) -> None: ...

    @abstractmethod
    def _subscribe(self, frame: Json) -> None: ...

    @abstractmethod
    def _unsubscribe(self, frame: Json) -> None: ...

    @abstractmethod
    def _ping(self, frame: Json) -> None: ...

    def _agree(self, frame: Json, text: str = "") -> None:
        self._answer(frame, text, success=True)

    def _refuse(self, frame: Json, text: str) -> None:
        self._answer(frame, text, success=False)

    def _answer(self, frame: Json, text: str, *, success: bool) -> None:
        verdict = {"success": success, "ret_msg": text, "op": frame.get("op", "")}
        self._reply({**echo(frame), **verdict})

    def _reply(self, answer: Json) -> None:
        self._connection.reply({**answer, "conn_id": self._connection.conn_id})


def _frame(text: str) -> Json:
    """The JSON object of a frame; an empty one if the frame holds anything else."""
    try:
        return json_object(text)
    except ValueError:
        return {}


def echo(frame: Json) -> Json:
    """The req_id, if the client sent one."""
    return {"req_id": frame["req_id"]} if "req_id" in frame else {}
