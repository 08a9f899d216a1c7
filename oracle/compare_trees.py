"""The whole comparison: both trees play the same files, and what differs is shown."""

import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from difflib import unified_diff
from itertools import islice
from pathlib import Path

from .comparison import Comparison
from .files import names, read_lines
from .trees import HERE, ROOT, Tree, checked_out, commit_of

FOLDER = ROOT / ".oracle"
_SHOWN = 3
_LINES = 40
_AROUND = 6


def compare_trees(old: str, first: int, last: int, processes: int) -> Comparison:
    """Plays the histories in an old commit's tree and in this one, compares and tells.

    Histories and the old tree's records are kept in ``.oracle/<commit>``, and made once.

    Args:
        old: the commit.
        first: the first history; the file that holds it is played whole.
        last: the last one, likewise.
        processes: how many play at once.
    """
    commit = commit_of(old)
    folder = FOLDER / commit[:12]
    histories, before, after = folder / "histories", folder / "old", folder / "new"
    files = [histories / name for name in names(first, last)]
    with checked_out(commit) as tree:
        if not all(path.exists() for path in files):
            tree.ask("draw", "--to", histories, "--histories", f"{first}-{last}")
        unplayed = [path for path in files if not (before / path.name).exists()]
        _play(((tree, unplayed, before), (HERE, files, after)), processes)
        found = Comparison()
        for path in files:
            found.add(read_lines(before / path.name), read_lines(after / path.name))
        for number in islice(found.differing, _SHOWN):
            _say(_story(found, number, tree, folder))
    return found


def _play(sides: Sequence[tuple[Tree, Sequence[Path], Path]], processes: int) -> None:
    """Lets each tree play its files, divided among so many processes, so many at once."""
    with ThreadPoolExecutor(processes) as pool:
        playing = [
            pool.submit(tree.play, files[share::processes], folder)
            for tree, files, folder in sides
            for share in range(processes)
        ]
        for each in playing:
            each.result()


def _story(found: Comparison, number: int, old: Tree, folder: Path) -> str:
    """What differs in a history, and where its two diaries part."""
    (name,) = names(number, number)
    stories = folder / "stories"
    stories.mkdir(exist_ok=True)
    told = {"old": "", "new": ""}
    for side, tree in zip(told, (old, HERE), strict=True):
        told[side] = tree.ask("tell", folder / "histories" / name, "--history", str(number))
        (stories / f"{number:04}-{side}.txt").write_text(told[side], encoding="utf-8")
    before, after = (text.splitlines() for text in told.values())
    parting = unified_diff(before, after, "old", "new", n=_AROUND, lineterm="")
    diaries = list(islice(parting, _LINES))
    return "\n".join(
        (
            f"\nhistory {number} differs",
            *map(str, found.differing[number]),
            "the diaries, where they part:" if diaries else "the diaries are the same",
            *(f"  {line}" for line in diaries),
            f"whole diaries: {stories}/{number:04}-old.txt, -new.txt",
        )
    )


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
