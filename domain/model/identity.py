"""What identifies a monitor: account, symbol and side; with the roles and position modes."""

from dataclasses import dataclass
from enum import StrEnum

from .errors import ConfigurationError


class Side(StrEnum):
    """A side of an order or a position; for a position, ``Buy`` is long."""

    BUY = "Buy"
    SELL = "Sell"

    @property
    def opposite(self) -> "Side":
        """The side of an order that reduces a position of this side."""
        return Side.SELL if self is Side.BUY else Side.BUY


class Role(StrEnum):
    """The role of an account: a mirror follows a main account."""

    MAIN = "main"
    MIRROR = "mirror"

    @property
    def label(self) -> str:
        """The role as alerts and logs show it."""
        return "MAIN" if self is Role.MAIN else "MIRROR"

    @property
    def sign(self) -> str:
        """The role's sign in alerts: ``🏠`` or ``🪞``."""
        return "🏠" if self is Role.MAIN else "🪞"


class PositionMode(StrEnum):
    """Whether a symbol has one position or one for each side."""

    ONE_WAY = "one_way"
    HEDGE = "hedge"

    def position_index(self, side: Side) -> int:
        """The index of a position of ``side``: 0 in one-way mode, else 1 long, 2 short."""
        if self is PositionMode.ONE_WAY:
            return 0
        return 1 if side is Side.BUY else 2


@dataclass(frozen=True, slots=True, order=True)
class MonitorKey:
    """What identifies a monitor: account name, symbol, side of the position.

    Raises:
        ConfigurationError: the side is neither a :class:`Side` nor the text of one.
    """

    account: str
    symbol: str
    side: Side

    def __post_init__(self) -> None:
        if type(self.side) is Side:
            return
        try:
            object.__setattr__(self, "side", Side(self.side))
        except ValueError:
            raise ConfigurationError(
                f"a side is Buy or Sell, not {self.side!r}",
                account=self.account,
                symbol=self.symbol,
            ) from None

    def __str__(self) -> str:
        """Such as ``mirror BANDUSDT Sell``."""
        return f"{self.account} {self.symbol} {self.side.value}"
