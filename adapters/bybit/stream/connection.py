"""One connection to an account's private stream: pybit's, but it never dies in silence.

pybit reconnects by itself at once and says nothing, gives up for good after ten refusals within a
tenth of a second, and ends without a word on an unknown topic, a failed login or subscription, an
exception in a callback, or a reply that overtakes its own bookkeeping. A :class:`Stream` does none
of this. It is one connection, which connects, logs in, subscribes, hands over what it receives,
and ends with a reason. All its events come in sequence, from the thread of an event loop that it
shares with others; nothing of it ever waits there.
"""

import asyncio
import json
import threading
from asyncio import AbstractEventLoop
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from enum import StrEnum
from time import monotonic
from typing import Any

from pybit.unified_trading import WebSocket

from ....aio.loop_thread import call
from ....domain.tracking.feed import Alive, Lost, Opened, StreamEvent
from ....domain.venue.account import Account
from ..wire import names
from ..wire.clock_offset import slow_by_ms
from ..wire.fields import ShapeError
from .parsing import parse_events
from .settings import StreamSettings, stream_url
from .socket import Outlet, Socket, dial, named

TOPICS = (names.ORDER_TOPIC, names.EXECUTION_TOPIC, names.POSITION_TOPIC)
_PING = json.dumps({names.OPERATION: "ping"})
_LONGEST_TEXT = 200


class Ending(StrEnum):
    """Why a connection ended."""

    LOST = "lost"
    REFUSED = "refused"
    STOPPED = "stopped"


