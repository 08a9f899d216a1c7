"""Servers on this machine, shaped like Telegram, a webhook and a mail server."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import socket
from threading import Condition, Thread
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

TOKEN = "123456789:AAE-s3cret-s3cret-s3cret-s3cret-s3c"
PATIENCE_S = 30.0


@dataclass(frozen=True)
class Call:
    """A request that a server got.

    Attributes:
        path: of the request.
        headers: by their names in lower case.
        document: what it sent, as JSON.
        status: what the server answered; 0 where it closed the connection instead.
    """

    path: str
    headers: Mapping[str, str]
    document: dict[str, Any]
    status: int


@dataclass
class Answer:
    """What a server answers.

    Attributes:
        status: 0 to close the connection without an answer.
        document: the body.
        before: called before it answers, while the client waits.
    """

    status: int = 200
    document: dict[str, Any] = field(default_factory=lambda: {"ok": True, "result": {}})
    before: Callable[[], object] = lambda: None


def too_many(seconds: int) -> Answer:
    """Telegram's answer to too many messages."""
    return Answer(
        429,
        {
            "ok": False,
            "error_code": 429,
            "description": f"Too Many Requests: retry after {seconds}",
            "parameters": {"retry_after": seconds},
        },
    )


class HttpServer:
    """Answers with what is next in its list, and with 200 once that is empty, or as it likes.

    Attributes:
        calls: every request, in order.
        answers: what it answers next.
        port: where it listens.
    """

    def __init__(self, port: int = 0) -> None:
        self.calls: list[Call] = []
        self.answers: list[Answer] = []
        self._changed = Condition()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                """Answers a request."""
                outer.answer(self)

            do_GET = do_POST  # noqa: N815 - the name that the library calls

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's
                """Says nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._server.daemon_threads = True
        self.port = int(self._server.server_address[1])
        self._thread = Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """Notes a request and answers it."""
        length = int(handler.headers.get("Content-Length") or 0)
        body = handler.rfile.read(length)
        document = json.loads(body) if body else {}
        with self._changed:
            answer = self.answers.pop(0) if self.answers else None
        if answer is None:
            answer = self.otherwise(handler.path, document)
        answer.before()
        headers = {name.lower(): value for name, value in handler.headers.items()}
        call = Call(handler.path, headers, document, answer.status)
        with self._changed:
            self.calls.append(call)
            self._changed.notify_all()
        if not answer.status:
            handler.close_connection = True
            return
        reply = json.dumps(answer.document).encode()
        handler.send_response(answer.status)
        handler.send_header("Content-Length", str(len(reply)))
        handler.end_headers()
        handler.wfile.write(reply)

    def otherwise(self, path: str, document: dict[str, Any]) -> Answer:
        """What it answers once its list is empty."""
        del path, document
        return Answer()

    def wait(self, is_so: Callable[[list[Call]], bool]) -> None:
        """Waits until that holds of its requests."""
        with self._changed:
            assert self._changed.wait_for(lambda: is_so(self.calls), PATIENCE_S), self.calls

    def taken(self) -> list[dict[str, Any]]:
        """What it was sent and answered with 200."""
        return [call.document for call in self.calls if call.status == 200]

    def kill(self) -> None:
        """Ends it: connections are refused from now on."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Mailbox:
    def __init__(self, server: "MailServer") -> None:
        self._server = server

    async def handle_DATA(  # noqa: N802 - the name that the library calls
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Takes a message, or answers with what is next."""
        del server, session
        content = envelope.content or b""
        raw = content if isinstance(content, bytes) else content.encode()
        message = message_from_bytes(raw, policy=policy.default)
        assert isinstance(message, EmailMessage)
        answer = self._server.answers.pop(0) if self._server.answers else "250 OK"
        self._server.mails.append((message, tuple(envelope.rcpt_tos)))
        return answer


class MailServer:
    """A mail server.

    Attributes:
        mails: every message and its receivers, whatever was answered.
        answers: what it answers next to a message; 250 once that is empty.
        port: where it listens.
    """

    def __init__(self) -> None:
        self.mails: list[tuple[EmailMessage, tuple[str, ...]]] = []
        self.answers: list[str] = []
        self._is_over = False
        # The library connects to the very port that it was given: 0 is none.
        with socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self._controller = Controller(_Mailbox(self), hostname="127.0.0.1", port=self.port)

    def start(self) -> None:
        """Starts it."""
        self._controller.start()

    def kill(self) -> None:
        """Ends it, if it has not ended."""
        if not self._is_over:
            self._controller.stop()
        self._is_over = True


@contextmanager
def serving() -> Iterator[HttpServer]:
    """A server until the end of the block."""
    server = HttpServer()
    try:
        yield server
    finally:
        server.kill()
