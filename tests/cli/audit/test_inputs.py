"""``trueup explain``: what a run saw and went by, from what was recorded of it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from tests.cli.audit.asking import told
from tests.stage import BAND_LADDER, UIDS, Stage
from trueup.simulator import Fault, FaultKind

MIRROR = UIDS["mirror"]
PARTS = ("Which orders it saw", "What it went by")


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A trader sells into a mirror's short by hand, and two reads fail; a blind run follows."""
    folder = tmp_path_factory.mktemp("inputs")
    with Stage(folder) as stage:
        stage.sim.open_position(MIRROR, "BANDUSDT", "Sell", "307.3", "0.6800")
        mirror = stage.reconciler.watch("mirror", "BANDUSDT", "Sell", BAND_LADDER)
        stage.reconciler.reconcile(mirror)
        stage.clock.advance(60_000)
        stage.sim.place_entry(MIRROR, "BANDUSDT", "Sell", "100", "0.7200", "by-hand")
        stage.sim.open_position(MIRROR, "BANDUSDT", "Sell", "614.6", "0.6800")
        broken = Fault(kind=FaultKind.SERVER_ERROR, path="position/list", status=502, times=2)
        stage.sim.inject(broken)
        stage.reconciler.reconcile(mirror)
        stage.clock.advance(60_000)
        stage.sim.inject(Fault(kind=FaultKind.SERVER_ERROR, path="order/realtime", times=None))
        stage.reconciler.reconcile(mirror)
        yield folder / "trueup.db"


def _part(page: str, title: str) -> str:
    """A part of a page, with its title."""
    return title + page.partition(f"\n{title}")[2].partition("\n\n")[0]


def _changed(database: Path, folder: Path, inputs: str) -> Path:
    """A copy in which something else stands in the record of the second run."""
    copy = folder / "copy.db"
    with closing(sqlite3.connect(database)) as client, closing(sqlite3.connect(copy)) as other:
        client.backup(other)
    with closing(sqlite3.connect(copy)) as client, client:
        client.execute("DROP TRIGGER journal_update")
        client.execute(f"UPDATE journal SET inputs = {inputs} WHERE run_id = 'run-2'")  # noqa: S608 - of a test
    return copy


@pytest.mark.parametrize("run", ["run-2", "run-3"])
def test_a_run_is_explained_by_what_it_saw(
    database: Path, run: str, snapshot: SnapshotAssertion
) -> None:
    page = told(database, "explain", run).stdout
    shown = [_part(page, title) for title in ("What woke it", "What it saw", *PARTS)]
    assert "\n\n".join(shown) == snapshot


def test_a_run_without_a_record_is_explained_by_its_requests(
    database: Path, tmp_path: Path
) -> None:
    whole = told(database, "explain", "run-2").stdout
    page = told(_changed(database, tmp_path, "NULL"), "explain", "run-2").stdout
    assert [title for title in PARTS if title in page] == []
    seen = _part(page, "What it saw")
    assert [line for line in _part(whole, "What it saw").splitlines() if line not in seen] == [
        "  read at 12:59:58.592: entry price 0.68, mark price 0.7"
    ]


def test_a_record_that_cannot_be_read_is_named(database: Path, tmp_path: Path) -> None:
    result = told(_changed(database, tmp_path, "x'0300ff'"), "explain", "run-2")
    assert result.stderr == ""
    assert "What it went by\n  its record cannot be read: " in result.stdout
    assert "What it saw\n  the position is 921.9" in result.stdout
