"""An exchange on a real clock, while the machine's clock is set."""

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from trueup.simulator.server.pace import Pace


@dataclass(slots=True)
class Machine:
    """A machine's two clocks."""

    wall: int = 1_000_000
    monotonic: int = 70

    def goes_on(self, passed: int, set_by: int = 0) -> None:
        """Time passes, and somebody sets the clock."""
        self.monotonic += passed
        self.wall += passed + set_by

    def pace(self) -> Pace:
        """Of an exchange on this machine."""
        return Pace(lambda: self.wall, lambda: self.monotonic)


def test_it_jumps_with_a_clock_that_is_set_forth() -> None:
    """Else every client's signature comes from the exchange's future, and is refused."""
    machine = Machine()
    pace = machine.pace()
    machine.goes_on(20, set_by=15_000)
    assert pace.passed_ms() == 15_020
    machine.goes_on(20)
    assert pace.passed_ms() == 20


def test_it_goes_on_when_the_clock_is_set_back_and_does_not_jump_when_it_is_right_again() -> None:
    machine = Machine()
    pace = machine.pace()
    for set_by in (-5_000, 0, 5_000, 0):
        machine.goes_on(20, set_by)
        assert pace.passed_ms() == 20
    machine.goes_on(20, set_by=7)
    assert pace.passed_ms() == 27


@given(st.lists(st.tuples(st.integers(0, 1000), st.integers(-100_000, 100_000)), min_size=1))
def test_it_is_never_behind_the_clock_and_never_slower_than_time(
    steps: list[tuple[int, int]],
) -> None:
    machine = Machine()
    pace, began, passed = machine.pace(), machine.wall, 0
    for took, set_by in steps:
        machine.goes_on(took, set_by)
        step = pace.passed_ms()
        passed += step
        assert step >= took
        assert began + passed >= machine.wall
