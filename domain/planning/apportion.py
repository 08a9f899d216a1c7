"""Dividing a whole number of steps by weights, exactly."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from math import lcm


def apportion(steps: int, weights: Mapping[int, int]) -> dict[int, int]:
    """Divides ``steps`` among the keys by largest remainder; the parts sum to ``steps``.

    Ties go to the lower key, which for levels is the one nearer to TP1.

    Args:
        steps: what is divided; not negative.
        weights: not negative, at least one above 0.
    """
    total = sum(weights.values())
    exact = {key: divmod(steps * weight, total) for key, weight in weights.items()}
    parts = {key: whole for key, (whole, _) in exact.items()}
    left = steps - sum(parts.values())
    by_remainder = sorted(exact, key=lambda key: (-exact[key][1], key))
    for key in by_remainder[:left]:
        parts[key] += 1
    return parts


def in_proportion(numbers: Iterable[Decimal]) -> list[int]:
    """Whole numbers that are to each other as the numbers are, exactly."""
    ratios = [number.as_integer_ratio() for number in numbers]
    common = lcm(*(below for _, below in ratios))
    return [above * (common // below) for above, below in ratios]
