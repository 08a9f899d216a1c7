"""Requests to a service, as bytes on its sockets: nothing of trueup helps."""

import json
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from trueup.service.listening.server import Server
from trueup.service.running import RunningEngine
from trueup.service.settings import ServiceSettings

TOKEN = "a-token-of-a-test-Kd83Lq"


class OverUnix(HTTPConnection):
    """A connection through a Unix socket."""

    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=20)
        self.path = path

    def connect(self) -> None:
        """Connects."""
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(20)
        self.sock.connect(str(self.path))


def ask(
    connection: HTTPConnection,
    path: str,
    headers: Mapping[str, str] | None = None,
    *,
    method: str = "GET",
    body: object = None,
) -> tuple[int, Any]:
    """The status and the document of an answer."""
    text = None if body is None else json.dumps(body)
    connection.request(method, path, body=text, headers=dict(headers or {}))
    response = connection.getresponse()
    answer = response.status, json.loads(response.read())
    connection.close()
    return answer


@contextmanager
def served(settings: ServiceSettings) -> Iterator[tuple[Server, list[str]]]:
    """A server without an engine, and what it said."""
    said: list[str] = []
    server = Server(RunningEngine(), settings, said.append)
    try:
        yield server, said
    finally:
        server.close()
