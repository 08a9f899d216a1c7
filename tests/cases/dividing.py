"""Dividing whole units by weights, written apart from the engine's own way of doing it."""

from collections.abc import Sequence
from fractions import Fraction


def divide(units: int, weights: Sequence[Fraction]) -> list[int]:
    """The units divided by largest remainder; of equal remainders the first gets the unit."""
    total = sum(weights, Fraction(0))
    quotas = [units * weight / total for weight in weights]
    parts = [quota.numerator // quota.denominator for quota in quotas]
    for _ in range(units - sum(parts)):
        short = [quota - part for quota, part in zip(quotas, parts, strict=True)]
        parts[short.index(max(short))] += 1
    return parts
