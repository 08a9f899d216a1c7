"""Which alerts go out as one message, because one cause has hit many monitors."""

from collections import deque
from collections.abc import Hashable
from datetime import timedelta

from ...domain.ports import Moment

ALONE = 3
"""So many alerts of one cause go out by themselves, each at once."""
LASTS = timedelta(minutes=1)
"""A cause is remembered for so long after an alert of it has gone out."""
GATHERS = timedelta(seconds=10)
"""Further ones wait for so long, and go out together."""


class Crowds:
    """The causes of the alerts that a sink has taken lately.

    Example: an account cannot be read, and each of its 100 monitors has an alert. The first three
    arrive at once; the other 97 within ten seconds, as one.
    """

    def __init__(self) -> None:
        self._taken: dict[Hashable, deque[Moment]] = {}
        self._gathers_until: dict[Hashable, Moment] = {}

    def went_out(self, cause: str, now: Moment) -> None:
        """Notes that the sink has taken a message of the cause."""
        if not cause:
            return
        self._gathers_until.pop(cause, None)
        self._taken.setdefault(cause, deque(maxlen=ALONE)).append(now)

    def gathers_until(self, cause: str, now: Moment) -> Moment | None:
        """Until when alerts of the cause gather; None where each goes out by itself."""
        if not cause:
            return None
        self._forget(now)
        if len(self._taken.get(cause, ())) < ALONE:
            return None
        return self._gathers_until.setdefault(cause, now + GATHERS)

    def _forget(self, now: Moment) -> None:
        over = [
            cause
            for cause, taken in self._taken.items()
            if now - taken[-1] > LASTS and cause not in self._gathers_until
        ]
        for cause in over:
            del self._taken[cause]
