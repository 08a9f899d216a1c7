"""What cancels leave is sure to cover the position, whatever pending writes still do."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tests.domain.planning.test_plan import order, target
from tests.domain.writes import amended, pending
from trueup.domain.model.instrument import ZERO, Instrument
from trueup.domain.planning.leaving.sure_cover import with_sure_cover
from trueup.domain.planning.pending import cover, cover_of
from trueup.domain.planning.plan import plan_for

D = Decimal
FINE = Instrument("BANDUSDT", D("0.1"), D(1), D(1), D(1000))
COARSE = Instrument("BANDUSDT", D("0.1"), D(5), D(5), D(1000))

FIRST, SECOND = order(1, 40), order(2, 27)
UNSURE = pending([SECOND], amended(SECOND, 2))
ONE_GOES = plan_for([target(2, 8)], [FIRST, SECOND])


def test_an_order_shrinks_where_another_may_cover_less_than_it_is_shown_to() -> None:
    leaving = with_sure_cover(ONE_GOES, UNSURE, D(67), D(8), FINE)
    assert leaving.cancels == ()
    assert [(a.order.level, a.growth, a.price) for a in leaving.amends] == [
        (1, D(-34), None),
        (2, D(-19), None),
    ]


def test_it_stays_where_it_is_no_larger_than_it_has_to_be() -> None:
    small = order(1, 6)
    plan = plan_for([target(2, 8)], [small, SECOND])
    leaving = with_sure_cover(plan, UNSURE, D(33), D(8), FINE)
    assert (leaving.cancels, leaving.amends) == ((), plan.amends)


def test_it_keeps_what_an_order_must_have_at_least() -> None:
    leaving = with_sure_cover(ONE_GOES, UNSURE, D(67), D(4), COARSE)
    assert [amend.target.quantity for amend in leaving.amends][:1] == [D(5)]


def test_one_that_the_exchange_does_not_amend_waits_as_it_is() -> None:
    leaving = with_sure_cover(ONE_GOES, UNSURE, D(67), D(8), FINE, [FIRST.order_id])
    assert (leaving.cancels, leaving.amends) == ((), ONE_GOES.amends)


def test_it_goes_where_all_is_known_and_where_it_may_be_gone_already() -> None:
    assert with_sure_cover(ONE_GOES, {}, D(67), D(8), FINE) == ONE_GOES
    of_its_own = pending([FIRST], amended(FIRST, 1))
    assert with_sure_cover(ONE_GOES, of_its_own, D(67), D(8), FINE) == ONE_GOES


quantities = st.integers(1, 60)


@given(st.lists(st.tuples(quantities, st.none() | quantities), min_size=1, max_size=4), quantities)
def test_the_least_that_is_covered_falls_no_further_than_without_doubt(
    drawn: list[tuple[int, int | None]], size: int
) -> None:
    orders = [order(number, quantity) for number, (quantity, _) in enumerate(drawn, 1)]
    writes = [amended(one, asked) for one, (_, asked) in zip(orders, drawn, strict=True) if asked]
    doubts = pending(orders, *writes)
    covered, position = sum((one.remaining for one in orders), ZERO), D(size)
    plan = plan_for([target(1, size)], orders)
    leaving = with_sure_cover(plan, doubts, covered, position, FINE)
    going = {cancel.order.order_link_id for cancel in leaving.cancels}
    held = {
        amend.order.order_link_id: amend.target.quantity
        for amend in leaving.amends
        if amend not in plan.amends
    }
    rests = [one for one in orders if one.order_link_id not in going]
    after = [
        min(cover_of(one, doubts).least, held.get(one.order_link_id, covered)) for one in rests
    ]
    shown = covered - sum((cancel.order.remaining for cancel in plan.cancels), ZERO)
    assert sum(after, ZERO) >= min(cover(orders, doubts).least, position, shown)
