"""An account at the exchange: its keys, environment and role."""

from dataclasses import dataclass, field

from .errors import ConfigurationError
from .identity import PositionMode, Role

ENVIRONMENTS = ("mainnet", "testnet", "demo")


@dataclass(frozen=True, slots=True)
class Account:
    """One account at the exchange, with its own keys.

    Attributes:
        name: the account's name in configuration, records and alerts.
        api_key: the API key; never shown.
        api_secret: the API secret; never shown.
        role: ``main`` or ``mirror``.
        follows: for a mirror, the name of the main account whose ladders it may copy.
        environment: ``mainnet``, ``testnet``, ``demo``, or a base URL.
        position_mode: one-way or hedge, as set at the exchange.

    Raises:
        ConfigurationError: the name or a key is empty, the environment is unknown, or a main
            account follows another.
    """

    name: str
    api_key: str = field(repr=False)
    api_secret: str = field(repr=False)
    role: Role = Role.MAIN
    follows: str | None = None
    environment: str = "mainnet"
    position_mode: PositionMode = PositionMode.ONE_WAY

    def __post_init__(self) -> None:
        if not self.name:
            raise ConfigurationError("an account needs a name")
        if not self.api_key or not self.api_secret:
            raise ConfigurationError("the account's API key or secret is empty", account=self.name)
        if self.environment not in ENVIRONMENTS and not self.environment.startswith("http"):
            raise ConfigurationError(
                f"unknown environment {self.environment!r}: use mainnet, testnet, demo or a URL",
                account=self.name,
            )
        if self.follows is not None and self.role is not Role.MIRROR:
            raise ConfigurationError("only a mirror can follow another account", account=self.name)
