"""Beside a place that may yet land nothing lifts the cover above the position, or uncovers it."""

from dataclasses import replace
from decimal import Decimal

from tests.domain.planning.test_plan import order, target
from tests.domain.writes import amended, pending, placed
from trueup.domain.model.instrument import ZERO, Instrument
from trueup.domain.model.record import OwnedOrder, OwnedStatus
from trueup.domain.planning.leaving.headroom import fit_to_headroom
from trueup.domain.planning.pending import Pending
from trueup.domain.planning.plan import Place, plan_for

D = Decimal
FINE = Instrument("BANDUSDT", D("0.1"), D(1), D(1), D(1000))
COARSE = Instrument("BANDUSDT", D("0.1"), D(5), D(5), D(1000))
"""Its step is larger than what orders differ by, as after a change of the rules."""


def dropped(quantity: int) -> Pending:
    """A place that may land, and that no plan wants any more."""
    sent = order(9, quantity, status=OwnedStatus.PENDING_NEW)
    return pending([sent], placed(sent))


def unseen(*quantities: int) -> list[OwnedOrder]:
    """Orders of the first levels that were sent, and that no read has shown."""
    return [order(n, q, status=OwnedStatus.PENDING_NEW) for n, q in enumerate(quantities, 1)]


def test_a_place_that_goes_out_again_with_more_goes_out_whole() -> None:
    sent = order(1, 60, status=OwnedStatus.PENDING_NEW)
    plan = plan_for([target(1, 85), target(2, 15)], [sent])
    assert fit_to_headroom(plan, pending([sent], placed(sent)), ZERO, D(100), FINE) == plan


def test_what_grows_leaves_room_for_what_may_land() -> None:
    plan = plan_for([target(1, 100)], [order(1, 40)])
    leaving = fit_to_headroom(plan, dropped(20), D(40), D(100), FINE)
    assert [amend.target.quantity for amend in leaving.amends] == [80]


def test_nothing_grows_where_there_is_no_room() -> None:
    plan = plan_for([target(1, 60), target(2, 40)], [order(1, 50), order(2, 50)])
    leaving = fit_to_headroom(plan, dropped(20), D(100), D(100), FINE)
    assert leaving.is_empty


def test_a_price_moves_where_nothing_grows() -> None:
    plan = plan_for([target(1, 60, price=90), target(2, 40)], [order(1, 50), order(2, 50)])
    leaving = fit_to_headroom(plan, dropped(20), D(100), D(100), FINE)
    assert [(a.price, a.quantity) for a in leaving.amends] == [(D(90), None)]


def test_what_shrinks_gives_up_only_what_goes_out_again() -> None:
    """Seed 102029: all of it left, and only a part of what it made room for."""
    sent = order(3, 6, status=OwnedStatus.PENDING_NEW)
    wanted = [target(1, 5), target(2, 5), target(3, 5), target(4, 5)]
    plan = plan_for(wanted, [order(1, 20), sent])
    leaving = fit_to_headroom(plan, pending([sent], placed(sent)), D(20), D(20), FINE)
    assert [amend.target.quantity for amend in leaving.amends] == [15]
    assert [place.target.quantity for place in leaving.places] == [5]


def test_what_grows_leaves_room_for_an_order_that_a_later_round_replaces() -> None:
    """Seed 119947: the amends of both were refused, and the one that grows went first."""
    both = [order(1, 50), order(2, 30), order(3, 20)]
    wanted = [target(1, 85), target(2, 5, price=90), target(3, 10, price=91)]
    plan = plan_for(wanted, both, not_amendable={each.order_id for each in both})
    assert [cancel.order.level for cancel in plan.cancels] == [2]
    assert [place.target.level for place in plan.places] == [2]
    grown = replace(plan, cancels=(), places=(*plan.places, Place(target(4, 85))))
    leaving = fit_to_headroom(grown, {}, D(70), D(100), FINE)
    assert [place.target.quantity for place in leaving.places] == [5, 25]


def test_a_place_that_is_left_too_small_waits() -> None:
    coarse = Instrument("BANDUSDT", D("0.1"), D(1), D(10), D(1000))
    plan = plan_for([target(1, 70), target(2, 30)], [order(1, 70)])
    leaving = fit_to_headroom(plan, dropped(25), D(70), D(100), coarse)
    assert leaving.is_empty


