"""The runner: what no level closes, as its share of the whole, and only beside a trailing stop."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.domain.carrying_out import carried_out
from tests.domain.strategies import instruments, ladders
from trueup import Ladder, MonitorKey, MonitorRecord, Role, Side
from trueup.domain.model.instrument import ZERO, Instrument
from trueup.domain.model.protection import PositionStop, StopRecord
from trueup.domain.model.record import Origin, OwnedOrder, OwnedStatus
from trueup.domain.model.stop import Stop, Trailing
from trueup.domain.planning.plan import plan_for
from trueup.domain.planning.runner import LEFT, runner_waits
from trueup.domain.planning.wanted_orders import WantedOrders, wanted_orders

D = Decimal
KEY = MonitorKey("main", "BANDUSDT", Side.BUY)
LADDER = Ladder.of((102, 50), (104, 30), runner=20)
RULES = Instrument("BANDUSDT", D(1), D(1), D(1), D(100_000))
WANTED = Stop.of(percent=5, trailing=Trailing.of(percent=1))
TRAILS = StopRecord(WANTED, seen=PositionStop(D(95), D(1)))
FIXED = StopRecord(WANTED, seen=PositionStop(D(95)))
STOPS = st.sampled_from((TRAILS, FIXED))


def monitor(
    size: Decimal | int, ladder: Ladder = LADDER, stop: StopRecord | None = TRAILS
) -> MonitorRecord:
    return MonitorRecord(1, KEY, Role.MAIN, None, ladder, position_size=D(size), stop=stop)


def wanted(record: MonitorRecord, instrument: Instrument = RULES) -> WantedOrders:
    assert record.ladder is not None
    return wanted_orders(record, record.ladder, instrument)


def rested(record: MonitorRecord, instrument: Instrument = RULES) -> MonitorRecord:
    """The record once its orders rest; nothing is to be done then."""
    result = wanted(record, instrument)
    plan = plan_for(result.beside.orders, record.orders, held=result.held)
    after = replace(record, orders=tuple(carried_out(plan, list(record.orders), 0)))
    again = wanted(after, instrument)
    assert plan_for(again.beside.orders, after.orders, held=again.held).is_empty
    return replace(after, withheld=again.all.withheld)


def filled(record: MonitorRecord, level: int, quantity: Decimal | None = None) -> MonitorRecord:
    """The record once the order of that level has filled, all of it or so much."""
    order = next(one for one in record.resting if one.level == level)
    more = order.remaining if quantity is None else quantity
    is_whole = more == order.remaining
    status = OwnedStatus.FILLED if is_whole else OwnedStatus.OPEN
    done = replace(order, filled=order.filled + more, status=status)
    return replace(record.with_order(done), position_size=record.position_size - more)


def levels(result: WantedOrders) -> list[tuple[int, str]]:
    return [(order.level, str(order.quantity)) for order in result.all.orders]


def test_the_runner_has_its_share_of_the_whole_while_levels_fill() -> None:
    record = rested(monitor(100))
    assert (levels(wanted(record)), wanted(record).all.runner) == ([(1, "50"), (2, "30")], D(20))
    record = filled(record, 1)
    assert (levels(wanted(record)), wanted(record).all.runner) == ([(2, "30")], D(20))
    grown = replace(record, position_size=D(150))
    assert (levels(wanted(grown)), wanted(grown).all.runner) == ([(2, "110")], D(40))
    record = filled(record, 2)
    assert (levels(wanted(record)), wanted(record).all.runner) == ([], D(20))
    assert record.covered_with_runner == record.position_size == 20
    # What is added once all levels are done is the runner's, too.
    assert wanted(replace(record, position_size=D(55))).all.runner == 55


def test_the_runner_is_never_more_than_is_open() -> None:
    """TP1 has filled its 50, and somebody has closed 45 of the rest: 20 % of 55 are 11."""
    record = replace(filled(rested(monitor(100)), 1), position_size=D(5))
    result = wanted(record)
    assert (levels(result), result.all.runner, result.all.uncovered) == ([], D(5), ZERO)


def test_a_runner_below_half_a_step_is_none() -> None:
    result = wanted(monitor(2))
    assert (levels(result), result.all.withheld) == ([(1, "1"), (2, "1")], ())


def test_before_the_stop_trails_the_runner_is_not_covered() -> None:
    record = rested(monitor(100, stop=FIXED))
    assert (record.covered, record.covered_with_runner, runner_waits(record)) == (
        D(80),
        D(80),
        True,
    )
    record = replace(record, stop=TRAILS)
    assert (record.covered, record.covered_with_runner, runner_waits(record)) == (
        D(80),
        D(100),
        False,
    )
    assert wanted(record).all.withheld[0].why == LEFT


def test_before_the_stop_trails_it_takes_nothing_of_what_orders_cover() -> None:
    before = rested(monitor(100, Ladder.of((102, 70), (104, 30)), stop=FIXED))
    record = replace(before, ladder=LADDER)
    assert levels(wanted(record)) == [(1, "50"), (2, "50")]
    assert wanted(record).all.notes == ("the runner's 20 is TP2's until the stop is seen to trail",)
    grown = replace(record, position_size=D(110))
    assert (levels(wanted(grown)), wanted(grown).all.runner) == ([(1, "55"), (2, "45")], D(10))
    assert levels(wanted(replace(record, stop=TRAILS))) == [(1, "50"), (2, "30")]


@st.composite
def with_runner(draw: st.DrawFn) -> Ladder:
    """A ladder whose last share is the runner's; it has one level at least."""
    ladder = draw(ladders().filter(lambda one: len(one.levels) > 1))
    return Ladder(ladder.levels[:-1])


