"""The service records when it started and stopped, and what was set differently."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from queue import SimpleQueue

import pybit

import trueup
from tests.stage import BAND_LADDER, Stage
from trueup import LoopSettings, Sweep
from trueup.storage.shared.generated.revisions import REVISIONS

HOURLY = LoopSettings(interval=timedelta(hours=1), streams=False)
DEADLINE_S = 60.0
DAILY = LoopSettings(interval=timedelta(days=1), streams=False)


def test_a_start_and_a_stop_are_on_record_with_what_changed(tmp_path: Path) -> None:
    with Stage(tmp_path) as stage:
        stage.reconciler.start(settings=HOURLY)
        stage.clock.advance(60_000)
        stage.reconciler.stop()
        stage.reconciler.start(settings=DAILY)
        first, second = stage.reconciler.store.rows("engine_log")
    assert (first["started_at"], first["stopped_at"]) == (
        "2025-01-25T12:58:57.842000Z",
        "2025-01-25T12:59:57.842000Z",
    )
    versions = [first[f"{of}_version"] for of in ("trueup", "schema", "pybit")]
    assert versions == [trueup.__version__, REVISIONS[-1], pybit.VERSION]
    assert (first["changed"], second["changed"]) == (None, "loop.interval: 3600 s → 86400 s")
    assert second["stopped_at"] is None


def test_no_key_is_recorded(tmp_path: Path) -> None:
    with Stage(tmp_path) as stage:
        stage.reconciler.start(settings=HOURLY)
        stage.reconciler.stop()
    with closing(sqlite3.connect(tmp_path / "trueup.db")) as client:
        ((settings,),) = client.execute("SELECT settings FROM engine_start").fetchall()
    assert '"accounts.mirror":"mirror of main' in settings
    assert "mirror-key" not in settings
    assert "secret" not in settings


def test_a_database_that_is_away_for_a_moment_does_not_keep_it_from_stopping(
    tmp_path: Path,
) -> None:
    with Stage(tmp_path) as stage:
        stage.reconciler.start(settings=HOURLY)
        with _away(tmp_path):
            stage.reconciler.stop()
        stage.reconciler.stop()
        (row,) = stage.reconciler.store.rows("engine_log")
    assert row["stopped_at"] is None


def test_a_start_that_could_not_be_recorded_is_recorded_by_the_next_sweep(tmp_path: Path) -> None:
    swept: SimpleQueue[Sweep] = SimpleQueue()
    with Stage(tmp_path) as stage:
        stage.reconciler.watch("mirror", "BANDUSDT", "Sell", BAND_LADDER)
        with _away(tmp_path):
            stage.reconciler.start(settings=HOURLY, on_sweep=swept.put)
            assert stage.reconciler.store.rows("engine_log") == []
        swept.get(timeout=DEADLINE_S)
        (row,) = stage.reconciler.store.rows("engine_log")
        (account,) = stage.reconciler.store.rows("account_status")
    assert (row["stopped_at"], account["engine_start"]) == (None, row["id"])


def test_a_sweep_says_which_start_made_it(tmp_path: Path) -> None:
    swept: SimpleQueue[Sweep] = SimpleQueue()
    with Stage(tmp_path) as stage:
        stage.reconciler.watch("mirror", "BANDUSDT", "Sell", BAND_LADDER)
        for number in (1, 2):
            stage.reconciler.start(settings=HOURLY, on_sweep=swept.put)
            swept.get(timeout=DEADLINE_S)
            (account,) = stage.reconciler.store.rows("account_status")
            assert account["engine_start"] == number
            stage.reconciler.stop()


@contextmanager
def _away(folder: Path) -> Iterator[None]:
    """Nobody else can write the database meanwhile."""
    with closing(sqlite3.connect(folder / "trueup.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")
