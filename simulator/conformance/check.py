"""What a check is, and what it needs of the exchange that it is made against."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from .live import Live


class Needs(StrEnum):
    """What a check needs."""

    NOTHING = "nothing"
    KEYS = "keys"
    """API keys; it reads alone."""
    ORDERS = "orders"
    """Keys, and an exchange without real money: it sends orders, and leaves none behind."""


class CannotCheckError(Exception):
    """The account is not as a check needs it; the text says what is in the way."""


@dataclass(frozen=True, slots=True)
class Check:
    """A behaviour of Bybit's that can be seen from outside.

    Attributes:
        name: its name on the page about conformance.
        behaviour: what the exchange does.
        expected: what the simulator, with its default switches, shows.
        see: looks, and says what the exchange shows; and in what words, where there are some.
        needs: what it needs.
    """

    name: str
    behaviour: str
    expected: str
    see: Callable[[Live], tuple[str, str]]
    needs: Needs


class Verdict(StrEnum):
    """What a check has found."""

    AGREES = "agrees"
    DIFFERS = "DIFFERS"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of a check; `seen` is why it was skipped, where it was."""

    check: Check
    verdict: Verdict
    seen: str
