"""pybit, configured so that one call sends one request and has one answer.

pybit's own retries are switched off. By default it sleeps on some codes and sends POSTs again,
loses the code after three tries and can crash while it computes the pause
(bybit-exchange/pybit#340); ``force_retry`` sends POSTs again after timeouts.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from urllib.parse import quote

from pybit.unified_trading import HTTP

from ....aio.threads import aside
from ....domain.venue.account import Account
from ..limits.headers import ReplyHeaders, read_headers
from ..transport.blocking import BlockingSession
from ..transport.either import EitherSession
from ..transport.gated import GatedSession, WhyLate
from ..transport.surroundings import surroundings_of
from ..wire import names
from ..wire.clock import elapsed_ms, machine_ms
from ..wire.endpoints import Endpoint
from ..wire.fields import Row, ShapeError, integer, mapping
from .failures import Failure, from_exception, malformed
from .settings import BybitSettings, Transport

# An empty set would bring pybit's defaults back, and -1 is one of Bybit's codes ("request
# expired"), which pybit would sleep on and lose. A value that no JSON can hold never matches.
_NEVER_RETRIED = frozenset({object()})


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


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one request: its reply or failure, and its headers."""

    reply: Reply | Failure
    headers: ReplyHeaders


class Connection:
    """The requests of one account; none raises for anything that exchange or network does."""

    def __init__(self, account: Account, settings: BybitSettings) -> None:
        self._http = _quiet_http(account, settings)
        if account.environment.startswith("http"):
            self._http.endpoint = account.environment.rstrip("/")
        self._blocks = self._choose_session(settings)
        self._correction_ms = 0
        # pybit has no other seam for the time that a request is signed with.
        self._headers = self._http._prepare_headers  # noqa: SLF001 - the only seam
        self._http._prepare_headers = self._corrected  # noqa: SLF001 - the only seam

    @property
    def endpoint(self) -> str:
        """The base URL that requests go to."""
        return str(self._http.endpoint)

    def machine_ms(self) -> int:
        """What this machine's clock shows, in epoch milliseconds."""
        return machine_ms()

    def elapsed_ms(self) -> int:
        """Milliseconds that have passed, by a clock that nobody sets."""
        return elapsed_ms()

    def sign_by(self, correction_ms: int, window_ms: int) -> None:
        """From now on requests are signed with the machine's time and that, and that window."""
        self._correction_ms = correction_ms
        self._http.recv_window = window_ms

    def hold_back(self, why_late: WhyLate) -> None:
        """From now on each signed write leaves only if that gives no reason."""
        self._http.client = GatedSession(self._http.client, why_late)

    def _corrected(self, payload: str | bytes, recv_window: int) -> dict[str, str]:
        """The headers as pybit makes them, signed with the exchange's time instead of ours."""
        headers: dict[str, str] = self._headers(payload, recv_window)
        if self._correction_ms:
            timestamp = machine_ms() + self._correction_ms
            is_binary = isinstance(payload, bytes)
            sign = self._http._auth_binary if is_binary else self._http._auth  # noqa: SLF001 - as above
            headers["X-BAPI-SIGN"] = sign(payload, recv_window, timestamp)
            headers["X-BAPI-TIMESTAMP"] = str(timestamp)
        return headers

    def ask(self, endpoint: Endpoint, parameters: Mapping[str, object]) -> Answer:
        """Sends one request; a fiber suspends until the answer is there."""
        call = partial(getattr(self._http, endpoint.value), **_encoded(endpoint, parameters))
        try:
            answer = aside(call) if self._blocks else call()
        except Exception as error:  # noqa: BLE001 - pybit's own defects are outcomes too
            return Answer(from_exception(error), read_headers(getattr(error, "resp_headers", None)))
        body, *_, headers = answer if isinstance(answer, tuple) else (answer, None)
        try:
            return Answer(_envelope(body), read_headers(headers))
        except ShapeError as error:
            return Answer(malformed(str(error)), read_headers(headers))

    def close(self) -> None:
        """Closes the connections."""
        self._http.client.close()

    def _choose_session(self, settings: BybitSettings) -> bool:
        """Gives pybit its session; returns whether that blocks fibers too."""
        own, pool_size = self._http.client, settings.pool_size
        if settings.transport is Transport.PYBIT:
            own.max_redirects = 0  # or a 307 would have it send a POST again
            own.verify = settings.ca_bundle or True
            return True
        surroundings = surroundings_of(self.endpoint, settings.ca_bundle)
        kind = EitherSession if surroundings.are_plain else BlockingSession
        self._http.client = kind(own.headers, pool_size, surroundings)
        return kind is BlockingSession


def _encoded(endpoint: Endpoint, parameters: Mapping[str, object]) -> Mapping[str, object]:
    """The parameters as they are to be signed.

    pybit signs a query as it gets it, and sends it percent-encoded; the exchange checks the
    signature against what was sent. So a symbol with Chinese letters has to be encoded before.
    What is ASCII is left alone: a cursor came encoded.
    """
    if endpoint.is_write:
        return parameters
    return {
        name: quote(value) if isinstance(value, str) and not value.isascii() else value
        for name, value in parameters.items()
    }


def _envelope(body: object) -> Reply:
    envelope = mapping(body, "the body")
    if integer(envelope, names.RET_CODE) != 0:
        raise ShapeError(f"{names.RET_CODE} is not 0")
    return Reply(
        result=mapping(envelope.get(names.RESULT), names.RESULT),
        extra=mapping(envelope.get(names.RET_EXT_INFO) or {}, names.RET_EXT_INFO),
        time_ms=integer(envelope, names.TIME),
    )


def _quiet_http(account: Account, settings: BybitSettings) -> HTTP:
    """Pybit's client, without the log handler that it adds to its own logger.

    It adds one whenever the root logger has none, which no host expects.
    """
    logger = logging.getLogger("pybit._http_manager")
    before = list(logger.handlers)
    http = _Http(
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


class _Http(HTTP):  # type: ignore[misc] # pybit ships no types
    """Pybit's client, whose own representation shows the keys."""

    def __repr__(self) -> str:
        return f"HTTP({self.endpoint!r})"
