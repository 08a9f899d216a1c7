"""A server that cases are played at."""

from collections.abc import Iterator

import pytest

from tests.cases.switchboard import Switchboard
from trueup.simulator import SimulatorServer


@pytest.fixture(scope="package")
def address() -> Iterator[tuple[Switchboard, str]]:
    """A server to play at."""
    board = Switchboard()
    with SimulatorServer(board) as server:
        yield board, server.url
