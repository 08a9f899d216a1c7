"""Entries that the user has named, to be cancelled once a level has filled."""

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Self

from ..errors import StopError
from .given import level_number

_WILD = "*?[]!"


@dataclass(frozen=True, slots=True)
class CancelEntries:
    """Which resting entries are cancelled, and when. Without one, entries are left alone.

    Build it with :meth:`of`, which checks it.

    Attributes:
        pattern: of their link ids, whole and case-sensitive: ``*`` stands for any characters,
            ``?`` for one. An order without a link id matches none.
        after_level: once this level, or one beyond it, has filled; 1 is TP1.
    """

    pattern: str
    after_level: int = 1

    @classmethod
    def of(cls, pattern: str, after_level: int = 1) -> Self:
        """The entries of that pattern, once that level has filled.

        Raises:
            StopError: the pattern names every order, or no ladder has that level.
        """
        if not pattern.strip(_WILD):
            raise StopError(
                f"the pattern of entries to cancel must name link ids, such as BOT_*_LIMIT*, "
                f"not {pattern!r}"
            )
        level_number("the level that entries are cancelled on", after_level)
        return cls(pattern, after_level)

    def names(self, order_link_id: str) -> bool:
        """Whether the user has named the entry of that link id."""
        return bool(order_link_id) and fnmatchcase(order_link_id, self.pattern)
