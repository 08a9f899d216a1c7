"""Texts of others, made fit to stand in a line of ours."""

import unicodedata

_UNSEEN = frozenset({"Cc", "Cf", "Zl", "Zp"})


def one_line(text: str) -> str:
    r"""The text without line breaks and control characters; each run of them is one space.

    A message of the exchange goes into alerts and logs. One with line breaks in it could forge
    lines of ours, and one that turns the direction of writing could hide them.

    Example: ``"busy\n✅ TP1: 0→850"`` becomes ``"busy ✅ TP1: 0→850"``.
    """
    if text.isprintable():
        return text
    seen = (" " if unicodedata.category(each) in _UNSEEN else each for each in text)
    return " ".join("".join(seen).split())
