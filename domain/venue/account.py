"""An account at the exchange: its keys, environment and role."""

from dataclasses import dataclass, field
from enum import StrEnum

from ..model.errors import ConfigurationError
from ..model.identity import PositionMode, Role
from ..model.stop import AutoWatch

ENVIRONMENTS = ("mainnet", "testnet", "demo")


class Secret(str):
    """A text that is a secret: what prints variables, such as a traceback's printer, hides it.

    Everything else uses it as the text that it is: a signature, a header, a comparison.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        """Never the text."""
        return "'***'"


def check_environment(environment: str, account: str | None = None) -> None:
    """Checks that an environment is one.

    Raises:
        ConfigurationError: it is neither one of :data:`ENVIRONMENTS` nor a URL.
    """
    if environment not in ENVIRONMENTS and not environment.startswith("http"):
        raise ConfigurationError(
            f"unknown environment {environment!r}: use mainnet, testnet, demo or a URL",
            account=account,
        )


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
        auto_watch: the ladder and the stop that a position gets that no monitor watches, and that
            was not unwatched on purpose; None leaves such positions alone, and alerts.

    Raises:
        ConfigurationError: the name or a key is empty, the role, the environment or the position
            mode is unknown, or a main account follows another.
    """

    name: str
    api_key: str = field(repr=False)
    api_secret: str = field(repr=False)
    role: Role = Role.MAIN
    follows: str | None = None
    environment: str = "mainnet"
    position_mode: PositionMode = PositionMode.ONE_WAY
    auto_watch: AutoWatch | None = None

    def __post_init__(self) -> None:
        if not self.name:
            raise ConfigurationError("an account needs a name")
        if not self.api_key or not self.api_secret:
            raise ConfigurationError("the account's API key or secret is empty", account=self.name)
        object.__setattr__(self, "api_key", Secret(self.api_key))
        object.__setattr__(self, "api_secret", Secret(self.api_secret))
        check_environment(self.environment, self.name)
        self._coerce("role", Role)
        self._coerce("position_mode", PositionMode)
        if self.follows is not None and self.role is not Role.MIRROR:
            raise ConfigurationError("only a mirror can follow another account", account=self.name)

    def _coerce(self, name: str, kind: type[StrEnum]) -> None:
        """Takes the text of a word for the word."""
        given = getattr(self, name)
        try:
            object.__setattr__(self, name, kind(given))
        except ValueError:
            raise ConfigurationError(
                f"{name} is {' or '.join(kind)}, not {given!r}", account=self.name
            ) from None
