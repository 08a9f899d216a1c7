"""How an account's private stream is kept alive."""

from dataclasses import dataclass
from datetime import timedelta

from ....domain.model.errors import ConfigurationError
from ....domain.venue.account import Account

_SHORTEST_AUTH_EXPIRY = timedelta(seconds=5)
_HOSTS = {"mainnet": "stream", "testnet": "stream-testnet", "demo": "stream-demo"}


@dataclass(frozen=True, slots=True)
class StreamSettings:
    """Settings of one account's stream; the defaults suit mainnet.

    Attributes:
        connect_timeout: from the look-up of the host's name to the end of the opening handshake.
        ready_within: from the connection to the last of the subscriptions.
        ping_every: Bybit asks for a ping every 20 s (docs/v5/ws/connect.mdx).
        silent_after: a connection without a message or pong for this long is dropped.
        auth_expiry: how long the signature of the login is valid; with a clock that is slow by as
            much the login fails, until a reply to a request has shown by how much it is. pybit's
            own 1 s is too short.
        retry_after: the longest wait after the first loss; each further loss doubles it. The wait
            is a random time between half of it and all of it.
        retry_cap: where the doubling ends.
        refused_after: the same after the first login that was refused: a revoked key must not be
            tried again and again.
        refused_cap: where that doubling ends.
        steady_after: a stream that stayed open for this long does not count as a failure.

    Raises:
        ConfigurationError: a time that is too short, or times that contradict each other.
    """

    connect_timeout: timedelta = timedelta(seconds=10)
    ready_within: timedelta = timedelta(seconds=15)
    ping_every: timedelta = timedelta(seconds=10)
    silent_after: timedelta = timedelta(seconds=25)
    auth_expiry: timedelta = timedelta(seconds=10)
    retry_after: timedelta = timedelta(seconds=1)
    retry_cap: timedelta = timedelta(minutes=1)
    refused_after: timedelta = timedelta(seconds=30)
    refused_cap: timedelta = timedelta(minutes=15)
    steady_after: timedelta = timedelta(minutes=1)

    def __post_init__(self) -> None:
        if self.auth_expiry < _SHORTEST_AUTH_EXPIRY:
            raise ConfigurationError(
                "auth_expiry must be at least 5 seconds: with less, a slow clock fails the login"
            )
        if self.ping_every >= self.silent_after:
            raise ConfigurationError("silent_after has to be longer than ping_every")
        if min(self.connect_timeout, self.ready_within, self.ping_every) <= timedelta(0):
            raise ConfigurationError("the times of a stream must be above zero")


def stream_url(account: Account) -> str:
    """The URL of the account's private stream (docs/v5/ws/connect.mdx).

    Where the environment is a base URL, such as a simulator's, the stream is at the same host and
    port, as :class:`trueup.simulator.SimulatorServer` serves it.
    """
    host = _HOSTS.get(account.environment)
    if host is not None:
        return f"wss://{host}.bybit.com/v5/private"
    return f"ws{account.environment.rstrip('/').removeprefix('http')}/v5/private"
