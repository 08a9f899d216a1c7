"""The real pybit WebSocket, observed: what it receives, and how it ends."""

import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pybit.unified_trading
import pytest
from pybit.unified_trading import WebSocket

PATIENCE_S = 10.0


class Stream(WebSocket):  # type: ignore[misc] # pybit ships no types
    """pybit's stream of an account, or the public one; only one race in how it works is changed.

    pybit sends a subscription before it notes its id: a reply that is faster kills it. Replies to
    ids that it doesn't know yet are therefore held back until it does.
    """

    def __init__(self, uid: str = "101", channel: str = "private", **options: Any) -> None:  # noqa: ANN401 - pybit's own
        self.received = queue.Queue[dict[str, Any]]()
        self.replies = queue.Queue[dict[str, Any]]()
        self.exits = queue.Queue[bool]()
        self._noting = threading.Lock()
        chosen = {
            "api_key": f"key-{uid}",
            "api_secret": f"secret-{uid}",
            "private_auth_expire": 5,
            "retries": 2,  # with 1 pybit gives up a connection that it has
            "ping_interval": 2,
            "ping_timeout": 0.4,  # also how long its reader may take to see the end
            **options,
        }
        super().__init__(channel, testnet=False, **chosen)

    def listen(self, *topics: str, symbol: str = "any") -> None:
        """Subscribe, and wait until the exchange has agreed; `{symbol}` stands for the symbol."""
        for topic in topics:
            with self._noting:
                self.subscribe(topic, self.received.put, symbol)
            assert self.reply("subscribe")["success"]

    def reply(self, operation: str) -> dict[str, Any]:
        """The next reply to an operation."""
        while (answer := self.replies.get(timeout=PATIENCE_S))["op"] != operation:
            pass
        return answer

    def next(self) -> dict[str, Any]:
        """The next message of a topic."""
        return self.received.get(timeout=PATIENCE_S)

    def topics(self, count: int) -> list[str]:
        """The topics of the next messages."""
        return [self.next()["topic"] for _ in range(count)]

    def wait_for_exit(self) -> None:
        """Wait until pybit has closed the connection, whatever it does next."""
        assert self.exits.get(timeout=PATIENCE_S)

    def exit(self) -> None:
        """Close, the socket that pybit would leave to the garbage collector too, and say so."""
        held = self.ws.sock if hasattr(self, "ws") else None
        raw = None if held is None else held.sock
        super().exit()
        if raw is not None:
            raw.close()
        self.exits.put(item=True)

    def _process_auth_message(self, message: dict[str, Any]) -> None:
        self.replies.put(message)
        super()._process_auth_message(message)

    def _process_subscription_message(self, message: dict[str, Any]) -> None:
        with self._noting:
            self.replies.put(message)
            super()._process_subscription_message(message)

    def close(self) -> None:
        """End it and its threads, in whatever state it is."""
        self.handle_error = False
        self.exit()
        for thread in (self.wst, self.ws.ping_thread, self.custom_ping_timer):
            started = thread is not None and thread.ident is not None
            if started and thread is not threading.current_thread():
                thread.join(PATIENCE_S)


@contextmanager
def opened(url: str, uid: str = "101", **options: Any) -> Iterator[Stream]:  # noqa: ANN401 - pybit's own
    """A stream to a simulator, closed at the end."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("PRIVATE_WSS", "PUBLIC_WSS"):
            patch.setattr(pybit.unified_trading, name, url)
        stream = Stream(uid, **options)
    try:
        yield stream
    finally:
        stream.close()
