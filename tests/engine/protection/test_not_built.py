"""What a stop may ask for and nobody does yet is refused at the door."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stage import BAND_LADDER, Stage
from trueup import CancelEntries, Stop, StopError


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with Stage(tmp_path) as opened:
        yield opened


@pytest.mark.parametrize(
    ("stop", "name"),
    [
        (Stop.of(percent=5, cancel_entries=CancelEntries.of("BOT_*_LIMIT*")), "cancel_entries"),
    ],
)
def test_it_is_refused_and_nothing_is_watched(stage: Stage, stop: Stop, name: str) -> None:
    with pytest.raises(StopError, match=f"{name}.* is not built yet"):
        stage.reconciler.watch("mirror", "BANDUSDT", "Sell", BAND_LADDER, stop=stop)
    assert stage.reconciler.monitors() == ()
