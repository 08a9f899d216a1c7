"""``python -m tests.crash``: kills processes at every point of every story; prints the table."""

import argparse
import os
import sys

from loguru import logger

from tests.crash.matrix import play
from tests.crash.stop_transcripts import STORIES
from tests.crash.table import table


def main() -> int:
    """Plays the stories that were named, all by default; 1 if anything went wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description=__doc__)
    names = [transcript.name for transcript in STORIES]
    parser.add_argument("stories", nargs="*", metavar="STORY", help=f"of {', '.join(names)}")
    parser.add_argument("--workers", type=int, default=min(4, len(os.sched_getaffinity(0))))
    asked = parser.parse_args()
    unknown = sorted(set(asked.stories) - set(names))
    if unknown:
        parser.error(f"there is no story {unknown[0]!r}")
    logger.remove()
    chosen = [t for t in STORIES if not asked.stories or t.name in asked.stories]
    cells = play(chosen, asked.workers)
    sys.stdout.write(table(cells, [transcript.name for transcript in chosen]) + "\n")
    return int(any(cell.findings for cell in cells))


if __name__ == "__main__":
    sys.exit(main())
