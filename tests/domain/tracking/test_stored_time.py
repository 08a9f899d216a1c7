"""Stored times, whatever the clock that wrote them said (promise P13)."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from trueup.domain.tracking.stored_time import has_passed, left_until

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
