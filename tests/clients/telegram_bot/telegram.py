"""A server with the shape of Telegram's Bot API: a person writes commands, and reads messages."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import Any
from urllib.parse import parse_qs

_TOKEN, CHAT = "42:a-token", 7
_BOT = {"id": 42, "is_bot": True, "first_name": "Bot", "username": "a_bot"}
_PERSON = {"id": CHAT, "is_bot": False, "first_name": "Person"}
_PACE_S = 0.02


class Telegram:
    """What a person sees of a bot, and what the bot sees of the person.

    Attributes:
        messages: what the bot has written.
    """

    def __init__(self) -> None:
        self.messages: SimpleQueue[str] = SimpleQueue()
        self._updates: dict[int, dict[str, Any]] = {}
        self._numbers = count(1)
        self._lock = Lock()
        self._is_over = False

    def write(self, command: str) -> None:
        """The person writes a command to the bot."""
        number = next(self._numbers)
        with self._lock:
            self._updates[number] = {"update_id": number, "message": _message(number, command)}

    def answer(self, method: str, given: dict[str, str]) -> Any:  # noqa: ANN401 - as Telegram has it
        """The result of a method of the Bot API."""
        match method:
            case "getMe":
                return _BOT
            case "getUpdates":
                return self._wait(int(given.get("offset", 0)), float(given.get("timeout", 0)))
            case "sendMessage":
                assert int(given["chat_id"]) == CHAT
                self.messages.put(given["text"])
                return {**_message(next(self._numbers), given["text"]), "from": _BOT}
            case _:
                return True

    def end(self) -> None:
        """Let no request wait any longer."""
        self._is_over = True

    def _wait(self, offset: int, seconds: float) -> list[dict[str, Any]]:
        """A long poll: what is below the offset is confirmed, and not sent again."""
        until = time.monotonic() + seconds
        while True:
            with self._lock:
                self._updates = {n: one for n, one in self._updates.items() if n >= offset}
                found = list(self._updates.values())
            if found or self._is_over or time.monotonic() >= until:
                return found
            time.sleep(_PACE_S)


def _message(number: int, text: str) -> dict[str, Any]:
    command, _, _ = text.partition(" ")
    entity = {"type": "bot_command", "offset": 0, "length": len(command)}
    return {
        "message_id": number,
        "date": int(time.time()),
        "chat": {"id": CHAT, "type": "private", "first_name": "Person"},
        "from": _PERSON,
        "text": text,
        "entities": [entity] if text.startswith("/") else [],
    }


@contextmanager
def telegram() -> Iterator[tuple[Telegram, str]]:
    """A Telegram on this machine, and the address to give to a bot."""
    here = Telegram()

    class Handler(BaseHTTPRequestHandler):
        """Hands requests of the Bot API over."""

        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            """Answer a method."""
            sent = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            given = {name: values[-1] for name, values in parse_qs(sent).items()}
            result = here.answer(self.path.rpartition("/")[2], given)
            body = json.dumps({"ok": True, "result": result}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing is logged."""

    class Server(ThreadingHTTPServer):
        """Does not mind that a bot is killed beside an open request."""

        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            """Its connection is gone, that is all."""

    with Server(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield here, f"http://127.0.0.1:{server.server_port}/bot"
        finally:
            here.end()
            server.shutdown()


def variables(address: str) -> dict[str, str]:
    """What leads the bot of the example to a Telegram on this machine."""
    return {"TELEGRAM_TOKEN": _TOKEN, "TELEGRAM_CHAT": str(CHAT), "TELEGRAM_URL": address}


def read_until(here: Telegram, *words: str, patience_s: float = 30) -> list[str]:
    """Read the bot's messages until one has all the words; returns those read.

    Raises:
        AssertionError: it did not come; the message is what came.
    """
    read: list[str] = []
    while not (read and all(word in read[-1] for word in words)):
        try:
            read.append(here.messages.get(timeout=patience_s))
        except Empty as silence:
            raise AssertionError(f"no {words} in {read}") from silence
    return read
