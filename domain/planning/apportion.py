"""Dividing a whole number of steps by weights, exactly."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from math import lcm


def apportion(steps: int, weights: Mapping[int, int]) -> dict[int, int]:
    """Divides ``steps`` among the keys by largest remainder; the parts sum to ``steps``.

    Ties go to the lower key, which for levels is the one nearer to TP1.

    A position of 307.3 has 3073 steps of 0.1. At 85/5/5/5 the exact parts are 2612.05 and three
    times 153.65. Rounding down leaves 2 steps over; they go to TP2 and TP3:

    >>> apportion(3073, {1: 85, 2: 5, 3: 5, 4: 5})
    {1: 2612, 2: 154, 3: 154, 4: 153}

    Args:
        steps: the whole to divide; not negative.
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
    """Whole numbers in exactly the same proportion as ``numbers``.

    >>> in_proportion([Decimal("0.5"), Decimal("1.25"), Decimal(2)])
    [2, 5, 8]
    """
    ratios = [number.as_integer_ratio() for number in numbers]
    common = lcm(*[denominator for _, denominator in ratios])
    return [numerator * (common // denominator) for numerator, denominator in ratios]