def test_an_order_above_the_largest_waits_until_it_can_shrink_to_that() -> None:
    """Seed 924788: it was asked to shrink a little, and what the exchange refused stayed so."""
    narrow = Instrument("BANDUSDT", D("0.1"), D(1), D(1), D(5))
    wanted = [target(1, 5), target(2, 14), target(3, 5)]
    plan = plan_for(wanted, [order(1, 31), order(2, 14)])
    leaving = fit_to_headroom(plan, dropped(20), D(45), D(39), narrow)
    assert not leaving.amends


def test_nothing_makes_room_for_a_place_that_waits() -> None:
    """Seed 17335: the order shrank for a place that was left too small to be sent."""
    coarse = Instrument("BANDUSDT", D("0.1"), D(1), D(15), D(1000))
    plan = plan_for([target(1, 70), target(2, 30)], [order(1, 75)])
    leaving = fit_to_headroom(plan, dropped(20), D(75), D(100), coarse)
    assert leaving.is_empty


def test_what_an_amend_may_have_grown_leaves_no_room_for_others() -> None:
    """TP1 may cover 60 by now: TP2 grows to 40, not to 60."""
    both = [order(1, 40), order(2, 20)]
    plan = plan_for([target(1, 40), target(2, 60)], both)
    may_be = pending(both, amended(both[0], 60))
    leaving = fit_to_headroom(plan, may_be, D(60), D(100), FINE)
    assert [(a.target.level, a.target.quantity) for a in leaving.amends] == [(2, D(40))]


def test_the_same_amend_goes_out_again() -> None:
    both = [order(1, 40), order(2, 40)]
    plan = plan_for([target(1, 60), target(2, 40)], both)
    leaving = fit_to_headroom(plan, pending(both, amended(both[0], 60)), D(80), D(100), FINE)
    assert leaving == plan


def test_what_may_have_shrunk_is_not_counted_on() -> None:
    """TP1 is shown with 60 and may cover 40 by now: TP2 gives up nothing for its sake."""
    both = [order(1, 60), order(2, 60)]
    plan = plan_for([target(1, 60), target(2, 40)], both)
    may_be = pending(both, amended(both[0], 40))
    assert fit_to_headroom(plan, may_be, D(120), D(100), FINE).is_empty
    assert fit_to_headroom(plan, {}, D(120), D(100), FINE) == plan


def test_what_is_sent_again_does_not_come_on_top() -> None:
    """Seed 2277: TP1 had to stay, since TP2 might have shrunk: TP3 waits.

    So does TP2: it may cover 10 by now, and more than the position is covered.
    """
    three = [order(1, 60), order(2, 60), order(3, 20, status=OwnedStatus.PENDING_NEW)]
    plan = plan_for([target(1, 20), target(2, 20), target(3, 10)], three)
    may_be = pending(three, amended(three[1], 10), placed(three[2]))
    leaving = fit_to_headroom(plan, may_be, D(120), D(50), FINE)
    assert {amend.target.level: amend.target.quantity for amend in leaving.amends} == {1: 40}
    assert not leaving.places


def test_where_nothing_is_known_to_rest_the_first_order_leaves_room_for_the_others() -> None:
    """TP2 of 10 was accepted; TP1 may rest with 60, and goes out again for a position of 30."""
    both = unseen(60, 10)
    plan = plan_for([target(1, 30)], both)
    may_be = pending(both, placed(both[0]), placed(both[1]))
    leaving = fit_to_headroom(plan, may_be, ZERO, D(30), FINE)
    assert [place.target.quantity for place in leaving.places] == [20]
    coarse = replace(FINE, min_quantity=D(25))
    assert fit_to_headroom(plan, may_be, ZERO, D(30), coarse).is_empty, "a read will show it"


def test_nothing_grows_beside_an_order_of_which_less_is_asked_although_no_read_showed_it() -> None:
    """Lists lacked rows for longer than stated: TP1 rests with 27, and the new ladder wants 23."""
    sent = unseen(27, 18)
    plan = plan_for([target(1, 23), target(2, 13), target(3, 9)], sent)
    leaving = fit_to_headroom(plan, {}, ZERO, D(45), FINE)
    assert [place.target.quantity for place in leaving.places] == [23, 13]
    known = plan_for([target(1, 23), target(3, 22)], [sent[0], order(2, 18)])
    leaving = fit_to_headroom(known, {}, D(18), D(45), FINE)
    assert [(a.target.level, a.target.quantity) for a in leaving.amends] == [(3, D(18))]
    assert [place.target.quantity for place in leaving.places] == [23]


