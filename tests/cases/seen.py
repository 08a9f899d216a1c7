"""What trueup saw in a case with its own eyes, in few words, by the report of its run.

The flags of a case are what the file says of it; these are what the engine found. A number is
how many orders it is true of.
"""

import re
from collections.abc import Iterator

from trueup import RunReport

_NUMBERED = (
    ("foreign", re.compile(r"External orders left alone: (\d+)")),
    ("adopted", re.compile(r"live TP orders recovered: (\d+)")),
)
_COUNTED = (
    ("not-tp", "is not a TP of this position"),
    ("gone", "Removing stale TP order"),
    ("filled", "💰 TP"),
    ("moved", re.compile(r"Amending .* @ \S+ →")),
    ("conflict", re.compile(r"the id says|the id suggests|contradict the ladder")),
)
_TOLD = (
    ("main's", "Ladder copied from"),
    ("losing", "on the losing side"),
    ("merged", ": merged into TP"),
    ("split", "is split:"),
    ("armed", "is wanted again"),
    ("dust", re.compile(r"below the exchange's minimum( for any order| and stays uncovered)")),
    ("no-ladder", "no ladder: none on record"),
)


def seen(report: RunReport) -> str:
    """The words for what the run found."""
    return ",".join(_words(report))


def _words(report: RunReport) -> Iterator[str]:
    decisions = [decision.text for decision in report.decisions]
    lines = [*decisions, *(report.alert.text.splitlines() if report.alert else ())]
    yield from _drift(report)
    for word, pattern in _NUMBERED:
        numbers = [int(found[1]) for line in lines if (found := pattern.search(line))]
        if numbers:
            yield f"{word}:{max(numbers)}"
    for word, sign in _COUNTED:
        count = sum(bool(re.search(sign, line)) for line in decisions)
        if count:
            yield f"{word}:{count}"
    yield from (word for word, sign in _TOLD if any(re.search(sign, line) for line in lines))


def _drift(report: RunReport) -> Iterator[str]:
    """Whether more or less was covered than is open, and how many orders were of another size."""
    was = report.covered + sum(result.before - result.after for result in report.results)
    if was != report.record.position_size:
        yield "over" if was > report.record.position_size else "under"
    resized = sum(0 < result.before != result.after > 0 for result in report.results)
    if resized:
        yield f"resized:{resized}"
