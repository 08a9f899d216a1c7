"""A small campaign: histories hold, replays repeat, failures shrink, planted bugs are caught."""

from dataclasses import replace
from pathlib import Path

import pytest

from chaos import Verdict, draw_history, play, play_seeds, shrink
from chaos.baseline.comparison import compare
from chaos.bugs import ALL_BUGS
from chaos.bugs.planted import Bug
from chaos.bugs.proof import hunt, hunt_bug, row
from chaos.command_line import main
from chaos.histories.history import LIVE_EVERY
from chaos.histories.live_play import FOLLOWED
from chaos.histories.settle import SETTLED
from chaos.histories.story import command, story_of
from chaos.judge.judge import PROMISES
from chaos.world.engine import DOOR
from trueup.storage.sqlite import SqliteStore

HISTORIES = 150


def test_some_hundred_histories_hold() -> None:
    tally = play_seeds(1, HISTORIES)
    assert [(seed, str(verdict.findings[0])) for seed, verdict in tally.failures] == []
    assert tally.histories == HISTORIES
    assert tally.on_sqlite == HISTORIES // 25
    assert tally.crashes > HISTORIES // 10
    assert tally.faults > HISTORIES // 2


def test_a_history_is_told_alike_every_time() -> None:
    history = draw_history(12)
    assert draw_history(12) == history
    kept = range(len(history.moves))
    assert story_of(history, kept) == story_of(history, kept)


def test_a_history_is_the_same_on_sqlite(tmp_path: Path) -> None:
    for seed in range(30, 36):
        quick = play(draw_history(seed), keep_log=True)
        real = play(
            draw_history(seed),
            store=lambda seed=seed: SqliteStore(tmp_path / f"{seed}.db"),  # type: ignore[misc] # mypy infers no type for a lambda with a default
            keep_log=True,
        )
        assert quick == real


def test_any_move_may_be_left_out() -> None:
    history = draw_history(7)
    for place in range(len(history.moves)):
        others = [other for other in range(len(history.moves)) if other != place]
        assert play(history.keep(others)).findings == ()


def test_a_failure_shrinks_to_what_is_needed() -> None:
    (bug,) = (bug for bug in ALL_BUGS if bug.name == "unknown read as empty")
    caught = hunt(bug.name)
    assert caught.seed is not None
    history = draw_history(caught.seed)

    def breaks(smaller: object) -> bool:
        assert isinstance(smaller, type(history))
        verdict = play(smaller, start=bug.start)
        return any(finding.promise == caught.promise for finding in verdict.findings)

    kept = shrink(history, breaks)
    assert 0 < len(kept) < len(history.moves)
    assert breaks(history.keep(kept))
    for place in kept:
        assert not breaks(history.keep([other for other in kept if other != place]))
    keep_log = story_of(history, kept, start=bug.start)
    assert caught.promise in keep_log
    assert command(caught.seed, kept).endswith(",".join(map(str, kept)))


@pytest.mark.parametrize(
    ("bug", "promise"),
    [
        ("cancel before amend", "P4"),
        ("intent committed after the call", "P9"),
        ("remainder of the shares dropped", "P3"),
        ("order found nowhere given up at once", "P1"),
        ("wake lost during a run", "P7"),
        ("exception in a run without an alert", "P11"),
        ("exception in a run not counted", "P11"),
        ("start that judges the market", "P8"),
    ],
)
def test_a_planted_bug_is_caught(bug: str, promise: str) -> None:
    caught = hunt(bug, most=500)
    assert caught.promise.startswith(promise)
    assert f"seed {caught.seed:5}" in row(caught)


def test_a_bug_is_not_caught_by_a_promise_that_it_is_not_said_to_break() -> None:
    (bug,) = (bug for bug in ALL_BUGS if bug.name == "cancel before amend")
    catch = hunt_bug(replace(bug, breaks=("P11 never silent",)), first=1, most=3)
    assert catch.seed is None
    assert "P4 no naked moment" in catch.others
    assert "SURVIVED 3 histories, and broke only: " in row(catch)


def test_every_planted_bug_names_promises_that_there_are() -> None:
    there_are = {promise.name for promise in PROMISES} | {SETTLED, FOLLOWED, DOOR}
    for bug in ALL_BUGS:
        assert set(bug.breaks) <= there_are
        assert bug.breaks


@pytest.mark.parametrize("bug", ALL_BUGS, ids=lambda bug: bug.name)
def test_every_planted_bug_can_be_planted(bug: Bug) -> None:
    """The bug's patches fit, and the engine still runs with them."""
    for seed in (1, LIVE_EVERY):
        assert play(draw_history(seed), start=bug.start).requests


def test_there_are_enough_planted_bugs_and_none_by_the_same_name() -> None:
    names = [bug.name for bug in ALL_BUGS]
    assert len(names) == len(set(names)) >= 15


def test_the_bot_that_is_replaced_does_not_hold() -> None:
    counts = compare(1, 30)
    assert sum(counts["trueup"].values()) == 0
    assert counts["cancel, then place"]["P4 no naked moment"] > 0


def test_the_commands_say_how_it_ended(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", "5"]) == 0
    assert "All promises held." in capsys.readouterr().out
    assert main(["replay", "5", "--keep", "none"]) == 0
    assert "0 of" in capsys.readouterr().out


def test_a_verdict_says_what_it_cost() -> None:
    verdict = play(draw_history(3))
    assert isinstance(verdict, Verdict)
    assert verdict.requests > 0
    assert verdict.lines == ()
