"""The health of a database: whether its folder takes what the engine writes."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from trueup.storage import open_store
from trueup.storage.sqlite.health import health_of


@contextmanager
def no_room() -> Iterator[None]:
    """No file may grow: as on a disk that is full, opening one works, and writing does not."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_folder_that_takes_nothing_is_not_writable(tmp_path: Path) -> None:
    path = tmp_path / "trueup.db"
    with no_room():
        before = health_of(path)
    assert (before.exists, before.unwritable) == (False, "File too large")
    open_store(f"sqlite:///{path}").close()
    with no_room():
        full = health_of(path)
    assert (full.exists, full.unwritable) == (True, "File too large")
    well = health_of(path)
    assert well.unwritable == ""
    assert well.free
    assert not [one for one in tmp_path.iterdir() if not one.name.startswith("trueup.db")]


def test_a_folder_that_is_not_there_says_so(tmp_path: Path) -> None:
    found = health_of(tmp_path / "nowhere" / "trueup.db")
    assert (found.unwritable, found.free) == ("No such file or directory", None)
