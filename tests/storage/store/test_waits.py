"""A run that waits says so in the database, until its next commit."""

from dataclasses import replace
from datetime import UTC, datetime

from trueup.domain.store import Step
from trueup.storage import SqlStore

from ..samples import watched

UNTIL = datetime(2026, 1, 25, 12, 0, tzinfo=UTC)


def waits(store: SqlStore) -> tuple[object, object]:
    """What the view says of the wait."""
    row = store.rows("monitor_status")[0]
    return row["waits_until"], row["waits_for"]


def test_a_wait_is_shown_until_the_next_commit_and_counts_as_none(store: SqlStore) -> None:
    record = watched(store)
    assert waits(store) == (None, "")
    store.waits(record.id, UNTIL, "an order is in no list")
    assert waits(store) == ("2026-01-25T12:00:00.000000Z", "an order is in no list")
    assert store.load(record.key) == record
    store.commit(Step(record=replace(record, attempts=1), before=record))
    assert waits(store) == (None, "")
