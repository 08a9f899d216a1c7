"""Sentences in two parts: the words, which a database has once, and what differs each time.

``📤 Amending existing TP1 order: Buy 46 → 138 @ 0.6`` is the words
``📤 Amending existing TP1 order: Buy %s → %s @ %s`` and the values 46, 138 and ``0.6``. The views
put them together with printf.
"""

import re
from functools import lru_cache
from typing import TypeAlias

from ...domain.store import Step

Phrase: TypeAlias = tuple[str, str]
"""The state that says it, and its words."""
Values: TypeAlias = tuple[str | int, ...]

MOST_VALUES = 10
"""How many values the views put into the words."""
_LONGEST = 200
_WHOLE = "%s"
_LARGEST_INTEGER = 15
_WORD = re.compile(r"[^\s()\[\],:;%]+")
_VARIES = re.compile(r"(?!TP\d$).*\d")


@lru_cache(maxsize=1024)
def sentence(text: str, *names: str) -> tuple[str, Values]:
    """The words and the values of a text: words with digits and these names differ each time.

    A text that is long, or that has many of them, is a value as a whole.
    """
    values: list[str | int] = []

    def word(found: re.Match[str]) -> str:
        one = found[0]
        if one not in names and not _VARIES.match(one):
            return one
        values.append(_value(one))
        return "%s"

    words = _WORD.sub(word, text.replace("%", "%%"))
    if len(values) > MOST_VALUES or len(words) > _LONGEST:
        return _WHOLE, (text,)
    return words, tuple(values)


def _value(word: str) -> str | int:
    """A number where it reads as the word does."""
    is_number = word.isascii() and word.isdigit() and len(word) <= _LARGEST_INTEGER
    return int(word) if is_number and str(int(word)) == word else word


def said(step: Step) -> list[tuple[Phrase, Values]]:
    r"""What each decision of the step says; SQLite cuts a text in JSON at NUL."""
    key = step.record.key
    sentences: list[tuple[Phrase, Values]] = []
    for one in step.decisions:
        words, values = sentence(one.text.replace("\0", r"\x00"), key.symbol, key.account)
        sentences.append(((one.state.value, words), values))
    return sentences
