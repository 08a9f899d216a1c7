"""Shrinking a failing history: leaving out moves while the same promise is still broken."""

from collections.abc import Callable

from .history import History

Breaks = Callable[[History], bool]


def shrink(history: History, breaks: Breaks) -> tuple[int, ...]:
    """The positions of moves that are needed: leaving out any one of them mends the history.

    Args:
        history: one that breaks a promise.
        breaks: whether a part of it still breaks the same promise.
    """
    kept = list(range(len(history.moves)))
    size = max(len(kept) // 2, 1)
    while True:
        smaller = _without_some(history, kept, size, breaks)
        if size == 1 and smaller == kept:
            return tuple(kept)
        kept = smaller
        size = max(size // 2, 1)


def _without_some(history: History, kept: list[int], size: int, breaks: Breaks) -> list[int]:
    """Leaves out every stretch of ``size`` moves that is not needed."""
    start = 0
    while start < len(kept):
        fewer = kept[:start] + kept[start + size :]
        if breaks(history.keep(fewer)):
            kept = fewer
        else:
            start += size
    return kept
