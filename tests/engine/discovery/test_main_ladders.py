"""Which ladder a mirror may take from its main, in one-way and in hedge mode."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from tests.stage import BAND_LADDER
from trueup import Account, Ladder, MonitorKey, PositionMode, Role, Side
from trueup.domain.store import Step
from trueup.engine.run.main_ladders import MainLadders
from trueup.storage import SqlStore, open_store

MIRROR = MonitorKey("mirror", "BANDUSDT", Side.SELL)
LONG = Ladder.of(("0.7200", 100))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    """An empty database."""
    opened = open_store(f"sqlite:///{tmp_path / 'trueup.db'}")
    yield opened
    opened.close()


def main_ladders(store: SqlStore, mode: PositionMode = PositionMode.ONE_WAY) -> MainLadders:
    """The ladders of a main account in that mode."""
    return MainLadders(store, {"main": Account("main", "key", "secret", position_mode=mode)})


def watched(store: SqlStore, side: Side, ladder: Ladder | None, size: str) -> None:
    """A monitor of the main that ran once and saw a position of that size."""
    record = store.watch(MonitorKey("main", "BANDUSDT", side), Role.MAIN, None, ladder)
    at = datetime(2025, 1, 25, tzinfo=UTC)
    store.commit(Step(record=replace(record, position_size=Decimal(size), last_run_at=at)))


@pytest.mark.parametrize(
    ("mode", "ladder"), [(PositionMode.ONE_WAY, None), (PositionMode.HEDGE, BAND_LADDER)]
)
def test_a_main_that_is_open_on_the_other_side_only(
    store: SqlStore, mode: PositionMode, ladder: Ladder | None
) -> None:
    watched(store, Side.SELL, BAND_LADDER, "0")
    watched(store, Side.BUY, LONG, "900")
    assert main_ladders(store, mode).of(MIRROR, "main") == ladder


def test_a_main_that_closed_first_left_its_ladder_to_the_mirror(store: SqlStore) -> None:
    watched(store, Side.SELL, BAND_LADDER, "0")
    assert main_ladders(store).of(MIRROR, "main") == BAND_LADDER


def test_a_main_that_has_not_run_yet_has_its_ladder(store: SqlStore) -> None:
    store.watch(MonitorKey("main", "BANDUSDT", Side.SELL), Role.MAIN, None, BAND_LADDER)
    watched(store, Side.BUY, LONG, "900")
    assert main_ladders(store).of(MIRROR, "main") == BAND_LADDER


def test_the_reason_is_that_of_the_lack(store: SqlStore) -> None:
    assert main_ladders(store).why_none(MIRROR, "main") == "main does not watch BANDUSDT Sell"
    watched(store, Side.SELL, None, "0")
    assert main_ladders(store).why_none(MIRROR, "main") == "main has no ladder either"
    watched(store, Side.BUY, LONG, "900")
    assert main_ladders(store).why_none(MIRROR, "main") == (
        "the position of main is on the other side: Buy"
    )
