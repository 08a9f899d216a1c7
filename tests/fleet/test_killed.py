"""One process of three is killed while positions change: the others have its ladders true soon."""

import signal

import pytest

from tests.postgres import Server

from .crew import crew, until

NAMES = tuple(f"account{number}" for number in range(6))
pytestmark = pytest.mark.timeout(400)

START_S = 100.0
TAKEN_OVER_S = 10.0


@pytest.fixture
def killing() -> signal.Signals:
    """What nobody can prepare for."""
    return signal.SIGKILL


def test_the_ladders_of_a_killed_process_are_true_within_ten_seconds(
    postgres: Server, killing: signal.Signals
) -> None:
    with postgres.database() as url, crew(url, NAMES) as made:
        made.hold("307.3")
        first, *_ = [made.start() for _ in range(3)]
        until(lambda: made.covers("307.3"), START_S, "they make the ladders")
        first.send_signal(killing)
        made.hold("400")
        until(lambda: made.covers("400"), TAKEN_OVER_S, "the others take over")
        for process in made.processes[1:]:
            process.terminate()
        assert [process.wait(START_S) for process in made.processes] == [-killing, 0, 0]
