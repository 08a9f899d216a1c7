"""What a ladder asks for: the seed's figures, and laws over random worlds."""

from decimal import Decimal

from hypothesis import assume, given
from hypothesis import strategies as st

from tests.domain.strategies import instruments, ladders, progresses
from trueup import Ladder
from trueup.domain.model.instrument import Instrument
from trueup.domain.planning.targets import LevelProgress, Targets, targets_for

D = Decimal
BAND = Instrument("BANDUSDT", D("0.0001"), D("0.1"), D("0.1"), D(100_000), D(5))
ROOMY = Instrument("BANDUSDT", D("0.0001"), D("0.1"), D("0.1"), D(100_000))
SELL = Ladder.of(("0.6528", 85), ("0.64", 5), ("0.62", 5), ("0.60", 5))

_MOST_ORDERS = 500
"""Active orders that Bybit takes for a symbol (docs/v5/order/create-order.mdx)."""


def quantities(targets: Targets) -> list[str]:
    return [str(order.quantity) for order in targets.orders]


def test_the_seed_s_ladder_for_three_entries() -> None:
    assert quantities(targets_for(SELL, D("921.9"), {}, BAND)) == ["783.6", "46.1", "46.1", "46.1"]


def test_remainders_go_to_the_largest_and_the_sum_is_the_position() -> None:
    targets = targets_for(SELL, D("307.3"), {}, BAND)
    assert quantities(targets) == ["261.2", "15.4", "15.4", "15.3"]
    assert sum(order.quantity for order in targets.orders) == D("307.3")


def test_a_filled_level_counts_as_done_and_a_later_entry_grows_the_others() -> None:
    progress = {1: LevelProgress(D("85"), done=True)}
    assert quantities(targets_for(SELL, D(15), progress, ROOMY)) == ["5.0", "5.0", "5.0"]
    grown = targets_for(SELL, D(115), progress, ROOMY)
    assert grown.of_level(1) == 0
    assert quantities(grown) == ["38.4", "38.3", "38.3"]


def test_a_partial_fill_counts_towards_the_share() -> None:
    progress = {1: LevelProgress(D(40), parts=((1, D(40)),))}
    assert quantities(targets_for(SELL, D(60), progress, ROOMY)) == ["45.0", "5.0", "5.0", "5.0"]


def test_a_position_reduced_by_hand_scales_what_is_left() -> None:
    assert quantities(targets_for(SELL, D(50), {}, ROOMY)) == ["42.5", "2.5", "2.5", "2.5"]


def test_all_levels_done_and_a_rest_open_arms_the_last_one_again() -> None:
    done = {n: LevelProgress(D(10), done=True) for n in (1, 2, 3, 4)}
    targets = targets_for(SELL, D(20), done, BAND)
    assert [(order.level, order.quantity) for order in targets.orders] == [(4, D("20.0"))]
    assert "TP4 is wanted again" in targets.notes[0]


def test_levels_below_the_minimum_merge_towards_tp1() -> None:
    coarse = Instrument("X", D("0.0001"), D("0.1"), D(3), D(1000))
    targets = targets_for(SELL, D(50), {}, coarse)
    assert [(o.level, o.quantity) for o in targets.orders] == [(1, D("45.0")), (3, D("5.0"))]
    assert len(targets.notes) == 2


def test_a_level_that_no_new_order_fits_keeps_what_rests_and_the_next_covers_the_rest() -> None:
    small = Instrument("X", D("0.0001"), D(1), D(1), D(60))
    parts = ((1, D(0)),)
    rests = {1: D(60), 2: D(0)}
    targets = targets_for(SELL, D(100), {1: LevelProgress(parts=parts)}, small, rests)
    placed = [(order.level, order.part, int(order.quantity)) for order in targets.orders]
    assert placed == [(1, 1, 60), (3, 1, 35), (4, 1, 5)]
    assert "TP1's 25 cannot be placed: merged into TP3" in targets.notes


def test_dust_is_named_and_not_dropped_in_silence() -> None:
    targets = targets_for(SELL, D("0.1"), {}, BAND)
    assert targets.orders == ()
    assert targets.uncovered == D("0.1")
    assert "below the exchange's minimum" in targets.notes[-1]


def test_a_level_above_the_largest_order_is_split() -> None:
    small = Instrument("X", D("0.0001"), D(1), D(1), D(300))
    targets = targets_for(Ladder.of(("1", 90), ("2", 10)), D(1000), {}, small)
    assert [(o.level, o.part, o.quantity) for o in targets.orders] == [
        (1, 1, D(300)),
        (1, 2, D(300)),
        (1, 3, D(300)),
        (2, 1, D(100)),
    ]


