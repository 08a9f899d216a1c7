"""What counts as having shown that a position is flat."""

import pytest

from chaos.ledger.book import FlatShown


def _shown_flat_twice() -> FlatShown:
    shown = FlatShown()
    for _ in range(2):
        shown.note_read(2, is_flat=True)
    assert shown.is_enough
    return shown


def test_a_delayed_event_from_before_the_reads_takes_nothing_back() -> None:
    """Seed 13383: the engine knew by its seq that it was older than what it had read."""
    shown = _shown_flat_twice()
    shown.note_event(1, is_flat=False)
    assert shown.is_enough


@pytest.mark.parametrize("seq", [-1, 2, 3])
def test_any_other_event_that_shows_it_open_takes_it_back(seq: int) -> None:
    shown = _shown_flat_twice()
    shown.note_event(seq, is_flat=False)
    assert not shown.is_enough


def test_a_read_that_shows_it_open_takes_it_back_however_old() -> None:
    shown = _shown_flat_twice()
    shown.note_read(1, is_flat=False)
    assert not shown.is_enough


def test_a_delayed_event_that_shows_it_flat_is_no_evidence() -> None:
    shown = FlatShown()
    shown.note_read(3, is_flat=False)
    shown.note_event(2, is_flat=True)
    shown.note_read(4, is_flat=True)
    assert not shown.is_enough