class Stream(WebSocket):  # type: ignore[misc] # pybit ships no types
    """One connection, which begins to connect as soon as it is made.

    Args:
        account: whose keys and environment are used.
        settings: time limits.
        handle: handles one event; what it raises ends the connection.
        ended: called last of all.
        loop: on whose thread all this happens; it has to run until the connection is over.

    Attributes:
        began: when it was made, by the monotonic clock in seconds, like all its times.
        opened: when the last subscription was confirmed; None before.
        pinged: when a ping last left.
        ending: how it ended, set once it has ended or is about to.
        reason: why it ended, for people.
        over: done when it has handed over its last event.
    """

    def __init__(
        self,
        account: Account,
        settings: StreamSettings,
        handle: Callable[[StreamEvent], None],
        ended: Callable[[], None],
        loop: AbstractEventLoop,
    ) -> None:
        self.began = self.pinged = monotonic()
        self.opened: float | None = None
        self.ending: Ending | None = None
        self.reason = ""
        self.over: Future[None] = Future()
        self._secrets = (account.api_key, account.api_secret)
        self._environment = account.environment
        self._expiry_s = int(settings.auth_expiry.total_seconds())
        self._limit = settings.connect_timeout.total_seconds()
        self._url = stream_url(account)
        self._handle, self._ended = handle, ended
        self._loop = loop
        self._task: asyncio.Task[None] | None = None
        self._socket: Socket | None = None
        self._confirmed: list[object] = []
        self._ending_lock = threading.Lock()
        super().__init__(
            "private",
            testnet=False,
            api_key=account.api_key,
            api_secret=account.api_secret,
            private_auth_expire=self._expiry_s,
        )

    @property
    def received(self) -> float:
        """When anything was last received, though it may not be handled yet."""
        return self.began if self._socket is None else self._socket.received

    def ping(self) -> None:
        """Sends a ping, whose answer becomes an :class:`Alive` event; from any thread."""
        self.pinged = monotonic()
        self._call_soon(self._send_ping)

    def drop(self, reason: str, ending: Ending = Ending.LOST) -> None:
        """Ends the connection, from any thread; returns at once, and the last event follows."""
        self._end(reason, ending)
        self._call_soon(self._hang_up)

    # -- what pybit calls -----------------------------------------------------------------

    def _connect(self, _url: str) -> None:
        """Begins; pybit would connect at this point, and again after every loss."""
        self._call_soon(self._begin)

    def is_connected(self) -> bool:
        """Says yes: pybit only asks to wait until it is, which would hold up the whole loop."""
        return True

    def _process_auth_message(self, message: dict[str, Any]) -> None:
        if message.get(names.SUCCESS) is not True:
            self.drop(f"the login was refused: {self._text(message)}", Ending.REFUSED)
            return
        self.auth = True
        # This thread reads the replies, too: none can overtake the note of its id.
        self.order_stream(self._process_normal_message)
        self.execution_stream(self._process_normal_message)
        self.position_stream(self._process_normal_message)

    def _process_subscription_message(self, message: dict[str, Any]) -> None:
        if message.get(names.SUCCESS) is not True:
            self.drop(f"a subscription was refused: {self._text(message)}")
            return
        # Without a req_id, as in the page's sample (docs/v5/ws/connect.mdx), each reply counts.
        named = message.get(names.REQUEST_ID) or len(self._confirmed)
        if named not in self._confirmed:
            self._confirmed.append(named)
        if len(self._confirmed) == len(TOPICS) and self.opened is None:
            self.opened = monotonic()
            self._emit(Opened())

    def _process_normal_message(self, message: dict[str, Any]) -> None:
        try:
            events = parse_events(message)
        except ShapeError as error:
            self.drop(f"a message could not be read: {error}")
            return
        for event in events:
            self._emit(event)

    def _auth(self) -> None:
        """Logs in by the exchange's clock, where replies have shown that this machine's is slow."""
        self.private_auth_expire = self._expiry_s + slow_by_ms(self._environment) // 1000
        super()._auth()

    def _on_message(self, message: bytes | None) -> None:
        if message is None or self.ending is not None:
            return
        try:
            body = json.loads(message.decode())
            if not isinstance(body, dict):
                self.drop("a message could not be read: no object")
            elif self._is_custom_pong(body):
                self._emit(Alive())
            else:
                self._handle_incoming_message(body)
        except Exception as error:  # noqa: BLE001 - an exception here is pybit's silent death
            self.drop(f"a message could not be handled ({type(error).__name__})")

    # -- on the loop ----------------------------------------------------------------------

    def _call_soon(self, function: Callable[[], None]) -> None:
        with suppress(RuntimeError):  # the loop has ended, and the connection with it
            call(self._loop, function)

    def _begin(self) -> None:
        self._task = self._loop.create_task(self._run())

    def _hang_up(self) -> None:
        if self._socket is not None:
            self._socket.hang_up()
        elif self._task is not None:
            self._task.cancel()

    def _send_ping(self) -> None:
        try:
            self.ws.send(_PING)
        except Exception as error:  # noqa: BLE001 - the connection is broken, however it says so
            self.drop(f"no ping could be sent ({type(error).__name__})")

    async def _run(self) -> None:
        try:
            if self.ending is None:
                self._socket = await dial(self._url, self._limit)
                self.ws = Outlet(self._socket)
                self._auth()
                self._socket.begin(self._on_message)
                await self._socket.over
                self._end(self._socket.reason)
        except Exception as error:  # noqa: BLE001 - any error ends the connection
            self._end(named(error))
        finally:
            self._conclude()

    def _conclude(self) -> None:
        self._end("stopped")
        try:
            if self.ending is not Ending.STOPPED:
                self._call(Lost(self.reason))
            if self._socket is not None:
                self._socket.hang_up()
        finally:
            self._ended()
            self.over.set_result(None)

    def _emit(self, event: StreamEvent) -> None:
        """Hands the event over, unless the connection has ended."""
        if self.ending is None:
            self._call(event)

    def _call(self, event: StreamEvent) -> None:
        try:
            self._handle(event)
        except BaseException as error:  # noqa: BLE001 - an event that nobody handled was missed
            self.drop(f"an event could not be handled ({type(error).__name__})")

    def _end(self, reason: str, ending: Ending = Ending.LOST) -> None:
        with self._ending_lock:
            if self.ending is None or ending is Ending.STOPPED:
                self.ending = ending
                self.reason = reason

    def _text(self, message: dict[str, Any]) -> str:
        """The exchange's text, without the account's keys."""
        text = str(message.get(names.REPLY_TEXT) or message.get("retMsg") or "no reason given")
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return text[:_LONGEST_TEXT]
