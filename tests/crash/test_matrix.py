"""kill -9 at every point of some stories; ``make crash-matrix`` does it at every point of all."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash.conftest import story
from tests.crash.job import Reached
from tests.crash.matrix import ALL_POINTS, Cell, Matrix
from tests.crash.process import Zygote
from tests.crash.table import sums, table

ALWAYS = {"Validating.before-commit", "Validating.after-commit"}
STORIES = {
    "live": {"Alerting.before-commit", "amend.after-reply", "amend.landed"},
    "shorter": {
        "Alerting.before-commit",
        "Cancelling.before-commit",
        "cancel.landed",
        "amend.arrived",
    },
    "taken:differs": {"place.landed", "amend.before-send"},
    "stop breakeven, grown": {"set_stop.before-send", "set_stop.landed", "set_stop.arrived"},
    "stop TP1 meanwhile": {"set_stop.before-send", "set_stop.landed"},
    "close half": {"close.before-send", "close.landed", "close.arrived", "close.after-reply"},
    "entries": {"cancel-entry.before-send", "cancel-entry.landed", "cancel-entry.arrived"},
    "entries filling": {"cancel-entry.after-reply"},
    "order moved": {"set_stop.before-send", "set_stop.landed", "set_stop.arrived"},
    "limit order moved": {"set_stop.before-send", "set_stop.landed", "set_stop.arrived"},
    "order late": {"set_stop.after-reply", "set_stop.landed"},
    "then shrunk": {"Alerting.after-commit", "place.arrived"},
}


@pytest.fixture
def matrix(tmp_path: Path, zygotes: tuple[Zygote, Zygote], empty: Path) -> Iterator[Matrix]:
    """Kills processes."""
    made = Matrix(tmp_path, zygotes[0], empty)
    yield made
    made.close()


@pytest.mark.parametrize("name", STORIES)
def test_a_process_may_die_at_any_point(matrix: Matrix, name: str) -> None:
    cells = list(matrix.cells(story(name), every=False))
    assert [cell for cell in cells if cell.findings] == []
    assert {cell.reached.point for cell in cells} >= ALWAYS | STORIES[name]


def test_the_table_tells_of_what_went_wrong() -> None:
    good = Cell("first", Reached("Validating.before-commit"))
    bad = Cell("first", Reached("place.landed"), duplicates=("a and b at 1",), lost=("c",))
    lines = table([good, bad], ["first", "grown"]).splitlines()
    marks = {line.split()[0]: line.split()[1:] for line in lines[1 : 1 + len(ALL_POINTS)]}
    assert marks["Validating.before-commit"] == ["✓", "–"]
    assert marks["place.landed"] == ["✗", "–"]
    assert marks["cancel.landed"] == ["–", "–"]
    assert lines[-3:] == [
        "✗ first, place.landed 1: a and b at 1",
        "✗ first, place.landed 1: c",
        "killed 2, duplicates 1, lost 1, alerts missing 0",
    ]
    assert sums([good]) == "killed 1, duplicates 0, lost 0, alerts missing 0"
