"""The history files: which there are, and how they are drawn, written and read.

The list is fixed: 5,000 histories, every fourth of them live, every 25th played on SQLite. Each
file holds a hundred of them, one per line.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chaos import History, Scene, draw_history
from chaos.histories.moves import ChangeRules, LoseDatabase, Move, SetClock, StandStill

from .codec import from_json, to_json

HISTORIES = 5000
A_FILE = 100
LIVE_EVERY = 4
ON_SQLITE_EVERY = 25
_SEEDS_LIVE_EVERY = 3


@dataclass(frozen=True, slots=True)
class Entry:
    """One history of the list.

    Attributes:
        number: its position in the list, from 1.
        on_sqlite: whether it is played on a SQLite file instead of in memory.
    """

    number: int
    on_sqlite: bool
    history: History


def drawn(number: int) -> Entry:
    """The history at that position of the list, as this tree draws it.

    Without changes of contract rules, a clock that is set, a process that stands still, a database
    that is away and an exchange that is late, which older trees do not know: the files are played
    there, too.
    """
    history = draw_history(seed_of(number), late=False)
    unknown = (ChangeRules, LoseDatabase, SetClock, StandStill)
    known = [at for at, move in enumerate(history.moves) if not isinstance(move, unknown)]
    return Entry(number, number % ON_SQLITE_EVERY == 0, history.keep(known))


def seed_of(number: int) -> int:
    """The seed of the history at that position of the list.

    Multiples of 3 are drawn as live histories. They take every fourth position, and the other seeds
    the positions between: 1 2 4 **3** 5 7 8 **6** …
    """
    if number % LIVE_EVERY == 0:
        return number // LIVE_EVERY * _SEEDS_LIVE_EVERY
    place = number - number // LIVE_EVERY
    return place + (place - 1) // (_SEEDS_LIVE_EVERY - 1)


def names(first: int, last: int) -> dict[str, range]:
    """The files that hold these positions, by name, with all positions that each file holds."""
    begin = (first - 1) // A_FILE * A_FILE + 1
    return {f"{at:04}.jsonl": range(at, at + A_FILE) for at in range(begin, last + 1, A_FILE)}


def draw_files(folder: Path, first: int, last: int) -> None:
    """Draws the files that the folder lacks."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, numbers in names(first, last).items():
        if not (folder / name).exists():
            write(folder / name, map(drawn, numbers))


def write(path: Path, entries: Iterable[Entry]) -> None:
    """Writes a file of histories."""
    write_lines(path, map(_line_of, entries))


def read(path: Path) -> Iterator[Entry]:
    """Reads the histories of a file."""
    for line in read_lines(path):
        scene, moves = (
            from_json(Scene, line["scene"]),
            from_json(tuple[Move, ...], line["moves"]),
        )
        history = History(line["seed"], scene, moves)
        yield Entry(line["history"], line["store"] == "sqlite", history)


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The JSON object on each line of a file."""
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def write_lines(path: Path, lines: Iterable[object]) -> None:
    """Writes a file, one JSON object per line; the file appears only when it is complete."""
    unfinished = path.with_suffix(".unfinished")
    with unfinished.open("w", encoding="utf-8") as out:
        for line in lines:
            out.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")
    unfinished.replace(path)


def _line_of(entry: Entry) -> dict[str, Any]:
    return {
        "history": entry.number,
        "seed": entry.history.seed,
        "store": "sqlite" if entry.on_sqlite else "memory",
        "scene": to_json(entry.history.scene),
        "moves": to_json(entry.history.moves),
    }
