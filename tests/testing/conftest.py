"""Fixtures: the simulator's own test exchange."""

from tests.simulator.conftest import sim

__all__ = ["sim"]
