"""Where in a file of TOML each option stands: :mod:`tomllib` says what is there, not where."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass

Steps = tuple[str | int, ...]
"""The way to an option: ``("monitors", 0, "side")``."""

_GAP = re.compile(r"(?:[ \t\n]|#[^\n]*)*")
_BLANK = re.compile(r"[ \t]*")
_KEY = re.compile(r"""[A-Za-z0-9_-]+|"(?:[^"\\]|\\.)*"|'[^']*'""")
_SCALAR = re.compile(
    r'''"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?'{3,5}|"(?:[^"\\]|\\.)*"|'[^']*'|[^,\]}\n#]+''', re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a text; lines and columns count from 1."""

    line: int
    column: int


class Places:
    """The places of all options of a text.

    Args:
        text: TOML that :mod:`tomllib` has read without an error.

    Attributes:
        found: where each option, each table and each element of a list starts.
    """

    def __init__(self, text: str) -> None:
        self._text = text.replace("\r\n", "\n")
        self._at = 0
        self._lists: dict[Steps, int] = {}
        self.found: dict[Steps, int] = {}
        self._document()

    def of(self, steps: Sequence[str | int]) -> Place | None:
        """The place of an option, or of the innermost table around it that the text has."""
        for end in range(len(steps), 0, -1):
            offset = self.found.get(tuple(steps[:end]))
            if offset is not None:
                before = self._text[:offset]
                return Place(before.count("\n") + 1, offset - before.rfind("\n"))
        return None

    def _document(self) -> None:
        table: Steps = ()
        while self._skip(_GAP) < len(self._text):
            if self._text[self._at] == "[":
                table = self._header()
            else:
                self._pair(table)

    def _header(self) -> Steps:
        """Reads ``[a.b]`` or ``[[a.b]]``; returns the way to the table."""
        start = self._at
        brackets = 2 if self._text.startswith("[[", start) else 1
        self._at += brackets
        parts = self._key()
        self._at += brackets
        steps: Steps = ()
        for part in parts[:-1]:
            steps = self._last_of((*steps, part))
            self.found.setdefault(steps, start)
        steps = (*steps, parts[-1])
        if brackets == 1:
            steps = self._last_of(steps)
            self.found.setdefault(steps, start)
            return steps
        self.found.setdefault(steps, start)
        number = self._lists[steps] = self._lists.get(steps, -1) + 1
        self.found[*steps, number] = start
        return (*steps, number)

    def _last_of(self, steps: Steps) -> Steps:
        """The last table of a list of tables, if it is one: headers below it mean that."""
        return (*steps, self._lists[steps]) if steps in self._lists else steps

    def _pair(self, table: Steps) -> None:
        start = self._at
        steps = table
        for part in self._key():
            steps = (*steps, part)
            self.found.setdefault(steps, start)
        self._at += 1  # the sign between key and value
        self._skip(_BLANK)
        self._value(steps)

    def _key(self) -> list[str]:
        """Reads ``a."b".c`` and the blanks after it."""
        parts: list[str] = []
        while True:
            self._skip(_BLANK)
            part = self._match(_KEY)
            is_bare = part[0] not in "\"'"
            parts.append(part if is_bare else str(tomllib.loads(f"key = {part}")["key"]))
            self._skip(_BLANK)
            if self._text[self._at] != ".":
                return parts
            self._at += 1

    def _value(self, steps: Steps) -> None:
        opening = self._text[self._at]
        if opening not in "[{":
            self._match(_SCALAR)
            return
        self._at += 1
        number = 0
        while self._text[self._skip(_GAP)] not in "]}":
            if self._text[self._at] == ",":
                self._at += 1
            elif opening == "{":
                self._pair(steps)
            else:
                self.found[*steps, number] = self._at
                self._value((*steps, number))
                number += 1
        self._at += 1

    def _skip(self, pattern: re.Pattern[str]) -> int:
        self._match(pattern)
        return self._at

    def _match(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self._text, self._at)
        if found is None:
            raise ValueError(f"not TOML at offset {self._at}")
        self._at = found.end()
        return found[0]
