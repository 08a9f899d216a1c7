"""Ids that count up: a test that runs twice draws the same ones."""

from fractions import Fraction


class CountedRandomness:
    """Implements the port ``Randomness`` without any."""

    def __init__(self) -> None:
        self._runs = 0
        self._digits = 999

    def run_id(self) -> str:
        """Gives ``run-1``, then ``run-2``."""
        self._runs += 1
        return f"run-{self._runs}"

    def digits(self) -> int:
        """Gives 1000, then 1001, and 1000 again after 9999."""
        self._digits = max(1000, (self._digits + 1) % 10_000)
        return self._digits

    def jitter(self) -> Fraction:
        """Always one half."""
        return Fraction(1, 2)
