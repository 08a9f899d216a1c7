"""Prints the map, one room's modules, or the modules that a word finds.

::

    python -m docs.house                    the rooms
    python -m docs.house --room states      the modules of a room and of the rooms in it
    python -m docs.house --word 110072      where a word is: in docstrings, then in the code
"""

import argparse
import sys
from collections.abc import Sequence
from difflib import get_close_matches

from .rooms import ROOT, survey
from .text import Rooms, found, house, module, modules

DATA = "fixtures"
_FOLDERS = """
Further folders, which ROOM= shows too:

tests/FLOOR/ROOM/: The tests of a room.
storage/migrations/: From one version of the database's tables to the next, for alembic.
fixtures/: Scenarios for the simulator, and the cases of real monitors.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; the exit code is 1 where the room or the word is not found."""
    parser = argparse.ArgumentParser(prog="docs.house", description="The map of the house.")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--room", help="a folder or a module, such as domain/planning")
    which.add_argument("--word", help="what to look for, in any case")
    given = parser.parse_args(arguments)
    rooms = survey(tests=bool(given.room))
    if given.room:
        name = given.room.strip("/")
        text = modules(rooms, name) or module(rooms, name) or files(name)
    elif given.word:
        text = found(rooms, given.word)
    else:
        text = house(rooms) + _FOLDERS
    sys.stdout.write(text or _nothing(rooms, given.room or given.word))
    return 0 if text else 1


def files(name: str) -> str:
    """The files of a folder that is no room, such as fixtures; empty if there is none."""
    there = sorted(each for each in (ROOT / name).rglob("[!.]*") if each.is_file())
    return "".join(f"{each.relative_to(ROOT)}\n" for each in there)


def _nothing(rooms: Rooms, name: str) -> str:
    like = get_close_matches(name.strip("/"), map(str, rooms), n=3)
    hint = f"do you mean {' or '.join(like)}? " if like else ""
    floors = ", ".join(dict.fromkeys(path.parts[0] for path in rooms))
    return f"nothing is called {name}: {hint}There is {floors}, {DATA}; see `make map`\n"


if __name__ == "__main__":
    sys.exit(main())
