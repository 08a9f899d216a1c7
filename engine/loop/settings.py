"""How the loop spends its time."""

from dataclasses import dataclass
from datetime import timedelta

from ...domain.model.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class LoopSettings:
    """How often accounts are swept, and how much runs side by side.

    Attributes:
        interval: from sweep to sweep of an account. A sweep is two walks, whatever the number
            of monitors.
        streamed_interval: the same while the account's private streams are proven: a sweep then
            only finds what a stream lost.
        threads: runs and sweeps under way at once, of all accounts.
        share: those of one account; its other monitors wait for their turn.
        calm: how long a monitor that failed is left alone at least, whatever wakes it.
        streams: whether to listen to the accounts' private streams.
        opening: how long the first sweep of an account waits for its stream to open: what is
            read before that would have to be read again. A stream that fails is not waited for.

    Raises:
        ConfigurationError: a time or number that is not above zero.
    """

    interval: timedelta = timedelta(seconds=15)
    streamed_interval: timedelta = timedelta(seconds=60)
    threads: int = 32
    share: int = 4
    calm: timedelta = timedelta(seconds=5)
    streams: bool = True
    opening: timedelta = timedelta(seconds=5)

    def __post_init__(self) -> None:
        if min(self.interval, self.streamed_interval, self.calm) <= timedelta(0):
            raise ConfigurationError("interval, streamed_interval and calm must be above zero")
        if self.opening < timedelta(0):
            raise ConfigurationError("opening is a time to wait, so it is not negative")
        if min(self.threads, self.share) < 1:
            raise ConfigurationError("threads and share start at 1")
