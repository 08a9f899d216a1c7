"""What the headers of a reply say of limits and time.

pybit keeps them where it throws the body away, so they tell of refusals too. ``Timenow`` is on
live replies though on no page (ccxt/ccxt#19638); the page has the others
(docs/v5/rate-limit/rate-limit.mdx).
"""

from collections.abc import Mapping
from dataclasses import dataclass

_LIMIT = "X-Bapi-Limit"
_REMAINING = "X-Bapi-Limit-Status"
_RESET = "X-Bapi-Limit-Reset-Timestamp"
_NOW = "Timenow"
_LONGEST = 15  # digits: what is longer is no time in milliseconds, and no limit


@dataclass(frozen=True, slots=True)
class Told:
    """What a reply said; None for what it did not say, or not legibly.

    Attributes:
        limit: units a second of this UID and endpoint.
        remaining: of them, how many are left.
        reset_ms: when the limit is there again; "now" unless it was exceeded.
        server_ms: the exchange's clock, epoch milliseconds.
    """

    limit: int | None = None
    remaining: int | None = None
    reset_ms: int | None = None
    server_ms: int | None = None


def told_by(headers: object) -> Told:
    """Reads the headers; they came over the network, so nothing in them can fail."""
    if not isinstance(headers, Mapping):
        return Told()
    return Told(
        limit=_number(headers.get(_LIMIT)),
        remaining=_number(headers.get(_REMAINING)),
        reset_ms=_number(headers.get(_RESET)),
        server_ms=_number(headers.get(_NOW)) or None,
    )


def _number(text: object) -> int | None:
    if isinstance(text, str) and text.isascii() and text.isdigit() and len(text) <= _LONGEST:
        return int(text)
    return None
