"""Seeds whose histories once broke a promise, with what trueup had not considered."""

import pytest

from chaos import draw_history, play

FOUND = {
    2729: "an amend of unknown outcome took effect after a run had ended as successful",
    7891: "parts were renumbered after the plan had been made",
    26230: "somebody cancelled between the reads of orders and position",
    100719: "a place that the plan had dropped took effect beside the order that grew in its stead",
    101079: "the same, after a run had ended as successful",
    102004: "a stale read showed the last position's order beside the new position",
    102029: "an order that shrank beside a place sent again with less uncovered the position",
    102645: "the same on a stream",
    119947: "a growing amend did not wait for an order that a smaller one still had to replace",
    120066: "a place took effect in the next position, beside that position's own order",
    122361: "an order closed for a forgotten reason was taken for refused",
    125785: "an amend of a dead process, and reads that lagged by five seconds",
    127490: "a cancel of a dead process, not shown yet",
    200385: "another run's cancel, not shown yet, of an order that the plan counted on",
    216444: "a position from before a fill that was on record",
    313947: "an amend that was not shown yet, and one of the same order that named only its price",
    348001: "an order filled in part between two tries of its cancel",
    351377: "amends that were not shown yet: what seemed to grow shrank, and left last",
    378599: "amends of a dead process, not shown yet, and a plan that counted on what they changed",
    392481: "amends of a dead process that made room, undone beside the order that needed it",
    389973: "places sent again with less, although the first had taken effect with more",
    421798: "a growing amend left in a request after that of a shrink that was refused",
    469370: "an alert stated the size of a position that could no longer be read",
    302202: "a view that a lagging read had confirmed was asked for again and again",
    5722: "somebody traded while the contract was delisted, and another one was listed",
    6726: "a sweep found that a position was not listed",
    12133: "somebody traded, in the middle of a request, while the contract was delisted",
    7269: "each run that ended for want of requests began the wait for a dropped place anew",
    16614: "the same, with two ladders one after the other",
    17706: "the same, after the place was sent again under its id and refused",
    7026: "a new position was first read without its orders, and then nobody judged whose it was",
    17964: "a refused amend showed that the orders ended with their position, and that was lost",
    5826: "an order had filled the maximum, since lowered, and no amend of it is accepted",
    10447: "the same, of an order that was adopted",
    10557: "the same, where what is lacking is too small for an order of its own",
    5154: "a run learned by a refusal that no order is large enough, and ended as partial",
    13674: "the same of an order's value",
    12509: "orders of a run before, closed when the contract was delisted, barred their levels",
}


@pytest.mark.parametrize("seed", FOUND)
def test_a_seed_that_broke_a_promise_once_breaks_none(seed: int) -> None:
    assert play(draw_history(seed)).findings == ()
