"""The rows of a position list together: which are missing, and which contradict each other."""

from collections.abc import Iterable

from ....domain.model.instrument import plain
from . import names
from .parsing import PositionRow

_WHOLE = ({0}, {1, 2})


def missing_row(rows: Iterable[PositionRow]) -> str:
    """Which row a list that was asked for by symbol lacks, for people; empty if it has all.

    It has a row for each ``positionIdx``, flat or not: one in one-way mode, two in hedge mode
    (docs/v5/position/position.mdx, bybit-exchange/pybit#367).
    """
    indexes = {row.index for row in rows}
    if any(whole <= indexes for whole in _WHOLE):
        return ""
    if not indexes:
        return "a position list by symbol has no row"
    lacking = min({1, 2} - indexes)
    return f"a position list by symbol has no row of {names.POSITION_INDEX} {lacking}"


def contradictions(rows: Iterable[PositionRow]) -> dict[str, str]:
    """The symbols of which two rows are of one position with different sizes, each with both."""
    found: dict[str, str] = {}
    first: dict[tuple[str, int], PositionRow] = {}
    for row in rows:
        other = first.setdefault((row.symbol, row.index), row)
        if _held(other) != _held(row):
            sizes = " and ".join(plain(each.size) for each in (other, row))
            found[row.symbol] = (
                f"{names.SIZE}: two rows of {names.POSITION_INDEX} {row.index}, with {sizes}"
            )
    return found


def _held(row: PositionRow) -> tuple[object, ...]:
    return (row.position.side, row.size) if row.position is not None else ()
