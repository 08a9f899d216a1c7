"""The fixtures of the outbox."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from trueup.storage import SqlStore, open_store

from .hand import HandClock


@pytest.fixture
def clock() -> HandClock:
    """A clock that stands still."""
    return HandClock()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    """A new database."""
    with open_store(f"sqlite:///{tmp_path}/t.db") as store:
        yield store
