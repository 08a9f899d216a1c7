"""How the service spends its time."""

from dataclasses import dataclass, field
from datetime import timedelta

from ...domain.keeping.retention import Retention
from ...domain.model.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class LoopSettings:
    """How often accounts are swept, and how much runs in parallel.

    Attributes:
        interval: the time from the start of one sweep of an account to the start of the next. A
            sweep walks two lists, however many monitors there are.
        streamed_interval: the interval while the account's view is synced with its private
            stream: a sweep then only finds what the stream lost.
        max_runs_per_account: how many runs and sweeps of one account may be under way at once; its
            other monitors wait for their turn. Accounts never wait for each other.
        cool_down: the shortest pause after the run of a monitor that failed, whatever wakes it.
        streams: whether to open the accounts' private streams.
        opening: how long the first sweep of an account waits for its stream to open: what is
            read before that has to be read again. A stream that fails to open is not waited for.
        retention: how long the database keeps what is over.

    Raises:
        ConfigurationError: a duration or a number that must be above zero is not, or
            ``opening`` is negative.
    """

    interval: timedelta = timedelta(seconds=15)
    streamed_interval: timedelta = timedelta(seconds=60)
    max_runs_per_account: int = 4
    cool_down: timedelta = timedelta(seconds=5)
    streams: bool = True
    opening: timedelta = timedelta(seconds=5)
    retention: Retention = field(default_factory=Retention)

    def __post_init__(self) -> None:
        if min(self.interval, self.streamed_interval, self.cool_down) <= timedelta(0):
            raise ConfigurationError("interval, streamed_interval and cool_down must be above zero")
        if self.opening < timedelta(0):
            raise ConfigurationError("opening must not be negative")
        if self.max_runs_per_account < 1:
            raise ConfigurationError("max_runs_per_account must be at least 1")
