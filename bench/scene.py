"""What an exchange in another process is made from: accounts, symbols, and its distance."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from trueup import Account, Ladder, MonitorKey, Role

from .world import PRICES, SHARES, SIDE, SYMBOL

START = Decimal(400)
GROWTH = Decimal(20)
"""Sizes of which every share is a whole number of steps, so that a baseline that drops parts of
a step still covers the whole position."""


class Place(NamedTuple):
    """A position, given by its account and symbol."""

    account: str
    symbol: str


@dataclass(frozen=True, slots=True)
class Scene:
    """An exchange to be served.

    Attributes:
        accounts: how many; the first is the main, all others follow it.
        symbols: how many; each account has a short position in each.
        ladders: whether their take-profits rest already, under the ids of :func:`resting_ids`.
        rate_limits: whether the exchange's limits of orders and requests hold.
        round_trip_ms: the latency in real milliseconds, half of it each way.
    """

    accounts: int
    symbols: int = 1
    ladders: bool = False
    rate_limits: bool = False
    round_trip_ms: int = 0

    @property
    def names(self) -> tuple[str, ...]:
        """The accounts' names, which are their UIDs too."""
        return tuple(f"a{number}" for number in range(self.accounts))

    @property
    def listed(self) -> tuple[str, ...]:
        """The symbols' names."""
        return tuple(symbol(number) for number in range(self.symbols))

    @property
    def places(self) -> tuple[Place, ...]:
        """All positions."""
        return tuple(Place(name, symbol) for name in self.names for symbol in self.listed)


def symbol(number: int) -> str:
    """The symbol of that number; the first is the one that all other measurements use."""
    return f"S{number}USDT" if number else SYMBOL


def account(name: str, url: str, *, main: str) -> Account:
    """The account at an exchange with such a scene."""
    key, secret = keys(name)
    if name == main:
        return Account(name, key, secret, environment=url)
    return Account(name, key, secret, role=Role.MIRROR, follows=main, environment=url)


def keys(name: str) -> tuple[str, str]:
    """The account's key and secret."""
    return f"{name}-key", f"{name}-secret"


def monitor_of(place: Place) -> MonitorKey:
    """The monitor of a position."""
    return MonitorKey(place.account, place.symbol, SIDE)


def ladder() -> Ladder:
    """The ladder of every monitor."""
    return Ladder.of(*zip(PRICES, SHARES, strict=True))


def quantities(size: Decimal) -> Sequence[Decimal]:
    """What each level covers of a position."""
    return [size * share / 100 for share in SHARES]


def resting_ids(symbol: str, level: int) -> tuple[str, str]:
    """Order id and link id of a resting ladder; the same on every account."""
    return f"rests-{symbol}-{level}", f"MIR_TP{level}_{symbol}_1737809937842_7432"