def test_a_last_part_below_the_minimum_shares_with_as_many_before_it_as_that_takes() -> None:
    rules = Instrument("X", D("0.0001"), D(1), D(4), D(5))
    targets = targets_for(Ladder.of(("1", 100)), D(12), {}, rules)
    assert quantities(targets) == ["4", "4", "4"]
    assert quantities(targets_for(Ladder.of(("1", 100)), D(14), {}, rules)) == ["5", "5", "4"]
    too_few = targets_for(Ladder.of(("1", 100)), D(11), {}, rules)
    assert (quantities(too_few), too_few.uncovered) == (["5", "5"], D(1))


def test_a_resting_order_s_fill_leaves_less_room_in_its_part() -> None:
    small = Instrument("X", D("0.0001"), D(1), D(1), D(100))
    progress = {1: LevelProgress(D(90), parts=((1, D(90)),))}
    targets = targets_for(Ladder.of(("1", 100)), D(50), progress, small)
    assert [(o.part, o.quantity) for o in targets.orders] == [(1, D(10)), (2, D(40))]


def test_a_fill_of_the_second_part_leaves_less_room_in_that_part() -> None:
    small = Instrument("X", D("0.0001"), D(1), D(1), D(40))
    progress = {1: LevelProgress(D(2), parts=((1, D(0)), (2, D(2))))}
    targets = targets_for(Ladder.of(("1", 100)), D(79), progress, small)
    assert [(o.part, o.quantity) for o in targets.orders] == [(1, D(40)), (2, D(38)), (3, D(1))]


def test_of_two_parts_that_have_filled_the_one_that_covers_more_stays() -> None:
    rules = Instrument("BANDUSDT", D("0.0001"), D(1), D(1), D(40))
    progress = {1: LevelProgress(D(8), parts=((1, D(2)), (2, D(6))))}
    targets = targets_for(Ladder.of((2, 60), (3, 40)), D(39), progress, rules)
    assert [(o.level, o.part, o.quantity) for o in targets.orders] == [
        (1, 1, D(20)),
        (2, 1, D(19)),
    ]


def test_a_part_that_has_filled_stays_where_a_new_one_beside_it_would_be_too_small() -> None:
    """Its 4 rest, and those of a new order would only once it has gone."""
    rules = Instrument("BANDUSDT", D("0.0001"), D(1), D(5), D(5))
    progress = {1: LevelProgress(D(1), parts=((2, D(1)),))}
    targets = targets_for(Ladder.of((2, 100)), D(6), progress, rules)
    assert [(o.part, o.quantity) for o in targets.orders] == [(2, D(4))]
    assert targets.uncovered == D(2)


def test_what_is_too_little_for_an_order_goes_to_one_that_has_room_for_it() -> None:
    """Seed 1448046: TP1 had no room for its last 1, and TP2 had."""
    rules = Instrument("BANDUSDT", D("0.0001"), D(1), D(21), D(40))
    progress = {1: LevelProgress(D(1), parts=((1, D(1)),))}
    targets = targets_for(Ladder.of((2, 66), (3, 34)), D(61), progress, rules)
    assert [(o.level, o.quantity) for o in targets.orders] == [(1, D(39)), (2, D(22))]
    assert targets.uncovered == 0


def test_what_two_levels_leave_over_is_an_order_where_it_is_enough_for_one() -> None:
    """Of TP1's 13 and TP2's 7, 3 and 2 are too little for an order, and together they are one."""
    rules = Instrument("BANDUSDT", D("0.0001"), D(1), D(5), D(5))
    targets = targets_for(Ladder.of((2, 65), (3, 35)), D(20), {}, rules)
    assert [(o.level, o.part) for o in targets.orders] == [(1, 1), (1, 2), (1, 3), (2, 1)]
    assert targets.uncovered == 0


def test_what_the_nearest_level_leaves_over_is_shared_out_at_a_farther_one() -> None:
    """TP1's last 1 is too little, and TP2's 21 of three times 7 are four orders with it."""
    rules = Instrument("BANDUSDT", D("0.0001"), D(1), D(5), D(7))
    targets = targets_for(Ladder.of((2, "27.6"), (3, "72.4")), D(29), {}, rules)
    assert [(o.level, o.quantity) for o in targets.orders] == [
        (1, D(7)),
        (2, D(7)),
        (2, D(5)),
        (2, D(5)),
        (2, D(5)),
    ]


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Ladder, Decimal, dict[int, LevelProgress], Instrument]:
    instrument = draw(instruments())
    ladder = draw(ladders())
    cheapest = min(level.price for level in ladder.levels)
    assume(instrument.max_quantity * cheapest >= 3 * instrument.min_notional)
    most = _MOST_ORDERS * instrument.steps(instrument.max_quantity)
    size = instrument.quantity(draw(st.integers(0, min(1_000_000, most))))
    return ladder, size, draw(progresses(ladder, instrument)), instrument