def test_orders_go_out_again_with_less_one_at_a_time() -> None:
    """Seed 605960: TP1 and TP2 rested with 21 each, and TP3, which had never left, came on top."""
    sent = unseen(21, 21, 21)
    plan = plan_for([target(1, 17), target(2, 17), target(3, 16)], sent)
    may_be = pending(sent, *map(placed, sent))
    for writes in (may_be, {}):
        leaving = fit_to_headroom(plan, writes, ZERO, D(50), FINE)
        assert [(p.target.level, p.target.quantity) for p in leaving.places] == [(1, D(8))]


def test_orders_that_leave_each_other_no_room_wait_as_long_as_a_read_may_show_them() -> None:
    """Seed 5073459: TP1 had been refused, and TP2 and TP3 rested with all that was left."""
    sent = unseen(25, 15, 10)
    plan = plan_for([target(1, 13), target(2, 8), target(3, 4)], sent)
    may_be = pending(sent, *map(placed, sent))
    assert fit_to_headroom(plan, may_be, ZERO, D(25), FINE).is_empty
    unproven = fit_to_headroom(plan, {}, ZERO, D(25), FINE)
    assert [p.target.quantity for p in unproven.places] == [13], "only an answer shows more"
    one_in_time = fit_to_headroom(plan, pending(sent, placed(sent[1])), ZERO, D(25), FINE)
    assert [(p.target.level, p.target.quantity) for p in one_in_time.places] == [(1, D(10))]


def test_nothing_grows_beside_one_that_goes_out_again_where_there_is_no_room() -> None:
    """Seed 61727: TP1 was to grow, and TP2 to TP4 might rest with all they had."""
    rests = order(1, 13)
    sent = [order(number, 26, status=OwnedStatus.PENDING_NEW) for number in (2, 3, 4)]
    plan = plan_for([target(1, 21), *(target(number, 19) for number in (2, 3, 4))], [rests, *sent])
    leaving = fit_to_headroom(plan, pending(sent, *map(placed, sent)), D(13), D(78), FINE)
    assert leaving.amends == ()
    assert [(p.target.level, p.target.quantity) for p in leaving.places] == [(2, D(13))]


def test_the_first_that_goes_out_again_gets_no_more_than_the_others_may_leave() -> None:
    """Seed 970089: TP1 had never left, and TP2 to TP4 rested with all they had."""
    sent = unseen(75, 5, 4, 4)
    plan = plan_for([target(n, size) for n, size in ((1, 22), (2, 2), (3, 1), (4, 1))], sent)
    leaving = fit_to_headroom(plan, pending(sent, *map(placed, sent)), ZERO, D(26), FINE)
    assert [(p.target.level, p.target.quantity) for p in leaving.places] == [(1, D(13))]


def test_of_several_that_go_out_again_one_leaves_that_has_room_beside_the_others() -> None:
    sent = unseen(5, 30, 30)
    plan = plan_for([target(1, 2), target(2, 20), target(3, 20)], sent)
    may_be = pending(sent, *map(placed, sent))
    leaving = fit_to_headroom(plan, may_be, ZERO, D(42), FINE)
    assert [(p.target.level, p.target.quantity) for p in leaving.places] == [(2, D(7))]


def test_growth_that_no_read_shows_is_not_taken_back_for_more_than_leaves_in_its_stead() -> None:
    """Seed 1914611: TP1 covered 24 by then, shrank to 8, and there was room for 6 beside it."""
    rests = order(1, 3)
    plan = plan_for([target(1, 8), target(2, 11), target(3, 11)], [rests])
    leaving = fit_to_headroom(plan, pending([rests], amended(rests, 24)), D(3), D(30), FINE)
    assert [amend.target.quantity for amend in leaving.amends] == [24]
    assert [place.target.quantity for place in leaving.places] == [6]
    smaller = plan_for([target(1, 8)], [rests])
    leaving = fit_to_headroom(smaller, pending([rests], amended(rests, 24)), D(3), D(8), FINE)
    assert leaving == smaller, "more than the position may rest"


