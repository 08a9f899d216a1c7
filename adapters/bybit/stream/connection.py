"""One connection to an account's private stream: pybit's, without the ways it dies in silence.

pybit reconnects by itself, at once and untold, gives up for good after ten refusals within a
tenth of a second, and ends without a word on an unknown topic, a failed login or subscription,
an exception in a callback, or a reply that is faster than its own notes. None of this is left:
a :class:`Stream` is one connection. It connects, logs in, subscribes, tells what it hears, and
ends with a reason. Everything it tells comes from its one thread, in sequence.
"""

import json
import threading
from collections.abc import Callable
from enum import StrEnum
from time import monotonic
from typing import Any

from pybit.unified_trading import WebSocket
from websocket import WebSocketApp

from ....domain.model.account import Account
from ....domain.model.feed import Alive, Lost, Opened, StreamEvent
from ..wire import names
from ..wire.fields import ShapeError
from .parsing import parse_events
from .settings import StreamSettings, stream_url
from .socket import dial, hang_up

TOPICS = (names.ORDER_TOPIC, names.EXECUTION_TOPIC, names.POSITION_TOPIC)
_PING = json.dumps({names.OPERATION: "ping"})
_LONGEST_TEXT = 200


class Ending(StrEnum):
    """Why a connection ended."""

    LOST = "lost"
    REFUSED = "refused"
    STOPPED = "stopped"


class Stream(WebSocket):  # type: ignore[misc] # pybit ships no types
    """One connection; made, it is on its way.

    Args:
        account: whose keys and environment are used.
        settings: time limits.
        take: gets the news; what it raises is not heard.
        ended: told, as the very last, that the thread is about to end.

    Attributes:
        began: when it was made, by the monotonic clock in seconds, as all its times.
        opened: when the last subscription was confirmed; None before.
        heard: when something last came.
        pinged: when a ping last left.
        ending: set once it is over, or about to be.
        reason: why, for people.
        is_over: whether its thread has told its last.
    """

    def __init__(
        self,
        account: Account,
        settings: StreamSettings,
        take: Callable[[StreamEvent], None],
        ended: Callable[[], None],
    ) -> None:
        self.began = self.received = self.pinged = monotonic()
        self.opened: float | None = None
        self.ending: Ending | None = None
        self.reason = ""
        self.is_over = False
        self._secrets = (account.api_key, account.api_secret)
        self._limit = settings.connect_timeout.total_seconds()
        self._url = stream_url(account)
        self._tell, self._ended = take, ended
        self._wire: Any = None
        self._confirmed: list[object] = []
        self._ending_lock = threading.Lock()
        super().__init__(
            "private",
            testnet=False,
            api_key=account.api_key,
            api_secret=account.api_secret,
            private_auth_expire=int(settings.auth_expiry.total_seconds()),
        )

    def ping(self) -> None:
        """Sends a ping, whose answer is told as :class:`Alive`."""
        self.pinged = monotonic()
        try:
            self.ws.send(_PING)
        except Exception as error:  # noqa: BLE001 - the connection is broken, however it says so
            self.drop(f"no ping could be sent ({type(error).__name__})")

    def drop(self, reason: str, ending: Ending = Ending.LOST) -> None:
        """Ends it from outside; returns at once, and the thread ends by itself."""
        self._end(reason, ending)
        wire = self._wire
        if wire is not None:
            hang_up(wire)

    # -- what pybit calls -----------------------------------------------------------------

    def _connect(self, _url: str) -> None:
        """Starts the thread; pybit would connect here and now, and again at every loss."""
        self.ws = WebSocketApp(self._url)
        self.wst = threading.Thread(target=self._run, name="trueup-stream", daemon=True)
        self.wst.start()

    def _process_auth_message(self, message: dict[str, Any]) -> None:
        if message.get(names.SUCCESS) is not True:
            self.drop(f"the login was refused: {self._text(message)}", Ending.REFUSED)
            return
        self.auth = True
        # On the thread that would read a reply: no reply can come before its id is noted.
        self.order_stream(self._process_normal_message)
        self.execution_stream(self._process_normal_message)
        self.position_stream(self._process_normal_message)

    def _process_subscription_message(self, message: dict[str, Any]) -> None:
        if message.get(names.SUCCESS) is not True:
            self.drop(f"a subscription was refused: {self._text(message)}")
            return
        # The page's sample has no req_id (docs/v5/ws/connect.mdx): then each reply counts.
        named = message.get(names.REQUEST_ID) or len(self._confirmed)
        if named not in self._confirmed:
            self._confirmed.append(named)
        if len(self._confirmed) == len(TOPICS) and self.opened is None:
            self.opened = monotonic()
            self._tell_one(Opened())

    def _process_normal_message(self, message: dict[str, Any]) -> None:
        try:
            news = parse_events(message)
        except ShapeError as error:
            self.drop(f"an unreadable message: {error}")
            return
        for one in news:
            self._tell_one(one)

    def _on_open(self) -> None:
        if self.ws.sock is None or self.ws.sock.sock is not self._wire:
            self.drop("it was redirected to another host")
            return
        self._auth()

    def _on_message(self, message: bytes) -> None:
        self.received = monotonic()
        try:
            body = json.loads(message.decode())
            if not isinstance(body, dict):
                self.drop("an unreadable message: no object")
            elif self._is_custom_pong(body):
                self._tell_one(Alive())
            else:
                self._handle_incoming_message(body)
        except Exception as error:  # noqa: BLE001 - an exception here is pybit's silent death
            self.drop(f"a message could not be handled ({type(error).__name__})")

    # -- its thread -----------------------------------------------------------------------

    def _run(self) -> None:
        try:
            self._wire = dial(self._url, self._limit)
            if self.ending is None:
                self.ws = WebSocketApp(
                    self._url,
                    on_open=lambda _: self._on_open(),
                    on_message=lambda _, message: self._on_message(message),
                    on_ping=lambda *_: self._note_life(),
                    on_error=lambda _, error: self.drop(_named(error)),
                    socket=self._wire,
                )
                # It would check each message byte by byte in Python, which costs more than a run.
                self.ws.run_forever(skip_utf8_validation=True)
            self._end("closed by the exchange")
        except Exception as error:  # noqa: BLE001 - whatever it is, it is the end of the connection
            self._end(_named(error))
        finally:
            if self._wire is not None:
                self._wire.close()
            if self.ending is not Ending.STOPPED:
                self._call(Lost(self.reason))
            self.is_over = True
            self._ended()

    def _tell_one(self, news: StreamEvent) -> None:
        """Tells, unless the end has been told."""
        if self.ending is None:
            self._call(news)

    def _call(self, news: StreamEvent) -> None:
        try:
            self._tell(news)
        except Exception as error:  # noqa: BLE001 - news that were not taken are news missed
            self.drop(f"the news could not be taken ({type(error).__name__})")

    def _end(self, reason: str, ending: Ending = Ending.LOST) -> None:
        with self._ending_lock:
            if self.ending is None or ending is Ending.STOPPED:
                self.ending = ending
                self.reason = reason

    def _note_life(self) -> None:
        self.received = monotonic()

    def _text(self, message: dict[str, Any]) -> str:
        """The exchange's words, without the account's keys."""
        text = str(message.get(names.REPLY_TEXT) or message.get("retMsg") or "no reason given")
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return text[:_LONGEST_TEXT]


def _named(error: object) -> str:
    """What broke a connection; the texts of foreign errors may quote what was sent."""
    return f"the connection broke ({type(error).__name__})"
