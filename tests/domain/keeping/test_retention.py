"""Laws of what is kept."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trueup.domain.keeping.retention import Keep, OldRow, prunable
from trueup.domain.model.errors import ConfigurationError

AT = datetime(2026, 1, 31, tzinfo=UTC)


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[OldRow], set[int]]:
    """Rows, and those that are due."""
    count = draw(st.integers(0, 12))
    rows = [
        OldRow(
            number,
            AT,
            is_needed=draw(st.booleans()),
            base=draw(st.none() | st.integers(1, number - 1)) if number > 1 else None,
        )
        for number in range(1, count + 1)
    ]
    chosen = st.sets(st.integers(1, max(count, 1)))
    return rows, draw(chosen)


@given(tables())
def test_a_row_that_stays_can_be_read(table: tuple[list[OldRow], set[int]]) -> None:
    rows, due = table
    gone = prunable(rows, due)
    assert gone == sorted(set(gone) & due)
    for row in rows:
        if row.number in gone:
            assert not row.is_needed
        else:
            assert row.base not in gone


@given(tables())
def test_all_that_nothing_keeps_goes(table: tuple[list[OldRow], set[int]]) -> None:
    rows, due = table
    gone = set(prunable(rows, due))
    held = {row.base for row in rows if row.number not in gone}
    free = {row.number for row in rows if row.number in due and not row.is_needed}
    assert free - held <= gone


def test_a_row_is_due_by_its_age_or_its_place() -> None:
    keep = Keep(timedelta(days=1), rows=3)
    old, young = OldRow(7, AT), OldRow(8, AT + timedelta(hours=2))
    now = AT + timedelta(days=1, hours=1)
    assert keep.is_due(old, now, newest=8)
    assert not keep.is_due(young, now, newest=8)
    assert keep.is_due(young, now, newest=11)
    assert not Keep().is_due(old, now, newest=1000)


@pytest.mark.parametrize("wrong", [(timedelta(0), None), (None, 0)])
def test_nothing_is_no_bound(wrong: tuple[timedelta | None, int | None]) -> None:
    with pytest.raises(ConfigurationError, match="above zero"):
        Keep(*wrong)
