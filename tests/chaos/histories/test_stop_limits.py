"""Histories in which stops are limit orders of trueup's: drawn, held to their promises, proved."""

from chaos import draw_history, play
from chaos.bugs.proof import hunt_bug
from chaos.bugs.stops.stop_orders import STOP_ORDER_BUGS
from chaos.histories.history import History
from chaos.histories.moves import GiveStop
from chaos.histories.stops.form_drawing import LAST_SEED
from chaos.histories.stops.limit_drawing import FIRST_SEED
from chaos.judge.protection.limits import StopLimitFollows
from trueup.domain.model.stop import Stop, StopForm

HISTORIES = 40


def stops(history: History) -> list[Stop]:
    """Every stop that is wanted in a history, at first or later."""
    given = [move.stop for move in history.moves if isinstance(move, GiveStop)]
    return [*given, *(one.stop for one in history.scene.monitors if one.stop is not None)]


def test_they_hold_and_orders_rest_unfilled_once_triggered() -> None:
    lines = ""
    for seed in range(FIRST_SEED, FIRST_SEED + HISTORIES):
        verdict = play(draw_history(seed), keep_log=True)
        assert verdict.findings == ()
        lines += "\n".join(verdict.lines)
    for said in ("limit_percent", "rests unfilled", ", limit "):
        assert said in lines


def test_only_orders_have_a_limit_and_only_in_histories_of_these_seeds() -> None:
    for seed in range(FIRST_SEED, FIRST_SEED + HISTORIES):
        found = stops(draw_history(seed))
        assert any(stop.limit_percent for stop in found)
        assert {stop.form for stop in found if stop.limit_percent} == {StopForm.ORDER}
    for seed in (*range(FIRST_SEED - 20, FIRST_SEED), *range(LAST_SEED + 1, LAST_SEED + 20)):
        assert not any(stop.limit_percent for stop in stops(draw_history(seed)))


def test_a_limit_that_stays_as_its_trigger_moves_is_caught() -> None:
    (bug,) = (bug for bug in STOP_ORDER_BUGS if StopLimitFollows.name in bug.breaks)
    assert hunt_bug(bug, FIRST_SEED, 60).promise == StopLimitFollows.name
