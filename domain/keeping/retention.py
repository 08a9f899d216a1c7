"""How long rows are kept, and which of those that are older may go."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from ..model.errors import ConfigurationError

_QUARTER, _YEAR = timedelta(days=90), timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Keep:
    """How much of a table is kept; a row goes once either bound lets it go.

    Attributes:
        age: rows are kept for so long; None: for good.
        rows: so many of the newest rows are kept; None: all.

    Raises:
        ConfigurationError: a bound is not above zero.
    """

    age: timedelta | None = None
    rows: int | None = None

    def __post_init__(self) -> None:
        is_short = self.age is not None and self.age <= timedelta(0)
        if is_short or (self.rows is not None and self.rows < 1):
            raise ConfigurationError("what is kept must be above zero: None keeps all")

    def is_due(self, row: "OldRow", now: datetime, newest: int) -> bool:
        """Whether a row may go by its age or its place.

        Args:
            row: the row.
            now: the time.
            newest: the number of the newest row.
        """
        is_old = self.age is not None and row.at < now - self.age
        return is_old or (self.rows is not None and row.number <= newest - self.rows)


@dataclass(frozen=True, slots=True)
class Retention:
    """What is kept of each table that grows."""

    journal: Keep = Keep(_QUARTER)
    alert: Keep = Keep(_YEAR)
    control: Keep = Keep(_YEAR)
    command: Keep = Keep(_YEAR)
    engine_start: Keep = Keep(_YEAR)
    unwatched: Keep = Keep(_YEAR)


@dataclass(frozen=True, slots=True)
class OldRow:
    """A row that may be removed.

    Attributes:
        number: its id.
        at: when it was written, or when what it tells of ended.
        is_needed: whether the present state refers to it.
        base: the earlier row that it is read with, where it holds what has changed since then.
    """

    number: int
    at: datetime
    is_needed: bool = False
    base: int | None = None


def prunable(rows: Iterable[OldRow], due: Collection[int]) -> list[int]:
    """Which rows may go; a row goes only with or after all rows that are read with it.

    >>> from datetime import UTC
    >>> at = datetime(2026, 1, 31, tzinfo=UTC)
    >>> rows = OldRow(1, at), OldRow(2, at), OldRow(3, at, base=1), OldRow(4, at, is_needed=True)
    >>> prunable(rows, due={1, 2, 3, 4})
    [1, 2, 3]
    >>> prunable(rows, due={1, 2})
    [2]

    Args:
        rows: oldest first, with all that are read with them.
        due: the numbers of those that are old enough.

    Returns:
        Their numbers, in the same sequence.
    """
    kept, gone = set[int](), list[int]()
    for row in reversed(tuple(rows)):
        if row.number in due and row.number not in kept and not row.is_needed:
            gone.append(row.number)
        elif row.base is not None:
            kept.add(row.base)
    return gone[::-1]
