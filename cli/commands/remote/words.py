"""A status and a ladder, in lines that fit on a phone."""

import re
from collections.abc import Iterator, Sequence

from ....domain.model.errors import ConfigurationError
from ....storage import Row

_KEY = ("account", "symbol", "side")
_LEVEL = re.compile(r"TP([1-9]\d?)", re.IGNORECASE)


def status_lines(monitors: Sequence[Row], concerns: Sequence[str]) -> Iterator[str]:
    """A line for each monitor, then one for each thing that is not as it should be."""
    for monitor in monitors:
        stopped = f", {monitor['stopped']}" if monitor["stopped"] else ""
        yield f"{_key(monitor)}: {_cover(monitor)}; {monitor['state']}{stopped}"
    if not monitors:
        yield "nothing is watched"
    yield from (f"✗ {concern}" for concern in concerns)
    if monitors and not concerns:
        yield "all is well"


def ladder_lines(monitor: Row, levels: Sequence[Row]) -> Iterator[str]:
    """The levels of a monitor: what each asks for, what rests and what has filled."""
    yield f"{_key(monitor)}: {_cover(monitor)}"
    own = [each for each in levels if _key(each) == _key(monitor)]
    for level in own:
        target = "?" if level["target_quantity"] is None else level["target_quantity"]
        yield (
            f"TP{level['level']} at {level['price']}, {level['share']} %: {level['status']}, "
            f"{level['live_quantity']} of {target} rest, {level['filled_quantity']} filled"
            + (f"; {level['withheld']}" if level["withheld"] else "")
        )
    if not own:
        yield "no ladder is on record yet"


def level_of(text: str) -> int:
    """The number of a level.

    Raises:
        ConfigurationError: the text names none.
    """
    found = _LEVEL.fullmatch(text)
    if found is None:
        raise ConfigurationError(f"{text!r} is no level: name it as TP2")
    return int(found[1])


def _cover(monitor: Row) -> str:
    if monitor["position_size"] is None:
        return "its position is not known"
    return f"{monitor['covered_quantity']} of {monitor['position_size']} covered"


def _key(row: Row) -> str:
    return " ".join(str(row[name]) for name in _KEY)
