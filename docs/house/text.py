"""The map as text: for a terminal and for CONTRIBUTING."""

import re
import textwrap
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import PurePosixPath

from .rooms import PACKAGE, Module, Room

WIDTH = 100
MOST = 30
Rooms = Mapping[PurePosixPath, Room]


def house(rooms: Rooms) -> str:
    """Every room: its purpose, the number of its modules and the rooms that it imports."""
    lines: list[str] = []
    for ships, title in ((True, "In the wheel:"), (False, "Beside it:")):
        lines += ["", title]
        there = [room for room in rooms.values() if room.ships is ships]
        for _, floor in groupby(there, key=lambda room: _floor(room.path)):
            lines += ["", *(line for room in floor for line in _entry(rooms, room))]
    return _joined(lines)


def modules(rooms: Rooms, name: str) -> str:
    """The modules of a room and of the rooms in it, with their purpose; empty if there is none."""
    lines: list[str] = []
    for path, room in rooms.items():
        if path.is_relative_to(name):
            lines += ["", *_entry(rooms, room), *map(_line, room.modules)]
    return _joined(lines)


def module(rooms: Rooms, name: str) -> str:
    """One module and what it imports; empty if there is none of that name."""
    path = PurePosixPath(name.removesuffix(".py"))
    room = rooms.get(path.parent)
    hits = [each for each in room.modules if each.path == path] if room else []
    return _joined(
        [
            line
            for each in hits
            for line in ("", _line(each), *(f"        → {one}" for one in sorted(each.imports)))
        ]
    )


def found(rooms: Rooms, word: str) -> str:
    """Where a word is: whole words first, parts of words if nowhere it is whole.

    The modules whose path or docstring has the word, under their rooms; then the lines of code of
    other modules that have it, as a name or in a text. Empty if it is nowhere.
    """
    for pattern in (rf"(?<!\w){re.escape(word)}(?!\w)", re.escape(word)):
        text = _matching(rooms, re.compile(pattern, re.IGNORECASE))
        if text:
            return text
    return ""


def _matching(rooms: Rooms, pattern: re.Pattern[str]) -> str:
    lines: list[str] = []
    code: list[str] = []
    for room in sorted(rooms.values(), key=lambda room: not room.ships):
        hits = [each for each in room.modules if _has(each, pattern)]
        if hits or _has(room, pattern):
            lines += ["", _head(room), *map(_line, hits)]
        code += [line for each in room.modules if each not in hits for line in _code(each, pattern)]
    if len(code) > MOST:
        code = [*code[:MOST], f"… and in {len(code) - MOST} more modules"]
    return _joined(lines + (["", *code] if code else []))


def _code(module: Module, pattern: re.Pattern[str]) -> Iterator[str]:
    """The module's first line of code that matches."""
    for number, line in enumerate(module.source.splitlines(), 1):
        if pattern.search(line):
            yield f"{module.path}.py:{number}: {line.strip()}"
            return


def _joined(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in lines[1:])


def _has(place: Module | Room, pattern: re.Pattern[str]) -> bool:
    return pattern.search(f"{place.path} {place.docstring}") is not None


def _entry(rooms: Rooms, room: Room) -> Iterator[str]:
    yield _head(room)
    arrows = " · ".join(_arrows(rooms, room))
    if arrows:
        yield textwrap.fill(arrows, WIDTH, initial_indent="    → ", subsequent_indent="      ")


def _head(room: Room) -> str:
    count = f" ({len(room.modules)})" if room.modules else ""
    return f"{room.path}/{count}: {_purpose(room)}"


def _line(module: Module) -> str:
    return f"    {module.path.name}.py: {_purpose(module)}"


def _purpose(place: Module | Room) -> str:
    return place.docstring.partition("\n")[0]


def _arrows(rooms: Rooms, room: Room) -> Iterator[str]:
    """What a room imports, floor by floor: rooms, and modules that lie on the floor itself."""
    order = {path: number for number, path in enumerate(rooms)}
    targets = {path if _is_named(rooms, path) else path.parent for path in room.imports}
    targets -= {room.path, *(module.path for module in room.modules)}
    ranked = sorted(targets, key=lambda path: (order.get(path, order.get(path.parent, 0)), path))
    for floor, group in groupby(ranked, key=_floor):
        inner = ", ".join(str(each.relative_to(floor)) for each in group if str(each) != floor)
        name = "trueup" if floor == PACKAGE else floor
        yield f"{name}: {inner}" if inner else name


def _is_named(rooms: Rooms, path: PurePosixPath) -> bool:
    """Whether an arrow names the path itself: a room, or a module that lies on a floor."""
    return path in rooms or str(path.parent) == _floor(path)


def _floor(path: PurePosixPath) -> str:
    return PACKAGE if path.is_relative_to(PACKAGE) else path.parts[0]
