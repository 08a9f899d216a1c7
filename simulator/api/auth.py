"""Signatures and timestamps of requests and streams (docs/v5/guide, "Authentication")."""

import hashlib
import hmac
from typing import Any

from ..base.errors import ApiError
from ..base.reading import milliseconds
from ..base.transport import Request
from ..market.accounts import Account, ApiKey
from ..market.venue import Venue

DEFAULT_WINDOW_MS = 5000
AHEAD_MS = 1000
_NEEDED = ("X-BAPI-API-KEY", "X-BAPI-TIMESTAMP", "X-BAPI-SIGN")


def signature(secret: str, timestamp: str, key: str, window: str, payload: bytes) -> str:
    """HMAC-SHA256 over timestamp + key + recv_window + (raw query string | raw body), in hex."""
    message = f"{timestamp}{key}{window}".encode() + payload
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def sign(
    request: Request, key: str, secret: str, timestamp_ms: int, window_ms: int = DEFAULT_WINDOW_MS
) -> Request:
    """The request with the headers that authenticate it, for callers without a client library."""
    stamp, window = str(timestamp_ms), str(window_ms)
    payload = request.query.encode() if request.method == "GET" else request.body
    headers = {
        **request.headers,
        "X-BAPI-API-KEY": key,
        "X-BAPI-SIGN": signature(secret, stamp, key, window, payload),
        "X-BAPI-SIGN-TYPE": "2",
        "X-BAPI-TIMESTAMP": stamp,
        "X-BAPI-RECV-WINDOW": window,
    }
    return Request(
        request.method, request.path, request.query, request.body, headers, request.client
    )


def stream_signature(secret: str, expires: str) -> str:
    """HMAC-SHA256 over "GET/realtime" + expires, in hex."""
    message = f"GET/realtime{expires}".encode()
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def stream_auth(key: str, secret: str, expires_ms: int) -> dict[str, Any]:
    """The frame that authenticates a stream, for callers without a client library."""
    return {"op": "auth", "args": [key, expires_ms, stream_signature(secret, str(expires_ms))]}


def stream_account(venue: Venue, args: object) -> Account | None:
    """The account that authenticates a stream; None if the authentication is wrong.

    The signature must not have expired by the wall clock (docs/v5/websocket/wss-authentication).
    """
    if not isinstance(args, list) or len(args) != 3:  # noqa: PLR2004 - key, expires, signature
        return None
    key, expires, sent = map(str, args)
    account, until = venue.keys.get(key), milliseconds(expires)
    if account is None or until is None or until <= venue.wall_ms():
        return None
    wanted = stream_signature(account.keys[key].secret, expires)
    return account if _is_same(wanted, sent) else None


def _is_same(wanted: str, sent: str) -> bool:
    return hmac.compare_digest(wanted.encode(), sent.encode("utf-8", "replace"))


def bad_timestamp(stamp: str, now_ms: int, window: str) -> ApiError:
    """10002, with the text of the live exchange (bybit-exchange/pybit#191)."""
    return ApiError(
        10002,
        "invalid request, please check your server timestamp or recv_window param. "
        f"req_timestamp[{stamp}],server_timestamp[{now_ms}],recv_window[{window}]",
    )


def missing_headers(request: Request) -> tuple[str, ...]:
    """The headers without which nothing of a request can be authenticated, where they are not."""
    return tuple(name for name in _NEEDED if not request.header(name))


def key_of(request: Request) -> str:
    """The text of the API key that a request names; empty if it names none."""
    return request.header("X-BAPI-API-KEY")


def authenticate(venue: Venue, request: Request) -> Account:
    """The account that signed a request.

    By the wall clock, now - recv_window <= timestamp < now + 1000 must hold.

    Raises:
        ApiError: 10003: the key is unknown; 10002: the timestamp is out of the window; 10004: the
            signature is wrong; 10010: the address is not on the key's list; 33004: the key has
            expired; 10005: the key may not write.
    """
    key, stamp = key_of(request), request.header("X-BAPI-TIMESTAMP")
    window = request.header("X-BAPI-RECV-WINDOW") or str(DEFAULT_WINDOW_MS)
    account = venue.keys.get(key)
    if account is None:
        raise ApiError(10003, "API key is invalid.")
    now = venue.wall_ms()
    sent_at, lasts_ms = milliseconds(stamp), milliseconds(window)
    if sent_at is None or lasts_ms is None or not now - lasts_ms <= sent_at < now + AHEAD_MS:
        raise bad_timestamp(stamp, now, window)
    payload = request.query.encode() if request.method == "GET" else request.body
    sent_window = request.header("X-BAPI-RECV-WINDOW")
    used = account.keys[key]
    wanted = signature(used.secret, stamp, key, sent_window, payload)
    if not _is_same(wanted, request.header("X-BAPI-SIGN")):
        raise ApiError(10004, "Error sign, please check your signature generation algorithm.")
    if used.ips and request.client not in used.ips:
        raise ApiError(10010, "Unmatched IP, please check your API key's bound IP addresses.")
    check_key(used, request.method, request.path, now)
    return account


def check_key(key: ApiKey, method: str, path: str, now_ms: int) -> None:
    """Checks that a key may be used for a request at all.

    Raises:
        ApiError: 33004: the key has expired; 10005: the key may not write.
    """
    if key.expires_ms is not None and now_ms >= key.expires_ms:
        raise ApiError(33004, "Your api key has expired.")
    needed = "Position" if "/position/" in path else "Order"
    if method == "POST" and (key.read_only or needed not in key.contract_trade):
        raise ApiError(10005, "Permission denied, please check your API key permissions.")
