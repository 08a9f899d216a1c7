"""The oracle sees every change of what trueup does, and nothing else."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from chaos import play
from chaos.bugs import ALL_BUGS
from chaos.histories.empty_databases import empty_databases
from chaos.speed.patching import patched
from oracle import __main__ as command_line
from oracle import compare_trees, trees
from oracle.comparison import Comparison, Divergence, divergences
from oracle.files import drawn, read_lines, write, write_lines
from oracle.player import Record, play_files, record_of, story_of
from oracle.rendering import figures
from oracle.trees import HERE, Tree, checked_out, commit_of
from oracle.words import OWNED_STATUS, word
from trueup.domain.planning.plan import plan_for
from trueup.states.work import planning

SOME = (1, 3, 4, 8, 12, 25, 100)


@pytest.fixture
def histories(tmp_path: Path) -> Path:
    """A file of some histories: some live, some on SQLite."""
    path = tmp_path / "histories" / "0001.jsonl"
    path.parent.mkdir()
    write(path, map(drawn, SOME))
    return path


@contextmanager
def _this_tree(_commit: str) -> Iterator[Tree]:
    yield HERE


def _diverged(number: int, before: Record, after: Record) -> set[str]:
    found = Comparison()
    found.add([before], [after])
    return {each.section for each in found.differing.get(number, ())}


def test_a_file_gives_the_same_record_in_every_process(histories: Path, tmp_path: Path) -> None:
    HERE.play([histories], tmp_path / "one")
    play_files([histories], tmp_path / "other")
    one, other = ((tmp_path / name / histories.name).read_bytes() for name in ("one", "other"))
    assert one == other
    records = [*read_lines(tmp_path / "one" / histories.name)]
    assert [record["history"] for record in records] == list(SOME)
    assert [record["live"] for record in records] == [number % 4 == 0 for number in SOME]
    assert all(record["sections"]["plans"] for record in records)


def test_looking_on_changes_nothing() -> None:
    entry = drawn(3)
    alone = play(entry.history)
    record = record_of(entry)
    requests = record["sections"]["writes"] + record["sections"]["reads"]
    assert len(requests) == alone.requests
    assert not any("broken" in line for line in record["sections"]["tally"])


def test_a_store_in_memory_and_on_disk_give_the_same_record() -> None:
    with empty_databases() as empty:
        on_disk = record_of(drawn(25), on_sqlite=empty)
    assert on_disk == record_of(replace(drawn(25), on_sqlite=False))


@pytest.mark.parametrize("name", ["cancel before amend", "remainder of the shares dropped"])
def test_a_planted_bug_is_a_difference(name: str) -> None:
    bug = next(bug for bug in ALL_BUGS if bug.name == name)
    diverged = {
        section
        for number in (3, 4)
        for section in _diverged(
            number, record_of(drawn(number)), record_of(drawn(number), start=bug.start)
        )
    }
    assert {"writes", "intents", "calls"} <= diverged


def test_another_plan_that_comes_to_the_same_is_a_difference() -> None:
    def careless(*args: object, **options: object) -> object:
        plan = plan_for(*args, **options)  # type: ignore[arg-type] # whatever plan_for takes
        return replace(plan, kept=())

    before = record_of(drawn(3))
    with patched(planning, "plan_for", careless):
        after = record_of(drawn(3))
    assert _diverged(3, before, after) == {"plans"}


def test_the_first_line_that_differs_is_told_of_each_section() -> None:
    old = {"writes": ["a", "b"], "alerts": ["x"], "books": ["one"]}
    new = {"writes": ["a", "c"], "alerts": ["x", "y"], "books": ["one"], "later": ["z"]}
    assert divergences(old, new) == (
        Divergence("writes", 2, (2, 2), "b", "c"),
        Divergence("alerts", 2, (1, 2), "nothing", "y"),
        Divergence("later", 1, (0, 1), "nothing", "z"),
    )
    assert str(divergences(old, new)[0]) == "writes, line 2 (of 2 old, 2 new):\n  - b\n  + c"


def test_the_tally_counts_histories_by_what_differs() -> None:
    def records(*writes: str) -> list[Record]:
        return [
            {
                "history": number,
                "live": number == 2,
                "sections": {"writes": [line], "books": [line]},
            }
            for number, line in enumerate(writes, 1)
        ]

    found = Comparison()
    found.add(records("a", "b", "c"), records("a", "b", "c"))
    assert str(found) == "oracle: histories 3 (1 live), differences 0"
    found.add(records("a", "b"), records("a", "x"))
    assert str(found) == ("oracle: histories 5 (2 live), differences 1 (in writes 1, books 1)")
    with pytest.raises(ValueError, match="is compared with"):
        found.add(records("a"), [*records("a", "b")][1:])


def test_of_a_text_only_the_numbers_count() -> None:
    assert figures("TP1: 261.2→783.6 ✅\nAll is well\n2 of 3 left") == "1 261.2 783.6 | 2 3"
    assert figures("left are 3, of them 2") == figures("2 of 3 left")


def test_a_value_without_a_word_is_an_error() -> None:
    assert word(OWNED_STATUS, "pending_new") == "pending-new"
    with pytest.raises(LookupError, match="has no word"):
        word(OWNED_STATUS, "lost")


def test_a_history_is_told_as_a_story(histories: Path) -> None:
    story = story_of(histories, 4)
    assert "What was to happen:" in story
    assert "What happened:" in story
    with pytest.raises(LookupError):
        story_of(histories, 2)


def test_a_difference_is_shown_with_both_stories(
    histories: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = tmp_path / "0123456789ab"
    folder.mkdir()
    histories.parent.rename(folder / "histories")
    monkeypatch.setattr(compare_trees, "FOLDER", tmp_path)
    monkeypatch.setattr(compare_trees, "commit_of", lambda _name: "0123456789abcdef")
    monkeypatch.setattr(compare_trees, "checked_out", _this_tree)
    arguments = ["compare", "--old", "HEAD", "--histories", "7"]
    assert command_line.main(arguments) == 0
    assert capsys.readouterr().out == "oracle: histories 7 (4 live), differences 0\n"
    records = [*read_lines(folder / "old" / "0001.jsonl")]
    records[2]["sections"]["writes"][0] += " once"
    write_lines(folder / "old" / "0001.jsonl", records)
    assert command_line.main(arguments) == 1
    shown = capsys.readouterr().out
    assert "history 4 differs\nwrites, line 1 (of " in shown
    assert "the stories are the same" in shown
    assert shown.endswith("oracle: histories 7 (4 live), differences 1 (in writes 1)\n")
    assert (folder / "stories" / "0004-old.txt").read_text().startswith("seed 3:")


def test_stories_diverge_where_numbers_differ_and_not_where_words_do() -> None:
    old = ["  10.000  a hand cancels 5 at 11", "  11.000  places 3", "What came of it:"]
    new = ["  10.000  someone cancels 5 at 11", "  11.000  places 4", "What happened:"]
    assert list(compare_trees.diverging_lines(old, new)) == [
        "   10.000  someone cancels 5 at 11",
        "-  11.000  places 3",
        "+  11.000  places 4",
        " What happened:",
    ]
    assert not [*compare_trees.diverging_lines(old, [*old[:2], new[2]])]


def test_a_commit_is_checked_out_for_as_long_as_it_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def git(*arguments: str) -> None:
        who = ("-c", "user.name=someone", "-c", "user.email=someone@example.com")
        subprocess.run(["git", *who, *arguments], cwd=tmp_path, check=True)  # noqa: S603, S607 - git, as the oracle asks it

    monkeypatch.setattr(trees, "ROOT", tmp_path)
    git("init", "--quiet")
    (tmp_path / "file").write_text("old")
    git("add", "file")
    git("commit", "--quiet", "-m", "old")
    (tmp_path / "file").write_text("new")
    with checked_out(commit_of("HEAD")) as tree:
        assert (tree.root / "file").read_text() == "old"
    assert not tree.root.exists()
    with pytest.raises(subprocess.CalledProcessError):
        commit_of("no-such-commit")
