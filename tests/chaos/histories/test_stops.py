"""Histories in which positions have stops: rules move them, people too, and the market."""

from dataclasses import replace

import pytest

from chaos import draw_history, play
from chaos.bugs.planted import Bug
from chaos.bugs.proof import hunt_bug
from chaos.bugs.stops.protection import PROTECTION_BUGS
from chaos.histories.stops.stop_drawing import FIRST_SEED

HISTORIES = 40


def test_they_hold_and_stops_are_moved_refused_and_triggered() -> None:
    lines = ""
    for seed in range(FIRST_SEED, FIRST_SEED + HISTORIES):
        verdict = play(draw_history(seed), keep_log=True)
        assert verdict.findings == ()
        lines += "\n".join(verdict.lines)
    for said in (
        "% from the entry",
        "breakeven after",
        "behind TP",
        "trailing by",
        "someone sets the stop from",
        "the new stop is",
        "the process dies at set_stop.",
        "late_effect on any position/trading-stop",
        "→ 10001",
        "UNPROTECTED",
        "by somebody else: it stays there",
        "was removed by somebody else",
    ):
        assert said in lines


def test_older_seeds_have_none() -> None:
    for seed in (*range(1, 60), *range(FIRST_SEED - 60, FIRST_SEED)):
        assert not any(watched.stop for watched in draw_history(seed).scene.monitors)


def test_every_rule_is_drawn() -> None:
    drawn = [
        watched.stop
        for seed in range(FIRST_SEED, FIRST_SEED + 10 * HISTORIES)
        for watched in draw_history(seed).scene.monitors
        if watched.stop is not None
    ]
    assert {stop.moving_target for stop in drawn} == {None, 1, 2}
    evens = [stop.breakeven for stop in drawn if stop.breakeven]
    assert any(even.after_level for even in evens)
    assert any(even.after_percent for even in evens)
    trails = [stop.trailing for stop in drawn if stop.trailing]
    assert any(trail.from_the_start for trail in trails)
    assert any(trail.after_level for trail in trails)
    assert any(trail.activation for trail in trails)
    for setting in ("price", "percent", "behind_target", "follow_average"):
        assert any(getattr(stop, setting) for stop in drawn)


@pytest.mark.parametrize("bug", PROTECTION_BUGS, ids=lambda bug: bug.name)
def test_a_planted_bug_is_caught_by_its_law_and_in_no_older_history(bug: Bug) -> None:
    assert hunt_bug(bug, FIRST_SEED, 300).promise in bug.breaks
    assert hunt_bug(replace(bug, first_seed=1), 1, 5).seed is None
