"""The matrix and the paths: nothing is empty, nothing impossible is reached, all is pinned."""

from chaos.explore.matrix.cells import Cell, chart_steps
from chaos.explore.matrix.laws import law_of_cell, law_of_path
from chaos.explore.matrix.paths import simple_paths, words
from chaos.explore.results import read
from docs.writers.paths import links_of, replies_of, text_of
from docs.writers.pinned import pinned


def test_no_cell_of_the_matrix_is_empty() -> None:
    results, stories = read(), pinned()
    links = links_of(stories)
    cells = [
        Cell(*step, *reply) for step in chart_steps() for reply in replies_of(results, stories)
    ]
    assert [cell for cell in cells if not text_of(cell, links, results)] == []


def test_no_cell_that_was_reached_or_pinned_is_impossible() -> None:
    reached = {*read().cells, *(cell for story in pinned() for cell in story.cells)}
    assert [cell for cell in reached if law_of_cell(cell)] == []


def test_no_path_that_was_taken_is_impossible() -> None:
    taken = {*read().paths, *(path for story in pinned() for path in story.paths)}
    assert [words(path) for path in taken if law_of_path(path)] == []


def test_every_simple_path_is_pinned_or_excluded() -> None:
    taken = {path for story in pinned() for path in story.paths}
    assert [
        words(path)
        for path in simple_paths(chart_steps())
        if path not in taken and law_of_path(path) is None
    ] == []


def test_the_simple_paths_of_a_small_chart() -> None:
    chart = (
        ("Idle", "wake", "Validating"),
        ("Validating", "settled", "Idle"),
        ("Validating", "short", "Placing"),
        ("Placing", "overtaken", "Validating"),
    )
    assert [words(path) for path in simple_paths(chart)] == [
        "Idle wake Validating settled Idle",
        "Idle wake Validating short Placing overtaken Validating settled Idle",
    ]
