"""The values of a budget: permits, refusals, the state of a limit, and how long it is held."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from ..wire.clock import MICROSECOND
from ..wire.endpoints import Endpoint
from .headers import ReplyHeaders
from .ip_limiter import Turn
from .rolling_window import RollingWindow

BAN: Final = timedelta(minutes=10)
"""How long an address sends nothing after HTTP 403; no reply can ask for a longer pause."""


@dataclass(frozen=True, slots=True)
class Permit:
    """A request may leave now.

    Attributes:
        units: how many orders it may carry.
        left: when it leaves, by the budget's clock.
        turn: its place in the queue, which the rest of a batch that was cut keeps.
    """

    endpoint: Endpoint
    units: int
    left: int
    turn: Turn


@dataclass(frozen=True, slots=True)
class NotNow:
    """The request would have to wait longer than its patience."""

    why: str


@dataclass(frozen=True, slots=True)
class Limit:
    """The state of one limit, for people.

    Attributes:
        name: of the endpoint, as pybit calls it; ``address`` for what all accounts share.
        limit: units in a second; for the address, requests in five seconds.
        used: how many of them are used up now.
        waiting: how many requests wait for their turn.
        held_for: for how long nothing leaves, because the exchange asked for a pause.
    """

    name: str
    limit: int
    used: int
    waiting: int
    held_for: timedelta


def pause(headers: ReplyHeaders, otherwise: timedelta) -> int:
    """How many microseconds the headers ask to wait, by the exchange's clock; ours may be wrong."""
    reset_ms, server_ms = headers.reset_ms, headers.server_ms
    if reset_ms is None or server_ms is None or reset_ms <= server_ms:
        return otherwise // MICROSECOND
    return min(timedelta(milliseconds=reset_ms - server_ms), BAN) // MICROSECOND


def limit_of(name: str, window: RollingWindow, waiting: int, now: int) -> Limit:
    """The state of the limit that this window counts."""
    held_for = max(0, window.held_until - now) * MICROSECOND
    return Limit(name, window.limit, window.used(now), waiting, held_for)
