"""Whether a read shows a position as it was before what is known of it; pure."""

from dataclasses import dataclass
from datetime import timedelta

from .stored_time import elapsed


@dataclass(frozen=True, slots=True)
class SeqShown:
    """The newest sequence number of a position that a read or an event has shown.

    Attributes:
        seq: that number.
        at: the moment at which it was shown, since the machine started.
    """

    seq: int
    at: timedelta

    def overtakes(self, seq: int, moment: timedelta, lag: timedelta) -> bool:
        """Whether what shows that number at the moment is older than this.

        Reads lag by a while at the most. Where that is over, a smaller number is no older state,
        but another count:

        >>> lag, known = timedelta(seconds=5), SeqShown(9, timedelta(seconds=60))
        >>> known.overtakes(8, timedelta(seconds=64), lag)
        True
        >>> known.overtakes(8, timedelta(seconds=65), lag)
        False
        >>> known.overtakes(9, timedelta(seconds=64), lag)
        False
        """
        return 0 <= seq < self.seq and elapsed(self.at, moment) < lag
