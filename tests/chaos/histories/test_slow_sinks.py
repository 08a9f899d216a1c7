"""Histories with a second sink that is slow, or does not return for minutes."""

from dataclasses import replace

import pytest

from chaos import draw_history, play
from chaos.bugs.planted import Bug
from chaos.bugs.proof import hunt_bug
from chaos.bugs.sinks import SINK_BUGS
from chaos.histories import moves
from chaos.histories.later.bot_drawing import FIRST_SEED
from chaos.judge.sinks import SinksApart

HISTORIES = 12


def test_they_hold_and_have_calls_that_last() -> None:
    drawn = [draw_history(FIRST_SEED + number) for number in range(HISTORIES)]
    kept = [history for history in drawn if history.scene.has_slow_sink]
    assert len(kept) >= HISTORIES // 3
    lines = ""
    for history in kept:
        verdict = play(history, keep_log=True)
        assert verdict.findings == ()
        lines += "\n".join(verdict.lines)
    assert "the slow sink keeps a call" in lines
    assert "the slow sink returns from a call" in lines


def test_older_seeds_have_none() -> None:
    for seed in (*range(1, 60), *range(FIRST_SEED - 60, FIRST_SEED)):
        history = draw_history(seed)
        assert not history.scene.has_slow_sink
        assert not any(isinstance(move, moves.SlowSink) for move in history.moves)


@pytest.mark.parametrize("bug", SINK_BUGS, ids=lambda bug: bug.name)
def test_a_planted_bug_is_caught_by_the_law_and_by_nothing_before_it(bug: Bug) -> None:
    catch = hunt_bug(bug, FIRST_SEED, 100)
    assert catch.promise == SinksApart.name
    assert hunt_bug(replace(bug, first_seed=1), 1, 10).seed is None
