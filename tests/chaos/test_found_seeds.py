"""Seeds whose histories broke a promise once, and what the engine had not thought of."""

import pytest

from chaos import draw_history, play

FOUND = {
    2729: "an amend of unknown outcome landed after all had been called well",
    7891: "parts were renamed after the plan was drawn",
    26230: "a hand cancelled between the reads of orders and position",
    100719: "a place that the plan had dropped landed beside what had grown in its stead",
    101079: "the same, after all had been called well",
    102004: "an old read showed the last position's order at the new one",
    102029: "what shrank beside a place sent again with less uncovered the position",
    102645: "the same on a stream",
    119947: "what grew did not wait for an order that was still to be replaced by a smaller one",
    120066: "a place landed in the next position, beside that one's own",
    122361: "an order closed for a reason that nobody knew any more was taken for refused",
    125785: "a dead process's amend, and reads that were five seconds behind",
    127490: "a dead process's cancel, not shown yet",
    200385: "another run's cancel, not shown yet, of an order that was counted on",
    216444: "a position as before a fill that was on record",
    313947: "an amend that was not shown yet, and one of the same order that said only its price",
    348001: "an order filled in part between two tries of its cancel",
    351377: "amends that were not shown yet: what seemed to grow shrank, and left last",
    378599: "amends of a dead process, not shown yet, and a plan that counted on what they changed",
    392481: "amends of a dead process that made room, taken back beside what it was for",
    389973: "places that went out again with less, when the first had landed with more",
    421798: "what grew left in a request after that of a shrink that was refused",
    469370: "an alert that told the size of a position from before it could be read no more",
    302202: "a view that a lagging read had proven, asked again and again",
}


@pytest.mark.parametrize("seed", FOUND)
def test_a_seed_that_broke_a_promise_once_breaks_none(seed: int) -> None:
    assert play(draw_history(seed)).findings == ()
