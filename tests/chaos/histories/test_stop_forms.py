"""Histories in which stops are orders of trueup's: drawn, held to their promises, and proved."""

import pytest

from chaos import draw_history, play
from chaos.bugs.planted import Bug
from chaos.bugs.proof import hunt_bug
from chaos.bugs.stops.stop_orders import STOP_ORDER_BUGS
from chaos.histories.moves import GiveStop
from chaos.histories.stops.form_drawing import FIRST_SEED, LAST_SEED
from chaos.scene.scene import Scene
from trueup.domain.model.stop import Stop, StopForm

HISTORIES = 40


def stops(scene: Scene) -> list[Stop]:
    return [one.stop for one in scene.monitors if one.stop is not None]


def test_they_hold_and_orders_are_placed_amended_resized_and_cancelled() -> None:
    lines = ""
    for seed in range(FIRST_SEED, FIRST_SEED + HISTORIES):
        verdict = play(draw_history(seed), keep_log=True)
        assert verdict.findings == ()
        lines += "\n".join(verdict.lines)
    for said in (
        "Generated OrderLinkID: BOT_SL_",
        "someone cancels the stop's order",
        "someone amends the stop's order to close",
        "someone amends the stop's order to",
        "ret_code on any order/create",
        "form order",
        "UNPROTECTED",
        "it protects nothing any more",
    ):
        assert said in lines


def test_some_stay_as_they_were_and_no_order_trails() -> None:
    drawn = [draw_history(seed) for seed in range(FIRST_SEED, FIRST_SEED + 5 * HISTORIES)]
    given = [move.stop for one in drawn for move in one.moves if isinstance(move, GiveStop)]
    found = [*given, *(stop for one in drawn for stop in stops(one.scene))]
    assert {stop.form for stop in found} == set(StopForm)
    for stop in found:
        assert stop.form is StopForm.POSITION or stop.trailing is None
        assert stop.price or stop.percent or stop.trailing


def test_every_history_has_one_and_none_of_another_seed() -> None:
    for seed in range(FIRST_SEED, FIRST_SEED + HISTORIES):
        forms = [stop.form for stop in stops(draw_history(seed).scene)]
        assert StopForm.ORDER in forms
    for seed in (*range(FIRST_SEED - 20, FIRST_SEED), *range(LAST_SEED + 1, LAST_SEED + 20)):
        forms = [stop.form for stop in stops(draw_history(seed).scene)]
        assert StopForm.ORDER not in forms


@pytest.mark.parametrize("bug", STOP_ORDER_BUGS, ids=lambda bug: bug.name)
def test_a_planted_bug_is_caught_by_its_law(bug: Bug) -> None:
    assert hunt_bug(bug, bug.first_seed, 60).promise in bug.breaks
