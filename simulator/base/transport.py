"""What goes over the wire, free of any transport."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from .faults import FaultKind


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request as it was received.

    Attributes:
        query: the raw query string, without the question mark.
        body: the raw body.
        headers: names in any case.
        client: the address that the IP limit counts on.
    """

    method: str
    path: str
    query: str = ""
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    client: str = "127.0.0.1"

    def header(self, name: str) -> str:
        """A header by its name in any case, empty if it is not there."""
        wanted = name.lower()
        return next((text for key, text in self.headers.items() if key.lower() == wanted), "")


class Delivery(StrEnum):
    """What the transport has to do with a reply."""

    SEND = "send"
    DROP = "drop"
    """Reset the connection without an answer."""
    DELAY = "delay"
    """Answer after `Reply.delay_ms` real milliseconds."""
    TRUNCATE = "truncate"
    """Promise the whole body, send half of it, close the connection."""


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
    """One line of the wire log.

    Attributes:
        seq: counts from 1.
        at_ms: virtual time.
        uid: the account, "" for market endpoints and unknown keys.
        ret_code: what the exchange decided, None if the request never reached it (or reaches it
            later); the client may have seen something else, see `fault`.
        fault: the injected fault that the request met.
        http_status: the status that was, or would have been, answered.
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
