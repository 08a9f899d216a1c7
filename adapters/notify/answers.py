"""What apprise says of a message that was not taken, as a reason for people."""

import re
from collections.abc import Sequence
from datetime import timedelta

from ...domain.model.errors import NotTaken

_STATUS = re.compile(r"error=(\d{3})")
_LONGEST_LINE = 200
FINAL = frozenset({401, 403, 404, 410})
"""The service does not know us, or the place that we write to."""
_TOO_MANY = 429
_LEAST = timedelta(seconds=15)
_MOST = timedelta(minutes=5)


class Answers:
    """Why one service has not taken messages, as far as apprise says it.

    apprise tells what it logged while it sent, and no header of the answer: how long a service
    wants to be left alone that answers 429 stays unknown. So it is left alone for ever longer, from
    15 seconds to five minutes, until it takes a message.
    """

    def __init__(self) -> None:
        self._pause = _LEAST

    def taken(self) -> None:
        """The service has taken a message."""
        self._pause = _LEAST

    def refused(self, lines: Sequence[str]) -> NotTaken:
        """What the lines say that apprise logged.

        >>> answers = Answers()
        >>> found = answers.refused(["Failed to send JSON notification: Unauthorized, error=401."])
        >>> found.message, found.is_final
        ('HTTP 401: Failed to send JSON notification: Unauthorized, error=401.', True)
        >>> pauses = [answers.refused(["error=429."]).retry_after for _ in range(7)]
        >>> [pause.total_seconds() for pause in pauses]
        [15.0, 30.0, 60.0, 120.0, 240.0, 300.0, 300.0]
        """
        text = " ".join(" ".join(lines).split())
        found = _STATUS.search(text)
        said = text[:_LONGEST_LINE] or "the service did not take it, and does not say why"
        if found is None:
            return NotTaken(said)
        status, asked = int(found[1]), None
        if status == _TOO_MANY:
            asked, self._pause = self._pause, min(self._pause * 2, _MOST)
        return NotTaken(f"HTTP {status}: {said}", retry_after=asked, is_final=status in FINAL)
