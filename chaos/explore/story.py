"""The story of a walk that broke a promise: what was to happen, and line by line what did."""

from collections.abc import Iterable

from ..histories.story import scene_lines
from ..world.engine import Start
from .errands import errand
from .search import Place
from .stage import start_reporting
from .walking import walk

_TIME = 10


def story_of(place: Place, *, start: Start = start_reporting) -> str:
    """Walks a walk with a log, and renders its story."""
    name, deviations = place
    one = errand(name)
    walked = walk(one, deviations, start=start, keep_log=True)
    lines = [
        f"errand {name!r}, deviations: {len(deviations)}",
        *scene_lines(one.scene),
        "What was to happen:",
        *(f"  {move.description}" for move in (*one.before, *one.steps)),
        *(f"  ⚡ {what}" for _, what in walked.said),
        "What happened:",
        *sorted(walked.lines, key=lambda line: float(line[:_TIME])),
        "Broken:" if walked.findings else "All promises held.",
        *(f"  {finding}" for finding in walked.findings),
        f"walk it again: {command(place)}",
    ]
    return "\n".join(lines)


def command(place: Place) -> str:
    """The command that walks it again."""
    name, deviations = place
    chosen = "".join(f" --at '{where}: {what}'" for where, what in deviations)
    return f"python -m chaos explore --walk '{name}'{chosen}"


def parsed(name: str, chosen: Iterable[str]) -> Place:
    """The walk of such a command."""
    parts = [text.partition(": ") for text in chosen]
    return name, tuple((where, what) for where, _, what in parts)
