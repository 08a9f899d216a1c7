"""HTTP requests and replies as values, independent of the transport."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from .faults import FaultKind


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request as it was received.

    Attributes:
        method: GET or POST.
        path: the path, as "/v5/order/create".
        query: the raw query string, without the question mark.
        body: the raw body.
        headers: the headers; their names may be in any case.
        client: the address that the IP limit counts.
    """

    method: str
    path: str
    query: str = ""
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    client: str = "127.0.0.1"

    def header(self, name: str) -> str:
        """The value of a header, whatever the case of its name; empty if it is missing."""
        wanted = name.lower()
        return next((text for key, text in self.headers.items() if key.lower() == wanted), "")


class Delivery(StrEnum):
    """What the transport must do with a reply."""

    SEND = "send"
    DROP = "drop"
    """Reset the connection without a reply."""
    DELAY = "delay"
    """Reply after `Reply.delay_ms` real milliseconds."""
    TRUNCATE = "truncate"
    """Announce the whole body, send half of it, and close the connection."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One HTTP reply, and how to deliver it."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    delivery: Delivery = Delivery.SEND
    delay_ms: int = 0


@dataclass(frozen=True, slots=True)
class RequestRecord:
    """One entry of the request log.

    Attributes:
        seq: the number of the request, from 1.
        at_ms: when it arrived, in virtual milliseconds since the epoch.
        uid: the account; "" for market endpoints and unknown keys.
        method: GET or POST.
        path: the path.
        params: the parameters.
        ret_code: what the exchange decided; None if the request did not reach it, or reaches it
            later. A fault may have shown the client something else.
        fault: the fault that the request met.
        http_status: the status of the reply, sent or not.
    """

    seq: int
    at_ms: int
    uid: str
    method: str
    path: str
    params: dict[str, Any]
    ret_code: int | None
    fault: FaultKind | None
    http_status: int

    @property
    def is_write(self) -> bool:
        """Whether the request asked for a change."""
        return self.method == "POST"


@dataclass(frozen=True, slots=True)
class Answered:
    """A request of late with its reply.

    Attributes:
        record: what the request asked, and what the exchange decided.
        reply: what its client was sent, under the fault that it met.
    """

    record: RequestRecord
    reply: Reply
