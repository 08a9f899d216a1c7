"""The matrix as people read it: points by transcripts, what went wrong, and the sums."""

from collections.abc import Iterable, Sequence

from tests.crash.matrix import ALL_POINTS, Cell

KEPT, BROKEN, NOT_REACHED = "✓", "✗", "–"


def table(cells: Sequence[Cell], names: Sequence[str]) -> str:
    """All of it; the last line has the sums.

    A point that a story reaches several times was the end of as many processes; its mark says
    that all of them came out.
    """
    width = max(len(point) for point in ALL_POINTS)
    columns = range(1, len(names) + 1)
    lines = [f"{'':<{width}} {''.join(f'{number:>3}' for number in columns)}"]
    for point in ALL_POINTS:
        marks = "".join(f"{_mark(cells, name, point):>3}" for name in names)
        lines.append(f"{point:<{width}} {marks}")
    lines += ["", *(f"{number:>3} {name}" for number, name in enumerate(names, 1)), ""]
    lines += _findings(cells)
    return "\n".join([*lines, sums(cells)])


def sums(cells: Sequence[Cell]) -> str:
    """The last line."""
    duplicates = sum(len(cell.duplicates) for cell in cells)
    lost = sum(len(cell.lost) for cell in cells)
    missing = sum(len(cell.alerts) for cell in cells)
    broken = sum(len(cell.broken) for cell in cells)
    more = f", otherwise broken {broken}" if broken else ""
    return (
        f"killed {len(cells)}, duplicates {duplicates}, lost {lost}, alerts missing {missing}{more}"
    )


def _mark(cells: Iterable[Cell], name: str, point: str) -> str:
    here = [c for c in cells if (c.transcript, c.reached.point) == (name, point)]
    if not here:
        return NOT_REACHED
    return BROKEN if any(cell.findings for cell in here) else KEPT


def _findings(cells: Iterable[Cell]) -> Iterable[str]:
    for cell in cells:
        for finding in cell.findings:
            yield f"{BROKEN} {cell.transcript}, {cell.reached.point} {cell.reached.time}: {finding}"
