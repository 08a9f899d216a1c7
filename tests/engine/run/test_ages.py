"""How long ago a write was announced does not change with the wall clock (promise P13)."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from trueup.domain.model.commands import Operation
from trueup.domain.model.intent import Intent
from trueup.engine.run.ages import Ages

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


@dataclass
class Machine:
    """A machine whose wall clock can be set; its moments go on."""

    wall: datetime = NOON
    since_start: timedelta = field(default_factory=timedelta)

    def now(self) -> datetime:
        """What the wall clock shows."""
        return self.wall

    def moment(self) -> timedelta:
        """The time since the machine started."""
        return self.since_start

    def sleep(self, duration: timedelta) -> None:
        """Lets time pass."""
        self.wall += duration
        self.since_start += duration


def write(at: datetime, number: int = 1) -> Intent:
    return Intent(f"r-{number}", "r", Operation.PLACE, 1, 1, "id", "", None, None, created_at=at)


def test_a_clock_that_is_set_makes_a_write_of_this_process_no_older_and_no_younger() -> None:
    machine = Machine()
    ages, intent = Ages(machine), write(machine.now())
    assert ages.of(intent) == timedelta(0)
    machine.sleep(3 * SECOND)
    for jump in (HOUR, -2 * HOUR):
        machine.wall += jump
        assert ages.of(intent) == 3 * SECOND


@pytest.mark.parametrize("stored", [NOON - 7 * SECOND, NOON - HOUR, NOON + HOUR])
def test_a_write_of_an_earlier_process_is_as_old_as_this_one_knows_of_it(stored: datetime) -> None:
    """Its time may have been written by a clock that was an hour behind (seed 65058)."""
    machine = Machine()
    ages, intent = Ages(machine), write(stored)
    assert ages.of(intent) == timedelta(0)
    machine.wall -= HOUR
    machine.sleep(20 * SECOND)
    assert ages.of(intent) == 20 * SECOND


def test_a_write_of_an_earlier_process_of_this_machine_is_as_old_as_it_is() -> None:
    """The time since the machine started goes on over restarts, whatever the clock shows."""
    machine = Machine()
    machine.sleep(HOUR)
    left = replace(write(NOON - HOUR), announced=machine.moment() - 7 * SECOND)
    assert Ages(machine).of(left) == 7 * SECOND


def test_where_the_machine_was_started_since_it_is_at_least_as_old_as_that() -> None:
    machine = Machine()
    machine.sleep(30 * SECOND)
    left = replace(write(NOON), announced=HOUR)
    assert Ages(machine).of(left) == machine.moment()


def test_an_id_that_a_dropped_run_left_is_that_of_a_new_write() -> None:
    machine = Machine()
    ages = Ages(machine)
    ages.of(write(machine.now()))
    machine.sleep(44 * SECOND)
    assert ages.of(write(machine.now())) == timedelta(0)


def test_of_many_writes_those_of_an_hour_ago_are_waited_for_anew() -> None:
    machine = Machine()
    ages, first = Ages(machine), write(NOON, 0)
    ages.of(first)
    machine.sleep(2 * HOUR)
    assert ages.of(first) == 2 * HOUR
    for number in range(1, 1100):
        ages.of(write(machine.now(), number))
    assert ages.of(first) == timedelta(0)
