"""Situations that are played: rows built by hand, and states of the original bot by name."""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

from tests.cases.casebook import MONITORS, Case, cases_of, read_cases
from tests.cases.play import Played, play
from tests.cases.switchboard import Switchboard
from trueup.simulator import SimulatorServer


@pytest.fixture(scope="package")
def address() -> Iterator[tuple[Switchboard, str]]:
    """A server to play at."""
    board = Switchboard()
    with SimulatorServer(board) as server:
        yield board, server.url


@pytest.fixture
def played(
    request: pytest.FixtureRequest, address: tuple[Switchboard, str], tmp_path: Path
) -> Played:
    """What came of a situation (see :func:`tests.incidents.situations.situations`)."""
    case = _case(request.param)
    assert isinstance(case, Case), case
    return play(case, *address, tmp_path / "case.db")


def _case(situation: Mapping[str, object] | str) -> object:
    if not isinstance(situation, str):
        (only,) = cases_of([{"case": "by hand", **situation}], {})
        return only
    if not MONITORS.is_file():
        pytest.skip(f"the state {situation} is not here: no ../shared/cases/monitors.json")
    return _real()[situation]


@cache
def _real() -> Mapping[str, object]:
    return {case.case: case for case in read_cases(MONITORS)}
