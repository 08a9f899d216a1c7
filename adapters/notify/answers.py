"""What apprise says of a message that was not taken, as a reason for people."""

import re
from collections.abc import Sequence

from ...domain.model.errors import NotTaken

_STATUS = re.compile(r"error=(\d{3})")
_LONGEST_LINE = 200
FINAL = frozenset({401, 403, 404, 410})
"""The service does not know us, or the place that we write to."""


def refusal(lines: Sequence[str]) -> NotTaken:
    """What the lines say that apprise logged while it sent: they are all that it tells.

    >>> found = refusal(["Failed to send JSON POST notification: Unauthorized, error=401."])
    >>> found.message, found.is_final
    ('HTTP 401: Failed to send JSON POST notification: Unauthorized, error=401.', True)
    """
    text = " ".join(" ".join(lines).split())
    status = _STATUS.search(text)
    said = text[:_LONGEST_LINE] or "the service did not take it, and does not say why"
    if status is None:
        return NotTaken(said)
    return NotTaken(f"HTTP {status[1]}: {said}", is_final=int(status[1]) in FINAL)
