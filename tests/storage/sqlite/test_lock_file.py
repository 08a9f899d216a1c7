"""The lock file beside the database: a person who tidies it away lets nobody else in."""

from pathlib import Path

import pytest

from trueup.domain.model.errors import StoreLocked
from trueup.domain.store import Step
from trueup.storage import SqlStore, open_store

from ..samples import alert, watched


def lock_of(path: Path) -> Path:
    """The lock file of that database."""
    return path.with_name(f"{path.name}.lock")


def test_a_lock_whose_file_was_removed_is_taken_again(store: SqlStore, path: Path) -> None:
    record = watched(store)
    lock_of(path).unlink()
    store.commit(Step(record, alert=alert()))
    with pytest.raises(StoreLocked):
        open_store(f"sqlite:///{path}")


def test_whoever_comes_second_goes_on_where_the_file_was_removed(
    store: SqlStore, path: Path
) -> None:
    record = watched(store)
    lock_of(path).unlink()
    with open_store(f"sqlite:///{path}") as second:
        with pytest.raises(StoreLocked):
            store.commit(Step(record, alert=alert()))
        second.commit(Step(record, alert=alert()))
        assert len(second.pending_alerts()) == 1
