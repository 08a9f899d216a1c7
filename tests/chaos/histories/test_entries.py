"""Histories in which users name entries to be cancelled: drawn, held to their promises, proved."""

import pytest

from chaos import draw_history, play
from chaos.bugs.planted import Bug
from chaos.bugs.proof import hunt_bug
from chaos.bugs.stops.entries import ENTRY_BUGS
from chaos.histories.stops.entry_drawing import FIRST_SEED
from chaos.scene.scene import Scene

HOLDING = FIRST_SEED + 39
HISTORIES = 25


def rules(scene: Scene) -> list[int]:
    """The levels on which entries are to go."""
    found = [one.stop.cancel_entries for one in scene.monitors if one.stop is not None]
    return [one.after_level for one in found if one is not None]


def test_they_hold_and_entries_rest_go_fill_and_stay() -> None:
    lines = ""
    for seed in range(HOLDING, HOLDING + HISTORIES):
        verdict = play(draw_history(seed), keep_log=True)
        assert verdict.findings == ()
        lines += "\n".join(verdict.lines)
    for said in (
        "goes: TP1 has filled",
        "is cancelled",
        "had filled before it could be cancelled",
        "'BOT_7c_GRID' (entry)",
        "(other side)",
        "(reduce-only)",
        "on any order/cancel-batch",
        "the process dies at cancel-entry.",
    ):
        assert said in lines, said


def test_every_history_has_a_rule_and_none_of_an_earlier_seed() -> None:
    drawn = [rules(draw_history(seed).scene) for seed in range(FIRST_SEED, FIRST_SEED + 40)]
    assert all(drawn)
    assert {level for one in drawn for level in one} == {1, 2}
    for seed in range(FIRST_SEED - 40, FIRST_SEED):
        assert not rules(draw_history(seed).scene)


@pytest.mark.parametrize("bug", ENTRY_BUGS, ids=lambda bug: bug.name)
def test_a_planted_bug_is_caught_by_its_promise(bug: Bug) -> None:
    assert hunt_bug(bug, FIRST_SEED, 60).promise in bug.breaks
