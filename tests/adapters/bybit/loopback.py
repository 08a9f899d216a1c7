"""A web server on 127.0.0.1 that answers what a test scripted, malformed if so wanted."""

import json
import socket
import threading
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import time_ns
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, urlsplit

Json = dict[str, object]


@dataclass(frozen=True)
class Answer:
    """One answer; ``body`` None closes the connection, ``missing`` promises bytes never sent.

    ``Timenow`` is among the headers, as on live replies.
    """

    body: bytes | None
    status: int = 200
    missing: int = 0
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Received:
    """One request as it came in."""

    method: str
    path: str
    query: dict[str, str]
    body: Json
    headers: dict[str, str]


HANG_UP = Answer(None)
NO_ANSWER = Answer(b"hold")


class Loopback:
    """Answers from a script, in its sequence; records what was asked."""

    def __init__(self) -> None:
        self.answers: deque[Answer] = deque()
        self.received: list[Received] = []
        self._released = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = False
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def paths(self) -> list[str]:
        """The paths asked for, in their sequence."""
        return [request.path for request in self.received]

    def script(self, *answers: Answer | object) -> None:
        """Adds answers; what is no answer goes out as JSON."""
        for answer in answers:
            scripted = answer if isinstance(answer, Answer) else as_json(answer)
            self.answers.append(scripted)

    def hold(self) -> None:
        """Waits until the server is closed: an answer that never comes."""
        self._released.wait(timeout=30)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._released.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def as_json(body: object, status: int = 200) -> Answer:
    """The body as JSON."""
    return Answer(json.dumps(body).encode(), status)


def ok(result: object, extra: object | None = None, time: int = 1_700_000_000_000) -> Json:
    """A reply with ``retCode`` 0."""
    return {
        "retCode": 0,
        "retMsg": "OK",
        "result": result,
        "retExtInfo": {} if extra is None else extra,
        "time": time,
    }


def refusal(code: object, message: object) -> Json:
    """A reply with another ``retCode``."""
    return {"retCode": code, "retMsg": message, "result": {}, "retExtInfo": {}, "time": 1}


def page(*rows: Json, cursor: str = "", time: int = 1_700_000_000_000) -> Json:
    """One page of a list."""
    return ok({"category": "linear", "list": list(rows), "nextPageCursor": cursor}, time=time)


def batch(*items: tuple[str, str, int, str]) -> Json:
    """A batch's reply: order id, link id, code, message of each item."""
    named = [
        {"category": "linear", "symbol": "BTCUSDT", "orderId": order_id, "orderLinkId": link_id}
        for order_id, link_id, _, _ in items
    ]
    codes = [{"code": code, "msg": message} for _, _, code, message in items]
    return ok({"list": named}, {"list": codes})


def closed_port() -> int:
    """A port of 127.0.0.1 where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _handler(loopback: Loopback) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 10

        def do_GET(self) -> None:
            self._answer({})

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            self._answer(json.loads(self.rfile.read(length)))

        def _answer(self, body: Json) -> None:
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            loopback.received.append(
                Received(self.command, parts.path, query, body, dict(self.headers))
            )
            answer = loopback.answers.popleft() if loopback.answers else Answer(b"", 599)
            if answer is NO_ANSWER:
                loopback.hold()
            if answer is NO_ANSWER or answer.body is None:
                self.close_connection = True
                return
            self.send_response(answer.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer.body) + answer.missing))
            for name, value in {"Timenow": str(time_ns() // 1_000_000), **answer.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body)
            self.close_connection = self.close_connection or answer.missing > 0

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    return Handler
