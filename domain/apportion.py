"""Dividing a whole number of steps by weights, exactly."""

from collections.abc import Mapping
from fractions import Fraction


def apportion(steps: int, weights: Mapping[int, Fraction]) -> dict[int, int]:
    """Divides ``steps`` among the keys by largest remainder; the parts sum to ``steps``.

    Ties go to the lower key, which for levels is the one nearer to TP1.

    Args:
        steps: what is divided; not negative.
        weights: not negative, at least one above 0.
    """
    total = sum(weights.values())
    exact = {key: steps * weight / total for key, weight in weights.items()}
    parts = {key: int(share) for key, share in exact.items()}
    left = steps - sum(parts.values())
    by_remainder = sorted(exact, key=lambda key: (parts[key] - exact[key], key))
    for key in by_remainder[:left]:
        parts[key] += 1
    return parts
