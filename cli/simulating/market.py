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


def set_in_motion(sim: Simulator, market: str | None, speed: str | None, seed: str | None) -> None:
    """Let the prices of a simulator move from now on, and give its book an end.

    Without a market they stand still. What the command line leaves out is None.

    Bid and ask are a tick away from the last price, and each tick holds 50,000 USDT, unless the
    scenario has switches of its own for that.

    Raises:
        ConfigurationError: the speed is none, it or the seed has no market that it goes with, or
            the market's file cannot be played.
    """
    if market is None:
        for name, given in (("--speed", speed), ("--seed", seed)):
            if given is not None:
                raise ConfigurationError(f"{name} {given}: without --market no price moves")
        return
    if seed is not None and market != RANDOM_WALK:
        raise ConfigurationError(f"--seed {seed}: it goes with --market {RANDOM_WALK} alone")
    behaviour = sim.behaviour
    if behaviour.book_depth is None and behaviour.book_value is None:
        ticks = behaviour.slippage_ticks or 1
        sim.behaviour = replace(behaviour, book_value=TICK_VALUE, slippage_ticks=ticks)
    move_market(sim, _moves(sim, market, DEFAULT_SEED if seed is None else seed), _pace(speed))


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


def _pace(speed: str | None) -> Decimal:
    if speed is None:
        return Decimal(1)
    try:
        pace = Decimal(speed)
    except InvalidOperation:
        pace = Decimal(0)
    if not (pace.is_finite() and 0 < pace <= FASTEST):
        raise ConfigurationError(f"--speed {speed}: it must be above 0, and at most {FASTEST}")
    return pace
