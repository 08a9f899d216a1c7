"""Laws of dividing steps by weights."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from trueup.domain.planning.apportion import apportion, in_proportion

WEIGHTS = st.dictionaries(st.integers(1, 20), st.integers(0, 10**30), min_size=1).filter(
    lambda weights: any(weights.values())
)
NUMBERS = st.lists(st.decimals(0, 10**12, places=18), min_size=1, max_size=20)


@given(st.integers(0, 10**20), WEIGHTS)
def test_parts_are_the_exact_shares_rounded_by_largest_remainder(
    steps: int, weights: dict[int, int]
) -> None:
    total = sum(weights.values())
    exact = {key: Fraction(steps * weight, total) for key, weight in weights.items()}
    parts = apportion(steps, weights)
    assert parts.keys() == weights.keys()
    assert sum(parts.values()) == steps
    assert all(0 <= parts[key] - int(share) <= 1 for key, share in exact.items())
    raised = [(exact[key] - int(exact[key]), -key) for key in parts if parts[key] > int(exact[key])]
    others = [(exact[key] % 1, -key) for key in parts if parts[key] == int(exact[key])]
    assert not raised or not others or min(raised) > max(others)


@given(NUMBERS)
def test_whole_numbers_are_to_each_other_as_the_numbers_are(numbers: list[Decimal]) -> None:
    whole = in_proportion(numbers)
    for one, of_one in zip(numbers, whole, strict=True):
        for other, of_other in zip(numbers, whole, strict=True):
            assert Fraction(one) * of_other == Fraction(other) * of_one
