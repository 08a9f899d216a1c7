"""Numbers, ids and the clock."""

from decimal import Decimal

import pytest

from trueup.simulator import VirtualClock
from trueup.simulator.base.decimals import exact, plain, rounded_down, rounded_up
from trueup.simulator.base.ids import Ids


@pytest.mark.parametrize(
    ("value", "text"),
    [("0.70", "0.70"), (Decimal("1e-8"), "0.00000001"), (12, "12"), (Decimal("1E+3"), "1000")],
)
def test_numbers_leave_as_plain_text(value: str | int | Decimal, text: str) -> None:
    assert plain(exact(value)) == text


@pytest.mark.parametrize("value", [0.7, True, None])
def test_inexact_types_are_refused(value: object) -> None:
    with pytest.raises(TypeError):
        exact(value)  # type: ignore[arg-type] # the wrong type is the mistake


@pytest.mark.parametrize(
    "value",
    ["", "x", "NaN", "Infinity", " 0.01", "+0.01", "０.１", "0_1", "1e-8", "1" + "0" * 27, "." * 2],
)
def test_text_that_is_no_number_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="number"):
        exact(value)


def test_rounding_to_a_grid() -> None:
    tick = Decimal("0.0005")
    assert plain(rounded_down(Decimal("0.73509"), tick)) == "0.7350"
    assert plain(rounded_up(Decimal("0.73509"), tick)) == "0.7355"
    assert plain(rounded_up(Decimal("0.73500000"), tick)) == "0.7350"


def test_ids_depend_on_seed_and_count_alone() -> None:
    first, second = Ids("a"), Ids("a")
    assert [first.fresh("order") for _ in range(3)] == [second.fresh("order") for _ in range(3)]
    assert Ids("a").fresh("order") != Ids("b").fresh("order")


def test_effects_run_in_order_at_their_own_time() -> None:
    clock, seen = VirtualClock(1000), list[tuple[str, int]]()
    clock.call_at(1030, lambda: seen.append(("late", clock.now_ms())))
    clock.call_at(1010, lambda: seen.append(("first", clock.now_ms())))
    clock.call_at(1010, lambda: seen.append(("second", clock.now_ms())))
    clock.advance(20)
    assert seen == [("first", 1010), ("second", 1010)]
    assert (clock.now_ms(), clock.waiting) == (1020, 1)
    clock.advance(10)
    assert seen[-1] == ("late", 1030)


def test_an_effect_may_set_up_another_within_the_same_advance() -> None:
    clock, seen = VirtualClock(0), list[int]()
    clock.call_at(5, lambda: clock.call_at(7, lambda: seen.append(clock.now_ms())))
    clock.advance(10)
    assert seen == [7]


def test_time_does_not_go_back() -> None:
    with pytest.raises(ValueError, match="back"):
        VirtualClock(0).advance(-1)
