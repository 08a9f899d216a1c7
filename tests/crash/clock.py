"""The child's clock: the simulator's, read and moved over its control paths. Nothing sleeps."""

import json
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from urllib.parse import urlsplit

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PATIENCE_S = 20.0


class SharedClock:
    """Implements the port ``Clock`` on the time of a simulator in another process.

    Args:
        url: the simulator's server.
    """

    def __init__(self, url: str) -> None:
        self._connection = HTTPConnection(urlsplit(url).netloc, timeout=_PATIENCE_S)
        self._now = self._read()

    def now(self) -> datetime:
        """The time as of the last wait: in between it stands still."""
        return self._now

    def moment(self) -> timedelta:
        """The same time, since a fixed moment."""
        return self._now - EPOCH

    def sleep(self, duration: timedelta) -> None:
        """Moves the exchange's time on, and with it what is under way there."""
        ms = max(int(duration / timedelta(milliseconds=1)), 1)
        self._ask("POST", "/control/advance", json.dumps({"ms": ms}))
        self._now = self._read()

    def close(self) -> None:
        """Closes the connection."""
        self._connection.close()

    def _read(self) -> datetime:
        state = self._ask("GET", "/control/state")
        return EPOCH + timedelta(milliseconds=state["now_ms"])

    def _ask(self, method: str, path: str, body: str | None = None) -> dict[str, int]:
        self._connection.request(method, path, body)
        answer = self._connection.getresponse()
        text = answer.read()
        if answer.status != 200:
            raise ConnectionError(f"{path} answered {answer.status}: {text!r}")
        result: dict[str, int] = json.loads(text)["result"]
        return result
