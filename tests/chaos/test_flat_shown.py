"""What counts as having shown that a position is flat."""

import pytest

from chaos.ledger.book import FlatShown

LAG_MS = 5000


def _shown_flat_twice() -> FlatShown:
    shown = FlatShown()
    for _ in range(2):
        shown.note_read(2, 0, LAG_MS, is_flat=True)
    assert shown.is_enough
    return shown


def test_a_delayed_event_from_before_the_reads_takes_nothing_back() -> None:
    """Seed 13383: the engine knew by its seq that it was older than what it had read."""
    shown = _shown_flat_twice()
    shown.note_event(1, 0, is_flat=False)
    assert shown.is_enough


@pytest.mark.parametrize("seq", [-1, 2, 3])
def test_any_other_event_that_shows_it_open_takes_it_back(seq: int) -> None:
    shown = _shown_flat_twice()
    shown.note_event(seq, 0, is_flat=False)
    assert not shown.is_enough


def test_a_read_from_before_them_takes_nothing_back_while_reads_may_lag() -> None:
    """Seed 1846175: the engine knew by its seq that it was older, and asked once more."""
    shown = _shown_flat_twice()
    shown.note_read(1, LAG_MS - 1, LAG_MS, is_flat=False)
    assert shown.is_enough


@pytest.mark.parametrize(("seq", "at_ms"), [(-1, 1), (2, 1), (3, 1), (1, LAG_MS)])
def test_any_other_read_that_shows_it_open_takes_it_back(seq: int, at_ms: int) -> None:
    shown = _shown_flat_twice()
    shown.note_read(seq, at_ms, LAG_MS, is_flat=False)
    assert not shown.is_enough


def test_a_delayed_event_that_shows_it_flat_is_no_evidence() -> None:
    shown = FlatShown()
    shown.note_read(3, 0, LAG_MS, is_flat=False)
    shown.note_event(2, 0, is_flat=True)
    shown.note_read(4, 0, LAG_MS, is_flat=True)
    assert not shown.is_enough


@pytest.mark.parametrize("at_ms", [LAG_MS - 1, LAG_MS])
def test_reads_from_before_an_event_count_once_reads_cannot_lag(at_ms: int) -> None:
    """Seed 3882: an event had shown it open again, and reads that lagged still showed it flat."""
    shown = FlatShown()
    shown.note_read(1, 0, LAG_MS, is_flat=False)
    shown.note_event(3, 0, is_flat=False)
    for _ in range(2):
        shown.note_read(2, at_ms, LAG_MS, is_flat=True)
    assert shown.is_enough is (at_ms == LAG_MS)


def test_a_new_process_knows_the_number_on_record_only() -> None:
    """Seed 40020456: an event had shown it open, and the process died before it was on record."""
    shown = FlatShown()
    shown.note_read(1, 0, LAG_MS, is_flat=False)
    shown.note_event(3, 0, is_flat=False)
    shown.note_death(1)
    shown.note_read(2, 0, LAG_MS, is_flat=True)
    assert not shown.is_enough
    shown.note_read(2, 0, LAG_MS, is_flat=True)
    assert shown.is_enough


def test_a_number_on_record_outlives_the_process() -> None:
    shown = FlatShown()
    shown.note_event(3, 0, is_flat=False)
    shown.note_death(3)
    for _ in range(2):
        shown.note_read(2, 0, LAG_MS, is_flat=True)
    assert not shown.is_enough
