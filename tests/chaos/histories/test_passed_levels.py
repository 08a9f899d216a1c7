"""Histories in which the market passes levels, and comes back."""

from dataclasses import replace

import pytest

from chaos import draw_history, play
from chaos.bugs.market import MARKET_BUGS
from chaos.bugs.planted import Bug
from chaos.bugs.proof import hunt_bug
from chaos.histories import moves
from chaos.histories.later.condition_drawing import FIRST_SEED
from chaos.judge.cover.beyond_market import Markets
from chaos.judge.cover.settled_cover import WholeWhenSettled

HISTORIES = 40


def test_they_hold_and_levels_wait() -> None:
    drawn = [draw_history(FIRST_SEED + number) for number in range(HISTORIES)]
    kept = [history for history in drawn if history.scene.beyond_market != "fill"]
    assert len(kept) >= HISTORIES // 3
    lines = ""
    for history in kept:
        verdict = play(history, keep_log=True)
        assert verdict.findings == ()
        lines += "\n".join(verdict.lines)
    assert "waits: the market has passed that price" in lines
    assert "is withheld: the market has passed that price" in lines


def test_older_seeds_have_none() -> None:
    for seed in (*range(1, 60), *range(FIRST_SEED - 60, FIRST_SEED)):
        history = draw_history(seed)
        assert history.scene.beyond_market == "fill"
        assert not any(isinstance(move, moves.PassLevels) for move in history.moves)


@pytest.mark.parametrize("bug", MARKET_BUGS, ids=lambda bug: bug.name)
def test_a_planted_bug_is_caught_by_its_law_and_in_no_older_history(bug: Bug) -> None:
    assert hunt_bug(bug, FIRST_SEED, 300).promise in bug.breaks
    assert hunt_bug(replace(bug, first_seed=1), 1, 10).seed is None


def test_without_the_excuse_a_level_that_waits_is_a_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = (draw_history(FIRST_SEED + number) for number in range(HISTORIES))
    history = next(each for each in drawn if each.scene.beyond_market == "wait")
    monkeypatch.setattr(Markets, "may_wait", lambda *_: 0)
    found = {finding.promise for finding in play(history).findings}
    assert found == {WholeWhenSettled.name}


def test_a_level_may_wait_by_rules_that_nothing_was_refused_by() -> None:
    """The tick had become 1, and TP1 at 2494.5 waited by the old one: nothing had been refused."""
    assert play(draw_history(30_000_718)).findings == ()
