"""The scenario that ``trueup simulator`` serves: one that ships, or a file."""

from pathlib import Path

from ...domain.model.errors import ConfigurationError
from ...simulator import ApiError, ClockKind, Simulator, load_scenario, scenarios
from ..base.failures import one_line

PAST_MS = 86_400_000
"""How long ago contracts were listed: bots want candles before they trade."""


def open_scenario(named: str) -> Simulator:
    """The simulator of a scenario, whose name goes before a file's.

    Raises:
        ConfigurationError: there is no such scenario or file, or it is not a scenario.
    """
    path = scenarios().get(named, Path(named))
    try:
        return _with_a_past(load_scenario(path, ClockKind.REAL))
    except OSError as error:
        raise ConfigurationError(f"{path}: it cannot be read: {error.strerror}{_hint(path)}") from (
            None
        )
    except (ApiError, ValueError, TypeError, LookupError, ArithmeticError) as error:
        reason = one_line(str(error))
        raise ConfigurationError(f"{path}: it is not a scenario: {reason}") from None


def _with_a_past(sim: Simulator) -> Simulator:
    """The simulator with candles of a day, which stand where its contracts are."""
    for symbol in sim.symbols:
        if sim.instrument(symbol).category == "linear":
            sim.backdate(symbol, PAST_MS)
    return sim


def _hint(path: Path) -> str:
    """For what looks like a name: the names that there are."""
    is_name = path.suffix == "" and len(path.parts) == 1
    return f"; those that ship are {', '.join(scenarios())}" if is_name else ""