def test_what_goes_out_again_with_what_it_had_is_on_the_steps_of_now() -> None:
    """Seed 1847067: the steps had become larger, and the same place was refused in every run."""
    sent = unseen(8, 8, 8)
    plan = plan_for([target(n, size) for n, size in ((1, 10), (2, 5), (3, 5))], sent)
    leaving = fit_to_headroom(plan, {}, ZERO, D(20), COARSE)
    assert [(p.target.level, p.target.quantity) for p in leaving.places] == [(1, D(5))]


def test_the_first_that_goes_out_again_is_allowed_with_what_it_had() -> None:
    """Seed 5145744: too small with its 4 by new rules, TP2 had 5, and TP3 may rest with 9."""
    sent = [order(n, size, status=OwnedStatus.PENDING_NEW) for n, size in ((2, 4), (3, 9))]
    plan = plan_for([target(1, 80), target(2, 5), target(3, 5)], [order(1, 80), *sent])
    for writes in ({}, pending(sent, *map(placed, sent))):
        leaving = fit_to_headroom(plan, writes, D(80), D(93), COARSE)
        assert [(p.target.level, p.target.quantity) for p in leaving.places] == [(3, D(5))]


def test_an_amend_does_not_leave_again_beside_a_place_that_may_rest_with_more() -> None:
    """Seed 960015: TP1's growth was on its way, and so was TP3's place, now of 4 instead of 19."""
    rests, full = order(1, 34), order(2, 40)
    sent = order(3, 19, status=OwnedStatus.PENDING_NEW)
    plan = plan_for([target(1, 40), target(2, 40), target(3, 4)], [rests, full, sent])
    may_be = pending([rests, sent], amended(rests, 40), placed(sent))
    leaving = fit_to_headroom(plan, may_be, D(74), D(84), FINE)
    assert leaving.amends == ()
    assert [(p.target.level, p.target.quantity) for p in leaving.places] == [(3, D(4))]
    assert fit_to_headroom(plan, may_be, D(74), D(99), FINE) == plan


def test_an_order_that_may_have_shrunk_is_not_given_more_again() -> None:
    """TP1 of 43 may be 25 by now: 26 would raise it, and TP2 may cover 20 of a position of 37."""
    both = [order(1, 43), order(2, 11)]
    plan = plan_for([target(1, 26), target(2, 11)], both)
    may_be = pending(both, amended(both[0], 25), amended(both[1], 20))
    assert fit_to_headroom(plan, may_be, D(54), D(37), FINE).is_empty
    alone = pending(both, amended(both[0], 25))
    assert fit_to_headroom(plan, alone, D(54), D(37), FINE) == plan


def test_beside_the_first_that_goes_out_again_an_order_gives_up_only_what_that_takes() -> None:
    """Seed 973061: TP1 shrank for all three at once, and only one of them left."""
    sent = [order(level, 20, status=OwnedStatus.PENDING_NEW) for level in (2, 3, 4)]
    wanted = [target(1, 300), target(2, 20), target(3, 20), target(4, 10)]
    plan = plan_for(wanted, [order(1, 350), *sent])
    may_be = pending(sent, *(placed(each) for each in sent))
    assert fit_to_headroom(plan, may_be, D(350), D(350), FINE).is_empty, "a read will show them"
    leaving = fit_to_headroom(plan, {}, D(350), D(350), FINE)
    assert [amend.target.quantity for amend in leaving.amends] == [330]
    assert [place.target.quantity for place in leaving.places] == [20]


def test_no_amend_goes_out_again_beside_the_first_place_that_does() -> None:
    """Seed 1303935: TP1's growth had not arrived, and TP2 and TP3 rested with all they had."""
    rests = order(1, 10)
    sent = [order(2, 110, status=OwnedStatus.PENDING_NEW)]
    sent += [order(3, 120, status=OwnedStatus.PENDING_NEW)]
    plan = plan_for([target(1, 40), target(2, 90), target(3, 100)], [rests, *sent])
    may_be = pending([rests, *sent], amended(rests, 60), *map(placed, sent))
    leaving = fit_to_headroom(plan, may_be, D(10), D(230), FINE)
    assert leaving.amends == ()
    assert [place.target.level for place in leaving.places] == [2]
