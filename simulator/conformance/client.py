"""A client for checks: it sends what it is told to, right or wrong, and keeps the whole answer."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import OpenerDirector, ProxyHandler, build_opener
from urllib.request import Request as HttpRequest

from ..api.auth import sign
from ..base.transport import Request

TIMEOUT_S = 20
_REFUSED = frozenset({"10003", "10004", "10005", "10010", "33004"})
"""What the exchange answers where a key is unknown, not allowed here, or has another secret."""
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer.

    Attributes:
        status: the HTTP status.
        headers: the headers, their names in lower case.
        envelope: the JSON object of the body; empty where it is none.
    """

    status: int
    headers: Mapping[str, str]
    envelope: Mapping[str, Any]

    @property
    def code(self) -> str:
        """The retCode as text; empty where there is none."""
        return str(self.envelope.get("retCode", ""))

    @property
    def text(self) -> str:
        """The retMsg."""
        return str(self.envelope.get("retMsg", ""))

    @property
    def result(self) -> Mapping[str, Any]:
        """The result; empty where it is no object."""
        found = self.envelope.get("result")
        return found if isinstance(found, Mapping) else {}

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The result's list; empty where there is none."""
        found = self.result.get("list")
        return found if isinstance(found, list) else []


@dataclass(frozen=True, slots=True)
class Keys:
    """An API key and its secret."""

    key: str
    secret: str


class CheckClient:
    """Sends requests to one address, signed by the exchange's own time.

    Args:
        url: the address, such as ``https://api-testnet.bybit.com``.
        keys: what requests are signed with; None for none.
    """

    def __init__(self, url: str, keys: Keys | None = None) -> None:
        self.url = url.rstrip("/")
        self.keys = keys
        self._opener = _opener(self.url)

    def get(self, path: str, **params: str) -> Answer:
        """GET a path without a signature."""
        return self._send(Request("GET", f"/v5/{path}", query=urlencode(params)))

    def read(self, path: str, keys: Keys | None = None, ahead_ms: int = 0, **params: str) -> Answer:
        """GET a path, signed: by default with the client's keys, at the exchange's time.

        Raises:
            ValueError: there are no keys.
        """
        return self._signed(Request("GET", f"/v5/{path}", query=urlencode(params)), keys, ahead_ms)

    def write(self, path: str, **fields: object) -> Answer:
        """POST to a path of category linear, signed.

        Raises:
            ValueError: there are no keys.
        """
        body = json.dumps({"category": "linear", **fields}).encode()
        headers = {"Content-Type": "application/json"}
        return self._signed(Request("POST", f"/v5/{path}", body=body, headers=headers), None, 0)

    def now_ms(self) -> int:
        """The exchange's time.

        Raises:
            ValueError: the answer has none.
        """
        time = self.get("market/time").envelope.get("time")
        if isinstance(time, int):
            return time
        raise ValueError("market/time says no time")

    def refusal(self) -> str:
        """Why the exchange refuses the keys; empty if it takes them, or there are none."""
        if self.keys is None:
            return ""
        answer = self.read("account/info")
        return f"{answer.text} (retCode {answer.code})" if answer.code in _REFUSED else ""

    def _signed(self, request: Request, keys: Keys | None, ahead_ms: int) -> Answer:
        used = keys or self.keys
        if used is None:
            raise ValueError("this request needs keys")
        return self._send(sign(request, used.key, used.secret, self.now_ms() + ahead_ms))

    def _send(self, request: Request) -> Answer:
        query = f"?{request.query}" if request.query else ""
        http = HttpRequest(  # noqa: S310 - the address is checked where it is given
            f"{self.url}{request.path}{query}",
            data=request.body if request.method == "POST" else None,
            headers=dict(request.headers),
            method=request.method,
        )
        try:
            with self._opener.open(http, timeout=TIMEOUT_S) as reply:
                return _answer(reply.status, reply.headers.items(), reply.read())
        except HTTPError as error:
            with error:
                return _answer(error.code, error.headers.items(), error.read())


def _opener(url: str) -> OpenerDirector:
    """The way to an address: this machine is reached without a proxy."""
    here = urlsplit(url).hostname in LOOPBACK
    return build_opener(ProxyHandler({})) if here else build_opener()


def _answer(status: int, headers: Any, body: bytes) -> Answer:  # noqa: ANN401 - pairs of text
    try:
        loaded = json.loads(body)
    except ValueError:
        loaded = {}
    envelope = loaded if isinstance(loaded, dict) else {}
    return Answer(status, {name.lower(): text for name, text in headers}, envelope)
