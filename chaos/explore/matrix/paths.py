"""The simple paths through the chart: each state once, Validating at most twice."""

from collections.abc import Iterator, Sequence

from trueup.domain.model.record import StateName

from .cells import Path, Step

_IDLE, _VALIDATING = StateName.IDLE.value, StateName.VALIDATING.value
MOST_VALIDATING = 2


def simple_paths(chart: Sequence[Step]) -> Iterator[Path]:
    """Every path from Idle to Idle in which only Validating comes twice, and nothing else does.

    Args:
        chart: every transition.
    """
    yield from _onwards((), _IDLE, chart)


def _onwards(path: Path, state: str, chart: Sequence[Step]) -> Iterator[Path]:
    for step in chart:
        source, _, target = step
        if source != state:
            continue
        longer = (*path, step)
        if target == _IDLE:
            yield longer
        elif _may_enter(target, path):
            yield from _onwards(longer, target, chart)


def _may_enter(state: str, path: Path) -> bool:
    before = sum(target == state for _, _, target in path)
    return before < (MOST_VALIDATING if state == _VALIDATING else 1)


def words(path: Path) -> str:
    """The path on one line: ``Idle wake Validating settled Idle``."""
    return " ".join([path[0][0], *(f"{event} {target}" for _, event, target in path)])
