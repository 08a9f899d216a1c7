"""The whole comparison: both trees play the same files, and every difference is shown."""

import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from difflib import SequenceMatcher
from itertools import islice
from pathlib import Path

from .comparison import Comparison
from .files import names, read_lines
from .rendering import figures
from .trees import HERE, ROOT, Tree, checked_out, commit_of

FOLDER = ROOT / ".oracle"
_SHOWN = 3
_LINES = 40
_AROUND = 6


def compare_trees(old: str, first: int, last: int, processes: int) -> Comparison:
    """Plays histories in an old commit's tree and in this one, and compares the records.

    The histories and the old tree's records are kept in ``.oracle/<commit>`` and made only once.

    Args:
        old: the commit.
        first: the first history; the whole file that holds it is played.
        last: the last history, likewise.
        processes: how many processes play at once.
    """
    commit = commit_of(old)
    folder = FOLDER / commit[:12]
    before, after = folder / "old", folder / "new"
    with checked_out(commit) as tree:
        files = drawn_by(tree, commit, first, last)
        unplayed = [path for path in files if not (before / path.name).exists()]
        _play(((tree, unplayed, before), (HERE, files, after)), processes)
        found = Comparison()
        for path in files:
            found.add(read_lines(before / path.name), read_lines(after / path.name))
        for number in islice(found.differing, _SHOWN):
            _say(_story(found, number, tree, folder))
    return found


def drawn_by(tree: Tree, commit: str, first: int, last: int) -> list[Path]:
    """The files of these histories, as a commit's tree draws them, once."""
    histories = FOLDER / commit[:12] / "histories"
    files = [histories / name for name in names(first, last)]
    if not all(path.exists() for path in files):
        tree.ask("draw", "--to", histories, "--histories", f"{first}-{last}")
    return files


def _play(sides: Sequence[tuple[Tree, Sequence[Path], Path]], processes: int) -> None:
    """Lets each tree play its files, shared out among the processes."""
    with ThreadPoolExecutor(processes) as pool:
        playing = [
            pool.submit(tree.play, files[share::processes], folder)
            for tree, files, folder in sides
            for share in range(processes)
        ]
        for each in playing:
            each.result()


def _story(found: Comparison, number: int, old: Tree, folder: Path) -> str:
    """What differs in a history, and where its two stories diverge."""
    (name,) = names(number, number)
    stories = folder / "stories"
    stories.mkdir(exist_ok=True)
    rendered = {"old": "", "new": ""}
    for side, tree in zip(rendered, (old, HERE), strict=True):
        rendered[side] = tree.ask("tell", folder / "histories" / name, "--history", str(number))
        (stories / f"{number:04}-{side}.txt").write_text(rendered[side], encoding="utf-8")
    logs = list(islice(diverging_lines(*(text.splitlines() for text in rendered.values())), _LINES))
    return "\n".join(
        (
            f"\nhistory {number} differs",
            *map(str, found.differing[number]),
            "where the stories diverge:" if logs else "the stories are the same",
            *(f"  {line}" for line in logs),
            f"whole stories: {stories}/{number:04}-old.txt, -new.txt",
        )
    )


def diverging_lines(old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    """The lines of two stories that differ in a number, and some lines around them.

    The trees may word the same event differently, so words do not count.
    """
    matcher = SequenceMatcher(None, [*map(figures, old)], [*map(figures, new)], autojunk=False)
    for group in matcher.get_grouped_opcodes(_AROUND):
        for kind, old_from, old_to, new_from, new_to in group:
            if kind == "equal":
                yield from (f" {line}" for line in new[new_from:new_to])
            else:
                yield from (f"-{line}" for line in old[old_from:old_to])
                yield from (f"+{line}" for line in new[new_from:new_to])


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
