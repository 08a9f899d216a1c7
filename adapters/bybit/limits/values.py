"""The values of a budget: what may leave, what may not, how it stands and how long it is held."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from ..wire.clock import MICROSECOND
from ..wire.endpoints import Endpoint
from .headers import Told
from .ip_limiter import Turn
from .rolling_window import RollingWindow

BAN: Final = timedelta(minutes=10)
"""How long an address stays silent after HTTP 403; nothing that is told is believed beyond."""


@dataclass(frozen=True, slots=True)
class Permit:
    """A request that leaves now.

    Attributes:
        units: how many orders it may carry.
        left: when, by the budget's clock.
        turn: whose it was; the rest of a batch that was cut keeps it.
    """

    endpoint: Endpoint
    units: int
    left: int
    turn: Turn


@dataclass(frozen=True, slots=True)
class NotNow:
    """Nothing may leave for longer than anybody should wait."""

    why: str


@dataclass(frozen=True, slots=True)
class Limit:
    """How one budget stands, for people.

    Attributes:
        name: of the endpoint, as pybit calls it; ``address`` for what all accounts share.
        limit: units in a second; for the address, requests in five.
        used: of them, now.
        waiting: requests that wait for their turn there.
        held_for: for how long nothing leaves, because the exchange said so.
    """

    name: str
    limit: int
    used: int
    waiting: int
    held_for: timedelta


def pause(told: Told, otherwise: timedelta) -> int:
    """How long was told, by the exchange's clock alone; ours may be wrong."""
    if told.reset_ms is None or told.server_ms is None or told.reset_ms <= told.server_ms:
        return otherwise // MICROSECOND
    return min(timedelta(milliseconds=told.reset_ms - told.server_ms), BAN) // MICROSECOND


def limit_of(name: str, window: RollingWindow, waiting: int, now: int) -> Limit:
    """How that window stands."""
    held_for = max(0, window.held_until - now) * MICROSECOND
    return Limit(name, window.limit, window.used(now), waiting, held_for)
