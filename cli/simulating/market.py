"""The market that ``trueup simulator`` sets in motion."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal, InvalidOperation

from ...domain.model.errors import ConfigurationError
from ...simulator import Move, Simulator, move_market, random_walk, read_market

DEFAULT_SEED = "trueup"
RANDOM_WALK = "random-walk"
FASTEST = 1000
TICK_VALUE = Decimal(50_000)
"""What the book holds at each tick, in the contract's coin."""


def set_in_motion(sim: Simulator, market: str, speed: str, seed: str) -> None:
    """Let the prices of a simulator move from now on, and give its book an end.

    Bid and ask are a tick away from the last price, and each tick holds 50,000 USDT, unless the
    scenario has switches of its own for that.

    Raises:
        ConfigurationError: the speed is none, or the market's file cannot be played.
    """
    behaviour = sim.behaviour
    if behaviour.book_depth is None and behaviour.book_value is None:
        ticks = behaviour.slippage_ticks or 1
        sim.behaviour = replace(behaviour, book_value=TICK_VALUE, slippage_ticks=ticks)
    move_market(sim, _moves(sim, market, seed), _pace(speed))


def _moves(sim: Simulator, market: str, seed: str) -> Iterator[Move]:
    if market == RANDOM_WALK:
        return random_walk(sim, seed)
    try:
        return iter(read_market(market, sim))
    except OSError as error:
        reason = f"it cannot be read: {error.strerror}; the other market is {RANDOM_WALK}"
        raise ConfigurationError(f"--market {market}: {reason}") from None
    except ValueError as error:
        raise ConfigurationError(f"{market}: {error}") from None


def _pace(speed: str) -> Decimal:
    try:
        pace = Decimal(speed)
    except InvalidOperation:
        pace = Decimal(0)
    if not (pace.is_finite() and 0 < pace <= FASTEST):
        raise ConfigurationError(f"--speed {speed}: it must be above 0, and at most {FASTEST}")
    return pace
