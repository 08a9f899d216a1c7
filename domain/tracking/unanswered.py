"""Amends that ended without an answer, until a read must have shown what their requests did."""

from collections.abc import Iterable
from datetime import timedelta

from ..model.intent import Intent


class Unanswered:
    """What of a monitor's orders is trueup's own doing although no open write asks for it.

    An amend of an order to 60 got no answer. It was sent again, and a read showed 60: both ended,
    for one of them took effect. The next amend made the order 80. If it is 60 again after that, the
    other one has arrived, and nobody else has changed the order.

    It is kept in memory only: to a process that was started meanwhile such an effect is somebody
    else's change, which it repairs in the same way.

    Args:
        noted: what was noted before.
    """

    def __init__(self, noted: Iterable[tuple[Intent, timedelta]] = ()) -> None:
        self._until = list(noted)

    @property
    def noted(self) -> tuple[tuple[Intent, timedelta], ...]:
        """Those amends, each with until when."""
        return tuple(self._until)

    def note(self, write: Intent, until: timedelta) -> None:
        """Notes an amend that ended, and until when reads may come to show an effect of it."""
        self._until.append((write, until))

    def writes(self) -> tuple[Intent, ...]:
        """Those of which that may still be."""
        return tuple(write for write, _ in self._until)

    def forget_until(self, moment: timedelta) -> None:
        """Forgets those whose effects are on record: orders as a read of that moment shows them.

        However long ago that time was over: an effect that no read has shown is none of others.
        """
        self._until = [(write, until) for write, until in self._until if moment < until]
