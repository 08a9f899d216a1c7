"""The clock's offset: bounded by replies, and acted on where it is certain."""

from hypothesis import given
from hypothesis import strategies as st

from trueup.adapters.bybit.wire.clock_offset import ClockOffset, measured

WAYS = st.tuples(st.integers(0, 900), st.integers(0, 900), st.integers(1, 5000))


@given(offset=st.integers(-10_000, 10_000), replies=st.lists(WAYS, min_size=1, max_size=20))
def test_the_true_offset_is_always_between_the_bounds(
    offset: int, replies: list[tuple[int, int, int]]
) -> None:
    known, now = None, 1_737_809_937_842
    for there, back, pause in replies:
        left, now = now, now + there + back
        known = measured(known, left, now, left + there + offset)
        now += pause

    assert known is not None
    assert known.low_ms <= offset <= known.high_ms


@given(replies=st.lists(WAYS, min_size=1, max_size=20))
def test_the_quickest_reply_decides(replies: list[tuple[int, int, int]]) -> None:
    known, now = None, 1_737_809_937_842
    for there, back, _ in replies:
        known = measured(known, now, now + there + back, now + there)

    assert known is not None
    quickest = min(there + back for there, back, _ in replies)
    assert known.high_ms - known.low_ms <= quickest


def test_a_clock_that_was_set_is_believed_at_once() -> None:
    wrong = measured(None, 10_000, 10_020, 7_000)
    right = measured(wrong, 10_030, 10_050, 10_040)

    assert (wrong.low_ms, wrong.high_ms) == (-3020, -3000)
    assert (right.low_ms, right.high_ms, right.best_ms) == (-10, 10, 0)


@given(
    offset=st.integers(-10_000, 10_000),
    replies=st.lists(WAYS, min_size=1, max_size=5),
    there=st.integers(0, 999),
)
def test_what_is_signed_is_accepted_whatever_the_clock_shows(
    offset: int, replies: list[tuple[int, int, int]], there: int
) -> None:
    """Bybit: server_time - recv_window <= timestamp < server_time + 1000 (docs/v5/guide.mdx)."""
    known, now = None, 1_737_809_937_842
    for way, back, pause in replies:
        left, now = now, now + way + back
        known = measured(known, left, now, left + way + offset)
        now += pause
    assert known is not None
    arrives = now + there + offset
    assert arrives - known.window(5000) <= now + known.correction_ms < arrives + 1000


def test_it_says_by_how_much_the_clock_is_off() -> None:
    def text(low: int, high: int) -> str:
        return ClockOffset(low, high, 0).wrong

    assert text(-900, -500) == ""
    assert text(-5000, -501) == "the clock of this machine is 0.5 s fast: set it by NTP"
    assert text(-2700, -2650).startswith("the clock of this machine is 2.6 s fast")
    assert text(500, 9000) == ""
    assert text(4001, 4001).startswith("the clock of this machine is 4.0 s slow")


def test_the_window_is_never_shorter_than_what_is_uncertain_and_a_second() -> None:
    assert ClockOffset(-20, 20, 0).window(5000) == 5000
    assert ClockOffset(-3000, 3000, 0).window(5000) == 7000
