"""Replies: Bybit's envelope and headers (docs/v5/guide, docs/v5/rate-limit)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..base.errors import ApiError
from ..base.rate_limits import Grant
from ..base.transport import Delivery, Reply
from ..market.venue import Venue

HTTP_OK = 200
HTTP_UNAUTHORIZED = 401
HTTP_FORBIDDEN = 403
HTTP_NOT_FOUND = 404
HTTP_SERVER_ERROR = 500
_NO_RESET = "x-bapi-limit-reset-timestamp"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the exchange answers, before it becomes bytes.

    Attributes:
        code: the retCode.
        text: the retMsg.
        result: the result.
        extra: the retExtInfo.
        status: the HTTP status.
        grant: the rate limiter's decision, which the headers show; None without a limit.
    """

    code: int = 0
    text: str = "OK"
    result: dict[str, Any] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)
    status: int = HTTP_OK
    grant: Grant | None = None

    @staticmethod
    def refusal(error: ApiError, status: int = HTTP_OK, grant: Grant | None = None) -> "Answer":
        """The answer to a request that is refused; Bybit sends most under HTTP 200."""
        return Answer(error.code, error.text, status=status, grant=grant)


def render(venue: Venue, answer: Answer) -> Reply:
    """Turn an answer into an HTTP reply."""
    envelope = {
        "retCode": answer.code,
        "retMsg": answer.text,
        "result": answer.result,
        "retExtInfo": answer.extra,
        "time": venue.now(),
    }
    body = json.dumps(envelope, separators=(",", ":"), ensure_ascii=False).encode(
        "utf-8", "replace"
    )
    return Reply(answer.status, _headers(venue, answer), body)


def without_reset(reply: Reply) -> Reply:
    """The reply without its reset header, as pybit#340 reports."""
    headers = {name: text for name, text in reply.headers.items() if name.lower() != _NO_RESET}
    return Reply(reply.status, headers, reply.body)


def with_body(reply: Reply, body: bytes, status: int = HTTP_OK) -> Reply:
    """The reply with another body."""
    return Reply(status, reply.headers, body)


def _encoded(envelope: Mapping[str, Any]) -> bytes:
    """As JSON; what a client sent and UTF-8 does not have is a question mark."""
    text = json.dumps(envelope, separators=(",", ":"), ensure_ascii=False)
    return text.encode("utf-8", "replace")


def recoded(reply: Reply, code: int, text: str) -> Reply:
    """The reply with another retCode and an empty result."""
    envelope = json.loads(reply.body) | {
        "retCode": code,
        "retMsg": text,
        "result": {},
        "retExtInfo": {},
    }
    body = json.dumps(envelope, separators=(",", ":"), ensure_ascii=False).encode(
        "utf-8", "replace"
    )
    return Reply(HTTP_OK, {**reply.headers, "Ret_code": str(code)}, body)


def delivered(reply: Reply, delivery: Delivery, delay_ms: int = 0) -> Reply:
    """The reply with an instruction for the transport."""
    return Reply(reply.status, reply.headers, reply.body, delivery, delay_ms)


def _headers(venue: Venue, answer: Answer) -> dict[str, str]:
    now = venue.wall_ms()
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "Ret_code": str(answer.code),
        "Traceid": venue.ids.fresh("trace").replace("-", ""),
        "Timenow": str(now),
    }
    if answer.grant is not None:
        headers["X-Bapi-Limit"] = str(answer.grant.limit)
        headers["X-Bapi-Limit-Status"] = str(answer.grant.remaining)
        headers["X-Bapi-Limit-Reset-Timestamp"] = str(now + answer.grant.wait_ms)
    return headers
