"""How long a live view waits, and how old its knowledge may be."""

from dataclasses import dataclass
from datetime import timedelta

from ...domain.model.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class LiveSettings:
    """The time limits of a live view.

    Attributes:
        settle_within: how long a caller waits for events that are still missing before the
            symbol is read instead.
        fresh_for: how old the stream's last sign of life may be when the view is used; after
            that the stream is pinged first.
        current_for: how old it may be when a write leaves that was decided by the view; after that
            the stream is pinged, and the write waits until it has answered: a process that stood
            still has events to handle first.
        silent_after: how long the stream may give no sign of life before the view stops
            answering.

    Raises:
        ConfigurationError: a duration is negative, or ``silent_after`` is not above
            ``fresh_for``.
    """

    settle_within: timedelta = timedelta(seconds=1)
    fresh_for: timedelta = timedelta(seconds=2)
    current_for: timedelta = timedelta(milliseconds=250)
    silent_after: timedelta = timedelta(seconds=30)

    def __post_init__(self) -> None:
        if min(self.settle_within, self.current_for, self.fresh_for) < timedelta(0):
            raise ConfigurationError("the durations of a live view must not be negative")
        if self.silent_after <= self.fresh_for:
            raise ConfigurationError("silent_after must be longer than fresh_for")
