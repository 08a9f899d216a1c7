"""A process is frozen at a write, another one takes over, and the frozen one goes on."""

import signal
from collections.abc import Iterator
from time import monotonic

import pytest

from tests.postgres import Server
from trueup.cli.base.failures import ExitCode

from .crew import Crew, crew, is_frozen, until

pytestmark = pytest.mark.timeout(400)

START_S = 100.0
TAKE_OVER_S = 30.0
QUIET_S = 2.0
"""The one that took over has nothing left to commit then: what follows is the zombie's."""


@pytest.fixture
def one(postgres: Server) -> Iterator[Crew]:
    """A crew with one account."""
    with postgres.database() as url, crew(url, ("main",)) as made:
        yield made


def thawed(one: Crew, *options: str) -> tuple[int, bool, int]:
    """Has a process stand still over the end of its lease, at a write, and go on.

    Returns:
        How many writes the exchange then accepted, whether anything was committed, and the
        process's exit code.
    """
    one.hold("307.3")
    zombie = one.start(*options)
    until(lambda: one.covers("307.3") or is_frozen(zombie), START_S, "it makes the ladder")
    one.hold("400")
    until(lambda: is_frozen(zombie), START_S, "it freezes")
    one.start()
    until(lambda: one.covers("400"), TAKE_OVER_S, "the other one takes over")
    one.hold("500")
    until(lambda: one.covers("500"), TAKE_OVER_S, "the other one goes on")
    settled, since = one.committed(), monotonic()

    def is_quiet() -> bool:
        nonlocal settled, since
        before, settled = settled, one.committed()
        since = since if before == settled else monotonic()
        return monotonic() - since > QUIET_S

    until(is_quiet, START_S, "its last run is on record")
    accepted = one.accepted()
    zombie.send_signal(signal.SIGCONT)
    code = zombie.wait(START_S)
    return one.accepted() - accepted, one.committed() != settled, code


@pytest.mark.parametrize(
    "freeze",
    [
        "--freeze-before-signing",
        "--freeze-after-signing",
        "--freeze-at=Alerting.before-commit",
        "--freeze-at=amend.before-send",
        "--freeze-at=amend.after-reply",
    ],
)
def test_a_zombie_writes_nothing_and_commits_nothing(one: Crew, freeze: str) -> None:
    assert thawed(one, freeze) == (0, False, ExitCode.LEASE_OVER)


def test_without_the_gate_its_write_is_accepted(one: Crew) -> None:
    """The same test has to fail then: else it shows nothing."""
    accepted, _, code = thawed(one, "--freeze-before-signing", "--no-gate")
    assert (accepted > 0, code) == (True, ExitCode.LEASE_OVER)
