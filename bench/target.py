"""The target of a figure; the table says whether it is met, and nothing else follows from it."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Of(StrEnum):
    """Which number of a figure a target is about."""

    OURS = "trueup"
    RATIO = "ratio"


@dataclass(frozen=True, slots=True)
class Target:
    """A bound for a figure.

    Attributes:
        text: the bound, for people.
        least: the number may not be below it.
        most: the number may not be above it.
    """

    text: str
    of: Of
    least: Decimal | None = None
    most: Decimal | None = None

    def is_met(self, ours: Decimal, ratio: Decimal | None) -> bool:
        """Whether the figure keeps the bound; a missing ratio does not."""
        value = ours if self.of is Of.OURS else ratio
        if value is None:
            return False
        return (self.least is None or value >= self.least) and (
            self.most is None or value <= self.most
        )


def at_most(bound: str, unit: str = "") -> Target:
    """The figure of trueup itself must not exceed the bound."""
    return Target(f"≤ {bound} {unit}".strip(), Of.OURS, most=Decimal(bound))


def at_least(bound: str, unit: str = "") -> Target:
    """The figure of trueup itself must not fall below the bound."""
    return Target(f"≥ {bound} {unit}".strip(), Of.OURS, least=Decimal(bound))


def ratio_at_most(bound: str) -> Target:
    """The ratio must not exceed the bound."""
    return Target(f"× ≤ {bound}", Of.RATIO, most=Decimal(bound))


def ratio_at_least(bound: str) -> Target:
    """The ratio must not fall below the bound."""
    return Target(f"× ≥ {bound}", Of.RATIO, least=Decimal(bound))