@given(worlds())
def test_law_the_sum_is_the_position(
    world: tuple[Ladder, Decimal, dict[int, LevelProgress], Instrument],
) -> None:
    ladder, size, progress, instrument = world
    targets = targets_for(ladder, size, progress, instrument)
    assert sum((o.quantity for o in targets.orders), D(0)) + targets.uncovered == size


@given(worlds())
def test_law_every_order_is_one_the_exchange_takes(
    world: tuple[Ladder, Decimal, dict[int, LevelProgress], Instrument],
) -> None:
    ladder, size, progress, instrument = world
    for order in targets_for(ladder, size, progress, instrument).orders:
        assert order.quantity > 0
        assert order.quantity % instrument.quantity_step == 0
        assert order.quantity <= instrument.max_quantity


@given(worlds())
def test_law_a_finished_level_is_never_made_again_while_another_is_unfinished(
    world: tuple[Ladder, Decimal, dict[int, LevelProgress], Instrument],
) -> None:
    ladder, size, progress, instrument = world
    done = {number for number, each in progress.items() if each.done}
    if len(done) == len(ladder.levels):
        return
    targets = targets_for(ladder, size, progress, instrument)
    assert not done & {order.level for order in targets.orders}


@given(instruments(roomy=True), ladders(), st.integers(1, 1_000_000))
def test_law_without_fills_each_level_is_within_a_step_of_its_share(
    instrument: Instrument, ladder: Ladder, steps: int
) -> None:
    size = instrument.quantity(steps)
    targets = targets_for(ladder, size, {}, instrument)
    for level in ladder.levels:
        exact = size * level.share / 100
        assert abs(targets.of_level(level.number) - exact) < instrument.quantity_step


@given(instruments(roomy=True), ladders(), st.integers(100, 100_000), st.data())
def test_law_filling_as_planned_asks_for_nothing_new(
    instrument: Instrument, ladder: Ladder, steps: int, data: st.DataObject
) -> None:
    size = instrument.quantity(steps)
    before = targets_for(ladder, size, {}, instrument)
    level = data.draw(st.sampled_from([order.level for order in before.orders]))
    whole = before.of_level(level)
    filled = instrument.quantity(data.draw(st.integers(1, instrument.steps(whole))))
    parts = () if filled == whole else ((1, filled),)
    progress = {level: LevelProgress(filled, filled == whole, parts)}
    after = targets_for(ladder, size - filled, progress, instrument)
    for other in ladder.levels:
        left = whole - filled if other.number == level else before.of_level(other.number)
        assert abs(after.of_level(other.number) - left) <= instrument.quantity_step


@given(worlds())
def test_law_no_order_is_below_the_exchange_s_minimums(
    world: tuple[Ladder, Decimal, dict[int, LevelProgress], Instrument],
) -> None:
    ladder, size, progress, instrument = world
    for order in targets_for(ladder, size, progress, instrument).orders:
        resting = progress.get(order.level, LevelProgress()).resting_filled
        total = order.quantity + (resting if order.part == 1 else 0)
        assert instrument.allows(total, order.price)


@given(instruments(roomy=True), ladders(), st.integers(1, 1_000_000), st.integers(0, 1000))
def test_law_a_position_that_grows_shrinks_no_level_by_more_than_a_step(
    instrument: Instrument, ladder: Ladder, steps: int, more: int
) -> None:
    before = targets_for(ladder, instrument.quantity(steps), {}, instrument)
    after = targets_for(ladder, instrument.quantity(steps + more), {}, instrument)
    for level in ladder.levels:
        shrunk = before.of_level(level.number) - after.of_level(level.number)
        assert shrunk <= instrument.quantity_step


@given(worlds())
def test_law_asked_twice_it_says_the_same(
    world: tuple[Ladder, Decimal, dict[int, LevelProgress], Instrument],
) -> None:
    ladder, size, progress, instrument = world
    shuffled = dict(reversed(list(progress.items())))
    assert targets_for(ladder, size, progress, instrument) == targets_for(
        ladder, size, shuffled, instrument
    )
