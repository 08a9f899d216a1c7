"""Random numbers of a history: one seed gives one sequence, the same on every machine."""

from collections.abc import Sequence
from fractions import Fraction
from random import Random
from typing import TypeVar

_T = TypeVar("_T")


class SeededRandom:
    """Draws numbers and choices."""

    def __init__(self, seed: int | str) -> None:
        self._random = Random(seed)  # noqa: S311 - histories, not keys

    def between(self, least: int, most: int) -> int:
        """A whole number from ``least`` to ``most``, both included."""
        return self._random.randint(least, most)

    def choice(self, choices: Sequence[_T]) -> _T:
        """One of the choices, all equally likely."""
        return self._random.choice(choices)

    def weighted(self, choices: Sequence[tuple[int, _T]]) -> _T:
        """One of the choices, by their weights."""
        at = self._random.randrange(sum(weight for weight, _ in choices))
        for weight, choice in choices:
            if at < weight:
                return choice
            at -= weight
        raise AssertionError("the weights do not sum up")

    def happens(self, percent: int) -> bool:
        """True in so many percent of the draws."""
        return self._random.randrange(100) < percent

    def sample(self, choices: Sequence[_T], most: int) -> list[_T]:
        """From one to ``most`` of the choices, each once, in their order."""
        count = self.between(1, min(most, len(choices)))
        picked = sorted(self._random.sample(range(len(choices)), count))
        return [choices[index] for index in picked]


class CountingRandomness:
    """The engine's randomness, made predictable: ids count up and are the same in every replay."""

    def __init__(self) -> None:
        self._runs = 0
        self._digits = 0
        self._jitters = 0

    def run_id(self) -> str:
        """Gives ``run-1``, then ``run-2``."""
        self._runs += 1
        return f"run-{self._runs}"

    def digits(self) -> int:
        """Four digits, each time the next ones."""
        self._digits += 1
        return 1000 + self._digits % 9000

    def jitter(self) -> Fraction:
        """A fraction from 0 up to, but not including, 1."""
        self._jitters += 1
        return Fraction(self._jitters * 617 % 1000, 1000)
