"""Two records of one history, compared: where each section differs first."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from .player import Record

NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Divergence:
    """Where the two records of a section part.

    Attributes:
        place: of the first line that differs, from 1.
        of: how many lines the section has, old and new.
        old: the line, or ``nothing`` where the section has ended.
        new: the same.
    """

    section: str
    place: int
    of: tuple[int, int]
    old: str
    new: str

    def __str__(self) -> str:
        """The section, and its first differing line, old above new."""
        return (
            f"{self.section}, line {self.place} (of {self.of[0]} old, {self.of[1]} new):\n"
            f"  - {self.old}\n  + {self.new}"
        )


@dataclass(slots=True)
class Comparison:
    """What the comparison of many histories came to.

    Attributes:
        differing: the numbers of histories that differ, and how.
    """

    histories: int = 0
    live: int = 0
    differing: dict[int, tuple[Divergence, ...]] = field(default_factory=dict)

    def add(self, old: Iterable[Record], new: Iterable[Record]) -> None:
        """Compares two record files of the same histories.

        Raises:
            ValueError: they are not of the same histories.
        """
        for before, after in zip(old, new, strict=True):
            if before["history"] != after["history"]:
                raise ValueError(f"{before['history']} stands beside {after['history']}")
            self.histories += 1
            self.live += before["live"]
            found = divergences(before["sections"], after["sections"])
            if found:
                self.differing[before["history"]] = found

    def __str__(self) -> str:
        """The tally, in one line."""
        by_section = Counter(each.section for found in self.differing.values() for each in found)
        kinds = ", ".join(f"{section} {count}" for section, count in by_section.items())
        return (
            f"oracle: histories {self.histories} ({self.live} live), "
            f"differences {len(self.differing)}{f' (in {kinds})' if kinds else ''}"
        )


def divergences(
    old: Mapping[str, Sequence[str]], new: Mapping[str, Sequence[str]]
) -> tuple[Divergence, ...]:
    """Where the sections part, of those that do."""
    found: list[Divergence] = []
    for section in (*old, *(name for name in new if name not in old)):
        before, after = old.get(section, ()), new.get(section, ())
        if before == after:
            continue
        for place, (was, became) in enumerate(zip_longest(before, after, fillvalue=NOTHING), 1):
            if was != became:
                of = len(before), len(after)
                found.append(Divergence(section, place, of, was, became))
                break
    return tuple(found)
