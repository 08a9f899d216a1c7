"""``python -m oracle draw | play | tell | compare | meter``.

::

    draw --to FOLDER [--histories A-B]      writes files of histories
    play FILE... --to FOLDER                plays them and writes a record file for each
    tell FILE --history N                   prints the story of one history
    compare --old COMMIT [--histories A-B]  compares both trees; returns 1 if anything differs
    meter [--old COMMIT] [--histories A-B]  measures the cover that writes of ours left
    meter --newer [--histories A-B]         the same of seeds, by kinds that older trees do not know

The first three are also run in the old tree, so they must stay as they are.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import trueup

from .compare_trees import compare_trees
from .files import HISTORIES, draw_files
from .metering import meter, meter_newer
from .player import play_files, story_of
from .trees import ROOT


def main(arguments: Sequence[str]) -> int:
    """Runs one command; returns 1 if a comparison found a difference."""
    given = _parser().parse_args(arguments)
    if ROOT not in Path(trueup.__file__).resolve().parents:
        raise SystemExit(f"trueup is imported from {trueup.__file__}, not from this tree")
    if given.command == "draw":
        draw_files(given.to, *_range(given.histories))
    elif given.command == "play":
        play_files(given.files, given.to)
    elif given.command == "tell":
        sys.stdout.write(story_of(given.file, given.history) + "\n")
    elif given.command == "meter":
        chosen = (*_range(given.histories), given.column, given.processes)
        text = meter_newer(*chosen) if given.newer else meter(given.old, *chosen)
        sys.stdout.write(text + "\n")
    else:
        found = compare_trees(given.old, *_range(given.histories), given.processes)
        sys.stdout.write(f"{found}\n")
        return 1 if found.differing else 0
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m oracle", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    draw = commands.add_parser("draw", help="write files of histories")
    play = commands.add_parser("play", help="play files and write records")
    play.add_argument("files", nargs="+", type=Path)
    for command in (draw, play):
        command.add_argument("--to", type=Path, required=True, help="the folder")
    tell = commands.add_parser("tell", help="print the story of a history")
    tell.add_argument("file", type=Path)
    tell.add_argument("--history", type=int, required=True)
    compare = commands.add_parser("compare", help="compare an old commit with this tree")
    compare.add_argument("--old", required=True, help="the commit")
    measure = commands.add_parser("meter", help="measure the cover that writes of ours left")
    measure.add_argument("--old", default="HEAD", help="the commit that draws the histories")
    measure.add_argument("--newer", action="store_true", help="kinds that older trees do not know")
    measure.add_argument("--column", default="", help="write the figures under this name")
    for command in (compare, measure):
        command.add_argument("--processes", type=int, default=2)
    for command in (draw, compare, measure):
        command.add_argument("--histories", default="", help="A-B, or how many; all by default")
    return parser


def _range(histories: str) -> tuple[int, int]:
    first, _, last = (histories or str(HISTORIES)).partition("-")
    return (int(first), int(last)) if last else (1, int(first))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
