"""Ladders with a runner in histories: beside stops that trail, and held to their promise."""

from chaos.bugs.proof import hunt_bug
from chaos.bugs.stops.protection import PROTECTION_BUGS
from chaos.histories.history import draw_history
from chaos.histories.moves import GiveStop
from chaos.judge.protection.runner import RunnerTrails
from chaos.scene.runners import FIRST_SEED, has_runner

HISTORIES = 40


def test_ladders_have_runners_and_then_every_stop_trails() -> None:
    drawn = [draw_history(FIRST_SEED + number) for number in range(HISTORIES)]
    found = [history for history in drawn if has_runner(history.scene)]
    assert len(found) > HISTORIES // 4
    for history in found:
        given = [move.stop for move in history.moves if isinstance(move, GiveStop)]
        stops = [one.stop for one in history.scene.monitors if one.stop is not None]
        assert all(stop.trailing is not None for stop in (*stops, *given))


def test_no_history_of_an_earlier_seed_has_one() -> None:
    for seed in range(FIRST_SEED - HISTORIES, FIRST_SEED):
        assert not has_runner(draw_history(seed).scene)


def test_a_runner_without_a_stop_is_caught() -> None:
    bug = next(one for one in PROTECTION_BUGS if one.name == "runner without a stop")
    assert hunt_bug(bug, FIRST_SEED, 60).promise == RunnerTrails.name
