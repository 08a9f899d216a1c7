"""A Telegram on this machine: it keeps messages until they are confirmed, and takes answers."""

from threading import Condition
from time import time
from typing import Any

from tests.adapters.notify.servers import PATIENCE_S, TOKEN, Answer, HttpServer

CHAT, STRANGER, ANN, BOB = 4242, 6666, 11, 12


class Telegram(HttpServer):
    """Answers getUpdates as Telegram does, and takes what is said.

    Attributes:
        waiting: what it keeps, oldest first.
    """

    def __init__(self) -> None:
        self.waiting: list[dict[str, Any]] = []
        self._number = 7000
        self._written = Condition()
        self._is_over = False
        super().__init__()

    def write(
        self, text: str, *, chat: int = CHAT, sender: int = ANN, date: float | None = None
    ) -> None:
        """Somebody writes to the bot; a second from now, as a second may be the start's, too."""
        at = int(time()) + 1 if date is None else int(date)
        message = {
            "message_id": self._number,
            "from": {"id": sender, "is_bot": False, "first_name": "Ann"},
            "chat": {"id": chat, "type": "private"},
            "date": at,
            "text": text,
        }
        self.add({"message": message})

    def add(self, update: dict[str, Any]) -> None:
        """Keeps an update, of whatever kind."""
        with self._written:
            self._number += 1
            self.waiting.append({"update_id": self._number, **update})
            self._written.notify_all()

    def otherwise(self, path: str, document: dict[str, Any]) -> Answer:
        """Forgets what is confirmed, and gives what is not."""
        assert path.startswith(f"/bot{TOKEN}/"), path
        if not path.endswith("/getUpdates"):
            return Answer()
        with self._written:
            offset = document["offset"]
            self.waiting = [each for each in self.waiting if each["update_id"] >= offset]
            if document["timeout"]:
                self._written.wait_for(lambda: self.waiting or self._is_over, PATIENCE_S)
            return Answer(200, {"ok": True, "result": list(self.waiting)})

    def said(self) -> list[str]:
        """What the bot has said, of what was taken."""
        return [
            call.document["text"]
            for call in list(self.calls)
            if call.path.endswith("/sendMessage") and call.status == 200
        ]

    def kill(self) -> None:
        """Ends it."""
        with self._written:
            self._is_over = True
            self._written.notify_all()
        super().kill()
