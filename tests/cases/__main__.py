"""``python -m tests.cases [--import] [FILE]``: the cases of a file, a line each.

With ``--import`` each state is pickled as the original bot did and imported with
``trueup import-legacy --apply``, in place of being put on record as the tests understand it.

Exit status: 0 if every case came out as it must, 1 if one did not, 2 without a file to read.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from tests.adapters.legacy.moving import Mover
from tests.cases.casebook import MONITORS, UnreadableCases, read_cases
from tests.cases.parade import parade
from tests.cases.table import HEADING, is_good, last_line

IMPORT = "--import"


def main(arguments: Sequence[str]) -> int:
    """Prints the table of the file named, or of the shared monitor states."""
    files = [argument for argument in arguments if argument != IMPORT]
    path = Path(files[0]) if files else MONITORS
    try:
        cases = read_cases(path)
    except UnreadableCases as error:
        sys.stderr.write(f"{error}\n")
        return 2
    _say(HEADING)
    lines = []
    mover = Mover(path) if IMPORT in arguments else None
    for line in parade(cases, mover):
        _say(str(line))
        lines.append(line)
    _say(last_line(lines) + (f", not imported {len(mover.left)}" if mover else ""))
    return 0 if is_good(lines) else 1


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
