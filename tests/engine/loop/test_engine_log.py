"""The service records when it started and stopped, and what was set differently."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pybit
import pytest

import trueup
from tests.stage import Stage
from trueup import LoopSettings
from trueup.storage.shared.generated.revisions import REVISIONS

HOURLY = LoopSettings(interval=timedelta(hours=1), streams=False)
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


@pytest.mark.parametrize("when", ["start", "stop"])
def test_a_database_that_is_away_for_a_moment_stops_neither(tmp_path: Path, when: str) -> None:
    with Stage(tmp_path) as stage:
        if when == "stop":
            stage.reconciler.start(settings=HOURLY)
        with closing(sqlite3.connect(tmp_path / "trueup.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            if when == "start":
                stage.reconciler.start(settings=HOURLY)
            else:
                stage.reconciler.stop()
            other.execute("ROLLBACK")
        stage.reconciler.stop()
        rows = stage.reconciler.store.rows("engine_log")
    assert [row["stopped_at"] for row in rows] == ([] if when == "start" else [None])
