"""pybit, configured so that one call is one request and has one outcome.

What pybit would do by itself is switched off: its default sleeps and sends POSTs again on some
codes, loses the code after three tries and can crash while it computes the pause
(bybit-exchange/pybit#340); ``force_retry`` sends POSTs again after timeouts.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar

from pybit.unified_trading import HTTP
from requests import Session
from requests.adapters import HTTPAdapter

from ...domain.account import Account
from . import names
from .failures import Failure, from_exception, malformed
from .fields import Row, ShapeError, integer, mapping
from .settings import BybitSettings

_LONGEST_MESSAGE = 300
# An empty set would bring the defaults back, and -1 is a code of Bybit's ("request expired"):
# pybit would sleep on it and lose it. A value that no JSON holds never matches.
_NEVER_RETRIED = frozenset({object()})

_Parsed = TypeVar("_Parsed")


class Endpoint(StrEnum):
    """The requests that are made, by pybit's names for them."""

    POSITIONS = "get_positions"
    OPEN_ORDERS = "get_open_orders"
    ORDER_HISTORY = "get_order_history"
    EXECUTIONS = "get_executions"
    INSTRUMENTS = "get_instruments_info"
    PLACE = "place_batch_order"
    AMEND = "amend_batch_order"
    CANCEL = "cancel_batch_order"


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply with ``retCode`` 0 (docs/v5/guide.mdx, "Common Response Parameters").

    Attributes:
        extra: ``retExtInfo``, which carries the codes of a batch's items.
        time_ms: the server's time, epoch milliseconds.
    """

    result: Row
    extra: Row
    time_ms: int


class BybitClient:
    """The connection of one account; calls never raise for what exchange or network do."""

    def __init__(self, account: Account, settings: BybitSettings) -> None:
        self._secrets = (account.api_secret, account.api_key)
        self._http = _quiet_http(account, settings)
        if account.environment.startswith("http"):
            self._http.endpoint = account.environment.rstrip("/")
        _harden(self._http.client, settings.pool_size)

    @property
    def endpoint(self) -> str:
        """The base URL that requests go to."""
        return str(self._http.endpoint)

    def call(
        self, endpoint: Endpoint, parse: Callable[[Reply], _Parsed], **parameters: object
    ) -> _Parsed | Failure:
        """One request; its reply parsed, or why there is none.

        ``parse`` may raise :class:`ShapeError` for a reply that is not as documented.
        """
        try:
            answer = getattr(self._http, endpoint.value)(**parameters)
        except Exception as error:  # noqa: BLE001 - pybit's own defects are outcomes too
            return self._cleaned(from_exception(error))
        try:
            return parse(_envelope(answer))
        except ShapeError as error:
            return self._cleaned(malformed(str(error)))

    def clean(self, message: str) -> str:
        """The text without this account's keys, and short.

        Bybit quotes the API key when it refuses a signature (sieblyio/bybit-api#448).
        """
        for secret in self._secrets:
            message = message.replace(secret, "***")
        return message[:_LONGEST_MESSAGE]

    def close(self) -> None:
        """Closes the connections."""
        self._http.client.close()

    def _cleaned(self, failure: Failure) -> Failure:
        return replace(failure, message=self.clean(failure.message))


def _envelope(answer: object) -> Reply:
    body = answer[0] if isinstance(answer, tuple) and answer else answer
    envelope = mapping(body, "the body")
    if integer(envelope, names.RET_CODE) != 0:
        raise ShapeError(f"{names.RET_CODE} is not 0")
    return Reply(
        result=mapping(envelope.get(names.RESULT), names.RESULT),
        extra=mapping(envelope.get(names.RET_EXT_INFO) or {}, names.RET_EXT_INFO),
        time_ms=integer(envelope, names.TIME),
    )


def _quiet_http(account: Account, settings: BybitSettings) -> HTTP:
    """The client of pybit, without the log handler that it gives itself.

    It adds one whenever the root logger has none, to the host's surprise.
    """
    logger = logging.getLogger("pybit._http_manager")
    before = list(logger.handlers)
    http = HTTP(
        api_key=account.api_key,
        api_secret=account.api_secret,
        testnet=account.environment == "testnet",
        demo=account.environment == "demo",
        timeout=(
            settings.connect_timeout.total_seconds(),
            settings.read_timeout.total_seconds(),
        ),
        recv_window=settings.recv_window,
        retry_codes=_NEVER_RETRIED,
        force_retry=False,
        max_retries=1,
        log_requests=False,
        return_response_headers=True,
    )
    for handler in [handler for handler in logger.handlers if handler not in before]:
        logger.removeHandler(handler)
    return http


def _harden(session: Session, pool_size: int) -> None:
    """No proxies or netrc from the environment, no redirects, a small pool.

    requests follows a 307 or 308 by sending the POST again to wherever it points.
    """
    session.trust_env = False
    session.max_redirects = 0
    adapter = HTTPAdapter(pool_connections=1, pool_maxsize=pool_size)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
