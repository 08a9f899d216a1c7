"""The scene of a history: accounts, instruments, monitors and how the exchange behaves."""

from dataclasses import dataclass
from decimal import Decimal

from trueup.domain.model.account import Account
from trueup.domain.model.identity import MonitorKey
from trueup.domain.model.ladder import Ladder, Level
from trueup.simulator import Behaviour, InstrumentSpec


@dataclass(frozen=True, slots=True)
class WatchedMonitor:
    """One monitor of the scene.

    Attributes:
        size: of its position at the start.
        levels: of the ladder that it was, or will be, given.
        left_over: quantities of TP orders of an earlier bot that rest at the start, by level.
    """

    key: MonitorKey
    ladder: Ladder | None
    size: Decimal
    levels: tuple[Level, ...]
    left_over: tuple[Decimal, ...] = ()


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything that is there before anything happens.

    Attributes:
        is_live: whether the engine runs by itself, on private streams.
    """

    accounts: tuple[Account, ...]
    instruments: tuple[tuple[InstrumentSpec, Decimal], ...]
    monitors: tuple[WatchedMonitor, ...]
    behaviour: Behaviour
    latency_ms: int
    order_page: int
    batch_size: int
    conditional_orders: bool
    is_live: bool = False

    def account(self, name: str) -> Account:
        """The account of that name."""
        return next(account for account in self.accounts if account.name == name)

    def spec(self, symbol: str) -> InstrumentSpec:
        """The instrument of that symbol."""
        return next(spec for spec, _ in self.instruments if spec.symbol == symbol)

    def base_price(self, symbol: str) -> Decimal:
        """The price of the symbol at the start: every entry is made there."""
        return next(price for spec, price in self.instruments if spec.symbol == symbol)
