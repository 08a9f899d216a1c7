"""How a monitor stands, as one word: what needs a person comes first."""

from collections.abc import Mapping
from enum import StrEnum

from ....storage import Row


class Standing(StrEnum):
    """How a monitor stands; of several words that fit it is the first here.

    The order is that of the list: what loses money soonest stands above.
    """

    UNPROTECTED = "unprotected"
    UNCOVERED = "uncovered"
    OVERCOVERED = "overcovered"
    UNKNOWN = "unknown"
    NOT_TRUE = "not-true"
    ELSEWHERE = "elsewhere"
    NEW = "new"
    STOPPED = "stopped"
    OPEN = "open"
    FLAT = "flat"
    UNWATCHED = "unwatched"

    @property
    def needs_a_person(self) -> bool:
        """Whether somebody should look at it."""
        return self not in (Standing.OPEN, Standing.FLAT, Standing.UNWATCHED)

    @property
    def rank(self) -> int:
        """Where it stands in the list."""
        return _RANKS[self]

    @property
    def words(self) -> str:
        """In words that stand alone."""
        return _TITLES[self]


_RANKS = {word: place for place, word in enumerate(Standing)}
_TITLES: Mapping[Standing, str] = {
    Standing.UNPROTECTED: "no stop",
    Standing.UNCOVERED: "not wholly covered",
    Standing.OVERCOVERED: "covers too much",
    Standing.UNKNOWN: "position not known",
    Standing.NOT_TRUE: "last run did not succeed",
    Standing.ELSEWHERE: "stop not where it is wanted",
    Standing.NEW: "has not run yet",
    Standing.STOPPED: "paused or halted",
    Standing.OPEN: "covered",
    Standing.FLAT: "flat",
    Standing.UNWATCHED: "not watched",
}
_WORDS = {
    Standing.UNWATCHED: "s.source = 'unwatched'",
    Standing.NEW: "s.last_outcome IS NULL",
    Standing.UNKNOWN: "s.position_size IS NULL",
    Standing.UNPROTECTED: "p.status = 'unprotected'",
    Standing.UNCOVERED: "CAST(s.coverage_pct AS REAL) < 100",
    Standing.OVERCOVERED: "CAST(s.coverage_pct AS REAL) > 100",
    Standing.NOT_TRUE: "s.last_outcome NOT IN ('IN_SYNC', 'SUCCESS')",
    Standing.ELSEWHERE: "p.problem <> '' AND p.status <> 'flat'",
    Standing.STOPPED: (
        "EXISTS (SELECT 1 FROM held h WHERE h.account IN ('', s.account)"
        " AND h.symbol IN ('', s.symbol) AND h.side IN ('', s.side))"
    ),
    Standing.FLAT: "s.position_size = '0'",
}
"""When each word fits, in the order in which they are tried: what is not known says nothing more.

``coverage_pct`` is rounded away from 100, so that as a float it is still less, or more.
"""
FITS = {word.value: words for word, words in _WORDS.items()}
"""When each word fits, by itself: a filter for it shows also what a worse word stands for."""
CASE = (
    "CASE "
    + " ".join(f"WHEN {words} THEN '{word.value}'" for word, words in _WORDS.items())
    + f" ELSE '{Standing.OPEN.value}' END"
)
"""The standing as SQL, of ``monitor_status`` s, ``stop_status`` p and the controls ``held``."""


def words_of(standing: Standing, row: Row) -> str:
    """The words of a standing, as its monitor has it.

    What no order covers at all is said so, and not where a write has had no answer yet.
    """
    if standing is Standing.UNCOVERED and row["covered_quantity"] == "0":
        return "no take-profit confirmed" if row["unanswered"] else "no take-profit at all"
    return standing.words
