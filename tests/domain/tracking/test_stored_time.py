"""Stored times, whatever the clock that wrote them said (promise P13)."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from trueup.domain.model.commands import Operation
from trueup.domain.model.intent import Intent
from trueup.domain.tracking.stored_time import age_of, has_passed, left_until

NOW = datetime(2026, 1, 1, tzinfo=UTC)
LONGEST = timedelta(minutes=10)
_JUMPS = st.timedeltas(timedelta(days=-400), timedelta(days=400))


@given(_JUMPS)
def test_no_wait_is_longer_than_what_could_have_set_it(jump: timedelta) -> None:
    assert timedelta(0) <= left_until(NOW + jump, NOW, LONGEST) <= LONGEST


@given(st.timedeltas(timedelta(0), LONGEST))
def test_a_wait_is_kept_while_the_clock_is_right(left: timedelta) -> None:
    assert left_until(NOW + left, NOW, LONGEST) == left


def test_a_time_that_is_over_is_not_waited_for() -> None:
    assert left_until(None, NOW, LONGEST) == timedelta(0)
    assert left_until(NOW - timedelta(days=1), NOW, LONGEST) == timedelta(0)


@given(_JUMPS)
def test_a_span_has_passed_unless_the_time_lies_within_it(jump: timedelta) -> None:
    assert has_passed(NOW + jump, LONGEST, NOW) is not (-LONGEST < jump <= timedelta(0))


UP = timedelta(days=3)
"""For how long the machine has been up."""


def announced(at: timedelta | None, created_at: datetime = NOW) -> Intent:
    """A write that was announced when the machine had been up for so long."""
    return Intent("r-1", "r", Operation.PLACE, 1, 1, "id", "", None, None, created_at, announced=at)


@given(_JUMPS)
def test_a_clock_that_is_set_makes_a_write_no_older_and_no_younger(jump: timedelta) -> None:
    """A clock that was an hour behind wrote its time, and a process was started anew (65058)."""
    left = announced(UP - timedelta(seconds=7), created_at=NOW + jump)
    assert age_of(left, UP, NOW) == timedelta(seconds=7)


def test_where_the_machine_was_started_since_a_write_is_at_least_as_old_as_that() -> None:
    up = timedelta(seconds=30)
    assert age_of(announced(UP), up, NOW) == up


def test_of_a_write_that_was_recorded_without_it_the_stored_time_counts() -> None:
    ago = NOW - timedelta(seconds=7)
    assert age_of(announced(None, created_at=ago), UP, NOW) == timedelta(seconds=7)
    assert age_of(announced(None, created_at=NOW + UP), UP, NOW) == timedelta(0)
