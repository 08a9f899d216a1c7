"""Where moments stand on an axis of time that ends now, and has room for what happened."""

from dataclasses import dataclass
from datetime import datetime

_FIRST, _LAST = 0.015, 0.985
"""Marks at the ends are seen whole."""
_TAIL = 0.15
"""So much of the axis the time has at most in which nothing was read any more."""


@dataclass(frozen=True, slots=True)
class Scale:
    """An axis of time.

    Attributes:
        began: its left end.
        read: when anything was last read; what is after it is drawn short where it is long.
        now: its right end.
    """

    began: datetime
    read: datetime
    now: datetime

    @property
    def is_cut(self) -> bool:
        """Whether the time since the last read is drawn shorter than it is."""
        length = (self.now - self.began).total_seconds()
        return self.read > self.began and (self.now - self.read).total_seconds() > _TAIL * length

    def place(self, at: datetime) -> float:
        """Where a moment stands, from 0 to 1.

        >>> from datetime import UTC, timedelta
        >>> noon = datetime(2026, 12, 1, 12, tzinfo=UTC)
        >>> scale = Scale(noon, noon + timedelta(seconds=9), noon + timedelta(minutes=10))
        >>> [round(scale.place(noon + timedelta(seconds=one)), 3) for one in (0, 9, 600)]
        [0.015, 0.84, 0.985]
        """
        if not self.is_cut:
            part = _part(self.began, at, self.now)
        elif at <= self.read:
            part = (1 - _TAIL) * _part(self.began, at, self.read)
        else:
            part = 1 - _TAIL + _TAIL * _part(self.read, at, self.now)
        return _FIRST + (_LAST - _FIRST) * part


def _part(began: datetime, at: datetime, ended: datetime) -> float:
    length = max((ended - began).total_seconds(), 0.001)
    return min(max((at - began).total_seconds() / length, 0.0), 1.0)
