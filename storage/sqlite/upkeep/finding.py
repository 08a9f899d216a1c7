"""What is wrong with a database, or strange about it."""

from dataclasses import dataclass
from enum import StrEnum


class Check(StrEnum):
    """What was checked."""

    PAGES = "pages"
    GUARDS = "guards"
    NUMBERING = "numbering"
    CHECKSUMS = "checksums"
    VALUES = "values"
    REFERENCES = "references"
    WRITES = "writes"
    TIMES = "times"
    VIEWS = "views"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a check found.

    Attributes:
        check: which one.
        text: what is wrong, with the rows concerned, in words.
        is_note: whether there may be a good reason for it: a clock that was set back leaves times
            that are out of order.
    """

    check: Check
    text: str
    is_note: bool = False
