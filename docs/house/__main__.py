"""Prints the map, one room's modules, or the modules that a word finds.

::

    python -m docs.house                    the rooms
    python -m docs.house --room states      the modules of a room and of the rooms in it
    python -m docs.house --word 110072      the modules and rooms whose first paragraph has it
"""

import argparse
import sys
from collections.abc import Sequence

from .rooms import survey
from .text import found, house, modules


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; the exit code is 1 where the room or the word is not found."""
    parser = argparse.ArgumentParser(prog="docs.house", description="The map of the house.")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--room", help="a folder, such as domain/planning")
    which.add_argument("--word", help="what to look for, in any case")
    given = parser.parse_args(arguments)
    rooms = survey()
    if given.room:
        text = modules(rooms, given.room.strip("/"))
    elif given.word:
        text = found(rooms, given.word)
    else:
        text = house(rooms)
    sys.stdout.write(text or f"nothing is called {given.room or given.word}: see `make map`\n")
    return 0 if text else 1


if __name__ == "__main__":
    sys.exit(main())
