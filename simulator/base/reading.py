"""What clients send, read without a crash: JSON that is not too deep, and times in milliseconds."""

import json
from collections.abc import Callable
from typing import Any

DEEPEST = 32
"""How deep objects and lists may lie in each other: far deeper than any request of Bybit's."""
_LONGEST_TIME = 16


def json_object(text: bytes | str, parse_float: Callable[[str], Any] = float) -> dict[str, Any]:
    """The JSON object that a text holds.

    Args:
        text: the text, or its bytes.
        parse_float: makes a number of the text of one that is not whole.

    Raises:
        ValueError: it holds anything else, or is too deep.
    """
    try:
        loaded = json.loads(text, parse_float=parse_float)
    except RecursionError:
        loaded = None
    if not isinstance(loaded, dict) or not _is_flat(loaded, DEEPEST):
        raise ValueError(f"a JSON object is wanted, of no more than {DEEPEST} levels")
    return loaded


def milliseconds(text: str) -> int | None:
    """A time or a duration of ASCII digits; None if the text is anything else, or far too long."""
    is_whole = text.isascii() and text.isdigit() and len(text) <= _LONGEST_TIME
    return int(text) if is_whole else None


def _is_flat(value: object, levels: int) -> bool:
    if not isinstance(value, dict | list):
        return True
    inside = value.values() if isinstance(value, dict) else value
    return levels > 0 and all(_is_flat(each, levels - 1) for each in inside)
