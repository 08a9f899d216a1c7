"""Comparing two records of one history: the first difference of each section."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from .player import Record

NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Divergence:
    """The first difference between two records of a section.

    Attributes:
        place: the number of the first line that differs, from 1.
        of: how many lines the section has, old and new.
        old: the old line, or ``nothing`` if the old section is shorter.
        new: the new line, likewise.
    """

    section: str
    place: int
    of: tuple[int, int]
    old: str
    new: str

    def __str__(self) -> str:
        """The section and its first differing line, old above new."""
        return (
            f"{self.section}, line {self.place} (of {self.of[0]} old, {self.of[1]} new):\n"
            f"  - {self.old}\n  + {self.new}"
        )


@dataclass(slots=True)
class Comparison:
    """The result of comparing many histories.

    Attributes:
        differing: the numbers of the histories that differ, with their divergences.
    """

    histories: int = 0
    live: int = 0
    differing: dict[int, tuple[Divergence, ...]] = field(default_factory=dict)

    def add(self, old: Iterable[Record], new: Iterable[Record]) -> None:
        """Compares two record files of the same histories.

        Raises:
            ValueError: they are records of different histories.
        """
        for before, after in zip(old, new, strict=True):
            if before["history"] != after["history"]:
                raise ValueError(f"{before['history']} is compared with {after['history']}")
            self.histories += 1
            self.live += before["live"]
            found = divergences(before["sections"], after["sections"])
            if found:
                self.differing[before["history"]] = found

    def __str__(self) -> str:
        """One line: how many histories were compared, and how many differ in what."""
        by_section = Counter(each.section for found in self.differing.values() for each in found)
        kinds = ", ".join(f"{section} {count}" for section, count in by_section.items())
        return (
            f"oracle: histories {self.histories} ({self.live} live), "
            f"differences {len(self.differing)}{f' (in {kinds})' if kinds else ''}"
        )


def divergences(
    old: Mapping[str, Sequence[str]], new: Mapping[str, Sequence[str]]
) -> tuple[Divergence, ...]:
    """The first difference of every section that differs."""
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
