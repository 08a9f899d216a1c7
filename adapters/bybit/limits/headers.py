"""What the headers of a reply say about limits and time.

pybit keeps the headers of refusals too, although it drops their bodies. Live replies carry
``Timenow``, which no page documents (ccxt/ccxt#19638); docs/v5/rate-limit/rate-limit.mdx documents
the others.
"""

from collections.abc import Mapping
from dataclasses import dataclass

_LIMIT = "X-Bapi-Limit"
_REMAINING = "X-Bapi-Limit-Status"
_RESET = "X-Bapi-Limit-Reset-Timestamp"
_NOW = "Timenow"
_LONGEST = 15  # digits: anything longer is neither a time in milliseconds nor a limit


@dataclass(frozen=True, slots=True)
class ReplyHeaders:
    """The headers of a reply; None for one that is missing or cannot be read.

    Attributes:
        limit: units a second of this UID and endpoint.
        remaining: how many of these units are left.
        reset_ms: when all units are there again; "now" unless the limit was exceeded.
        server_ms: the exchange's clock, epoch milliseconds.
    """

    limit: int | None = None
    remaining: int | None = None
    reset_ms: int | None = None
    server_ms: int | None = None


def read_headers(headers: object) -> ReplyHeaders:
    """Reads headers as they came over the network: nothing in them makes it fail."""
    if not isinstance(headers, Mapping):
        return ReplyHeaders()
    return ReplyHeaders(
        limit=_number(headers.get(_LIMIT)),
        remaining=_number(headers.get(_REMAINING)),
        reset_ms=_number(headers.get(_RESET)),
        server_ms=_number(headers.get(_NOW)) or None,
    )


def _number(text: object) -> int | None:
    if isinstance(text, str) and text.isascii() and text.isdigit() and len(text) <= _LONGEST:
        return int(text)
    return None
