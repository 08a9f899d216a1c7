"""Laws of the rolling window."""

from hypothesis import given
from hypothesis import strategies as st

from trueup.adapters.bybit.limits.rolling_window import RollingWindow

SPAN = 1000
LIMITS = st.integers(1, 12)
REQUESTS = st.lists(
    st.tuples(st.integers(0, 400), st.integers(1, 12), st.integers(0, 1500)), max_size=40
)
"""How long after the last one it comes, its units, and how long it is under way."""


def _departures(limit: int, requests: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """When each came, when it left, and with how many units; one after the other."""
    window, now, told = RollingWindow(limit, SPAN), 0, []
    for gap, units, _ in requests:
        now += gap
        cut = min(units, limit)
        left = window.earliest(now, cut)
        told.append((now, left, cut))
        now = left
        window.leave(now, cut)
    return told


def _within(left: list[tuple[int, int]], until: int) -> int:
    return sum(units for at, units in left if until - SPAN < at <= until)


@given(limit=LIMITS, requests=REQUESTS)
def test_no_span_of_time_has_more_than_the_limit(
    limit: int, requests: list[tuple[int, int, int]]
) -> None:
    left = [(at, units) for _, at, units in _departures(limit, requests)]

    assert all(_within(left, at) <= limit for at, _ in left)


@given(limit=LIMITS, requests=REQUESTS)
def test_nothing_waits_longer_than_the_limit_asks(
    limit: int, requests: list[tuple[int, int, int]]
) -> None:
    told = _departures(limit, requests)

    for number, (came, at, units) in enumerate(told):
        before = [(at, units) for _, at, units in told[:number]]
        assert at == came or _within(before, at - 1) + units > limit


@given(limit=LIMITS, units=st.integers(1, 60), used=st.integers(0, 12))
def test_a_crowd_gets_the_limits_throughput(limit: int, units: int, used: int) -> None:
    window = RollingWindow(limit, SPAN)
    window.leave(0, min(used, limit))

    last = window.earliest(0, units)
    now = 0
    for _ in range(units):
        now = window.earliest(now, 1)
        window.leave(now, 1)

    assert last == now


@given(limit=LIMITS, requests=REQUESTS)
def test_delays_on_the_way_never_crowd_what_arrives(
    limit: int, requests: list[tuple[int, int, int]]
) -> None:
    window, now, arrivals = RollingWindow(limit, SPAN), 0, []
    for gap, units, way in requests:
        cut = min(units, limit)
        now = left = window.earliest(now + gap, cut)
        window.leave(left, cut)
        arrivals.append((left + way, cut))
        now += way
        window.arrived(left, cut, now)

    assert all(_within(arrivals, at) <= limit for at, _ in arrivals)


@given(limit=LIMITS, ours=st.integers(0, 12), remaining=st.integers(0, 12))
def test_what_others_used_is_left_to_them(limit: int, ours: int, remaining: int) -> None:
    ours, remaining = min(ours, limit), min(remaining, limit)
    window = RollingWindow(limit, SPAN)
    window.leave(100, ours)

    window.correct(limit, remaining, 100)

    assert window.free(101) == min(limit - ours, remaining)
    assert window.free(100 + SPAN) == limit


def test_a_limit_that_was_lowered_or_raised_counts_at_once() -> None:
    window = RollingWindow(10, SPAN)
    window.leave(0, 5)

    window.correct(4, 0, 0)
    assert (window.free(1), window.earliest(1, 4)) == (0, SPAN)
    window.correct(20, 15, 0)
    assert window.free(1) == 15


def test_a_hold_ends_on_the_microsecond() -> None:
    window = RollingWindow(10, SPAN)
    window.hold(777)
    window.hold(300)

    assert (window.free(776), window.earliest(0, 1), window.free(777)) == (0, 777, 10)


def test_what_was_turned_away_does_not_count() -> None:
    window = RollingWindow(10, SPAN)
    window.leave(0, 10)
    window.turned_away(0, 4)

    assert window.free(1) == 4