def positions(size: int, instrument: Instrument) -> Decimal:
    return min(instrument.quantity(size), instrument.max_quantity * 10)


@given(with_runner(), instruments(), st.integers(1, 100_000), STOPS)
def test_law_orders_runner_and_what_is_uncovered_sum_to_the_position(
    ladder: Ladder, instrument: Instrument, steps: int, stop: StopRecord
) -> None:
    cheapest = min(level.price for level in ladder.levels)
    assume(instrument.max_quantity * cheapest >= 3 * instrument.min_notional)
    size = positions(steps, instrument)
    targets = wanted(monitor(size, ladder, stop), instrument).all
    orders = sum((order.quantity for order in targets.orders), ZERO)
    assert orders + targets.runner + targets.uncovered == size
    for order in targets.orders:
        assert order.quantity % instrument.quantity_step == 0
        assert instrument.allows(order.quantity, order.price)


@given(with_runner(), instruments(roomy=True), st.integers(1, 1_000_000))
def test_law_it_is_within_half_a_step_of_its_share_and_the_levels_within_one(
    ladder: Ladder, instrument: Instrument, steps: int
) -> None:
    size = instrument.quantity(steps)
    targets = wanted(monitor(size, ladder), instrument).all
    assert abs(targets.runner - size * ladder.runner / 100) * 2 <= instrument.quantity_step
    for level in ladder.levels:
        exact = size * level.share / 100
        assert abs(targets.of_level(level.number) - exact) < 2 * instrument.quantity_step


@settings(deadline=None)  # several runs an example: a loaded machine is no defect
@given(with_runner(), instruments(roomy=True), st.integers(1, 5000), STOPS, st.data())
def test_law_whatever_fills_or_grows_a_second_run_has_nothing_to_do(
    ladder: Ladder, instrument: Instrument, steps: int, stop: StopRecord, data: st.DataObject
) -> None:
    record = monitor(instrument.quantity(steps), ladder, stop)
    for _ in range(data.draw(st.integers(1, 6))):
        record = rested(record, instrument)
        part = record.position_size - record.covered
        assert sum((one.quantity for one in record.withheld), ZERO) == part
        if stop is TRAILS:
            assert record.covered_with_runner == record.position_size
        live = [order for order in record.orders if order.status is OwnedStatus.OPEN]
        kind = data.draw(st.sampled_from(["fill", "grow"]))
        if live and kind == "fill":
            order = data.draw(st.sampled_from(live))
            of_it = data.draw(st.integers(1, instrument.steps(order.remaining)))
            record = filled(record, order.level, instrument.quantity(of_it))
        else:
            more = instrument.quantity(data.draw(st.integers(0, steps)))
            record = replace(record, position_size=record.position_size + more)


@given(
    ladders(), with_runner(), instruments(roomy=True), st.integers(1, 5000), st.integers(0, 5000)
)
def test_law_no_cover_is_given_up_for_a_runner_that_no_stop_closes(
    before: Ladder, ladder: Ladder, instrument: Instrument, steps: int, more: int
) -> None:
    record = rested(monitor(instrument.quantity(steps), before, FIXED), instrument)
    size = record.position_size + instrument.quantity(more)
    now = replace(record, ladder=ladder, position_size=size)
    targets = wanted(now, instrument).all
    assert sum((order.quantity for order in targets.orders), ZERO) >= now.covered
    assert targets.runner <= size - now.covered


@given(with_runner(), instruments(roomy=True), st.integers(1, 100_000))
def test_law_the_levels_divide_the_rest_as_a_ladder_without_a_runner_does(
    ladder: Ladder, instrument: Instrument, steps: int
) -> None:
    targets = wanted(monitor(instrument.quantity(steps), ladder), instrument).all
    rest = sum((order.quantity for order in targets.orders), ZERO)
    whole = sum((level.share for level in ladder.levels), ZERO)
    for level in ladder.levels:
        exact = rest * level.share / whole
        assert abs(targets.of_level(level.number) - exact) < instrument.quantity_step


def test_an_adopted_order_counts_like_one_that_was_placed() -> None:
    order = OwnedOrder(
        1, 1, "TP1", "id1", D(102), D(102), D(60), D(10), OwnedStatus.OPEN, Origin.ADOPTED
    )
    result = wanted(monitor(90).with_order(order))
    assert (levels(result), result.all.runner) == ([(1, "40"), (2, "30")], D(20))
