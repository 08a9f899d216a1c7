"""Making a failing history small: moves are left out while the same promise is broken."""

from collections.abc import Callable

from .history import History

Breaks = Callable[[History], bool]


def shrink(history: History, breaks: Breaks) -> tuple[int, ...]:
    """The places of moves that are enough: leaving out any one of them mends it.

    Args:
        history: one that breaks.
        breaks: whether a history still breaks the same promise.
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
    """Leaves out runs of ``size`` moves, each that is not needed."""
    start = 0
    while start < len(kept):
        fewer = kept[:start] + kept[start + size :]
        if breaks(history.keep(fewer)):
            kept = fewer
        else:
            start += size
    return kept
