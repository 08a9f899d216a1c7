"""Entries that the user has named, to be cancelled once a level has filled."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from string import ascii_uppercase, digits
from typing import Self

from ..errors import StopError
from .given import level_number

_WILD = "*?"
_PATTERN = re.compile(r"[A-Za-z0-9_*?-]+")
_PLAIN = ascii_uppercase + digits
_ANY = ""
"""A character of an own id that only a wild card is known to match: it is of some symbol."""
_LONGEST_SYMBOL = 20
_OWN = tuple(
    (*prefix, *purpose)
    for prefix in ("BOT_", "MIR_")
    for purpose in (("T", "P", digits, "_"), ("T", "P", digits, digits, "_"), "SL_", "CLOSE_")
)
"""How ids of trueup's own orders begin, character by character; then come symbol, time, digits."""
_TAIL = ("_", *[digits] * 13, "_", *[digits] * 4)


@dataclass(frozen=True, slots=True)
class CancelEntries:
    """Which resting entries are cancelled, and when. Without one, entries are left alone.

    Build it with :meth:`of`, which checks it.

    Attributes:
        patterns: of their link ids, whole and case-sensitive: ``*`` stands for any characters,
            ``?`` for one. An order without a link id matches none.
        after_level: once this level, or one beyond it, has filled; 1 is TP1.
    """

    patterns: tuple[str, ...]
    after_level: int = 1

    @classmethod
    def of(cls, patterns: str | Iterable[str], after_level: int = 1) -> Self:
        """The entries of one of these patterns, once that level has filled.

        Raises:
            StopError: there is no pattern; one names every order, none that could exist, or orders
                of trueup's own, too; or no ladder has that level.
        """
        given = (patterns,) if isinstance(patterns, str) else tuple(patterns)
        if not given:
            raise StopError("entries to cancel need a pattern of their link ids")
        for pattern in given:
            _check(pattern)
        level_number("the level that entries are cancelled on", after_level)
        return cls(given, after_level)

    def names(self, order_link_id: str) -> bool:
        """Whether the user has named the entry of that link id."""
        return bool(order_link_id) and any(
            fnmatchcase(order_link_id, pattern) for pattern in self.patterns
        )

    def check_symbol(self, symbol: str) -> None:
        """Checks the patterns against the ids that trueup gives its own orders of this symbol.

        Raises:
            StopError: one names these, too, such as ``*BTC*`` for BTCUSDT.
        """
        starts = [tuple(symbol[:length]) for length in range(1, len(symbol) + 1)]
        if set(symbol) - set(_PLAIN):
            # A code of five stands for what does not fit an id.
            starts += [(*start, "-", *[_PLAIN] * 5) for start in starts]
        for pattern in self.patterns:
            _check_own(pattern, starts)


def _check(pattern: object) -> None:
    if not isinstance(pattern, str) or not _PATTERN.fullmatch(pattern) or not pattern.strip(_WILD):
        raise StopError(
            f"the pattern of entries to cancel must name link ids, such as BOT_*_LIMIT*, "
            f"not {pattern!r}"
        )
    _check_own(pattern, [(_ANY,) * length for length in range(1, _LONGEST_SYMBOL + 1)])


def _check_own(pattern: str, symbols: Iterable[tuple[str, ...]]) -> None:
    for symbol in symbols:
        if any(_may_match(pattern, (*start, *symbol, *_TAIL)) for start in _OWN):
            raise StopError(
                f"the pattern {pattern!r} of entries to cancel names TP orders, stops or closes of "
                f"trueup's own, too, such as BOT_TP1_BANDUSDT_1737809937842_7432: it must name "
                f"entries alone, such as BOT_*_LIMIT*"
            )


def _may_match(pattern: str, characters: Iterable[str]) -> bool:
    """Whether the pattern matches a text whose characters are each one of those given.

    >>> _may_match("A*7", ("A", "B", digits)), _may_match("A*7", ("A", digits, "B"))
    (True, False)
    """
    reached = set(_from(pattern, 0))
    for choice in characters:
        reached = {
            after
            for at in reached
            if at < len(pattern) and (pattern[at] in _WILD or pattern[at] in choice)
            for after in _from(pattern, at if pattern[at] == "*" else at + 1)
        }
    return len(pattern) in reached


def _from(pattern: str, at: int) -> Iterator[int]:
    """The place, and those behind wild cards there that may stand for nothing."""
    yield at
    while pattern[at : at + 1] == "*":
        at += 1
        yield at
