"""What of a stop is one of a few words."""

from enum import Enum, StrEnum


class NoStop(Enum):
    """What is given in place of a stop to take the stop off a monitor: ``NO_STOP``.

    Nothing is kept of it any more. What rests at the exchange stays as it is.
    """

    NO_STOP = "none"


NO_STOP = NoStop.NO_STOP
"""Takes the stop off a monitor; to give None leaves the one that it has."""


class TriggerBy(StrEnum):
    """Which price triggers the stop: that of the last trade, the mark price, or the index."""

    LAST = "last"
    MARK = "mark"
    INDEX = "index"


class StopForm(StrEnum):
    """What the stop is at the exchange.

    ``position``: the exchange's own stop of the position, which it sizes itself. ``order``: a
    conditional reduce-only order of ours, for those whose other tools own the position's stop.
    """

    POSITION = "position"
    ORDER = "order"


class OnCrossed(StrEnum):
    """What happens where the market is already past the stop that is wanted.

    ``alert``: an alert, and the stop that rests stays. ``close``: the position is closed, and
    alerted.
    """

    ALERT = "alert"
    CLOSE = "close"
