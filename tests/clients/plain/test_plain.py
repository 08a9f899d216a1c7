"""A bot of plain Python hands its exits to trueup: both agree at the end."""

import signal
from pathlib import Path

import pytest

from tests.clients.bots import (
    BEHIND,
    BREAKEVEN,
    LADDER,
    STOP,
    bot,
    held,
    is_flat,
    python_for,
    wait_for,
)
from tests.clients.serving import served

SCRIPT = "plain/bot.py"
FIRST, SECOND, THIRD = LADDER

pytestmark = [pytest.mark.clients, pytest.mark.timeout(400)]


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel of these sources."""
    return python_for("plain", tmp_path_factory.mktemp("plain"))


def test_it_trades_to_flat(python: Path, tmp_path: Path) -> None:
    with served(tmp_path) as url, bot(python, tmp_path, url, SCRIPT, url) as one:
        one.read_until("entered")
        wait_for(url, LADDER, STOP)
        one.go_to(FIRST)
        one.read_until("TP1")
        wait_for(url, {SECOND: LADDER[SECOND], THIRD: LADDER[THIRD]}, BREAKEVEN)
        one.go_to(SECOND)
        one.read_until("TP2")
        assert held(url) == "0.002"
        wait_for(url, {THIRD: LADDER[THIRD]}, BEHIND)
        one.go_to(THIRD)
        assert one.ended() == 0
        assert one.said == [
            "entered: 0.010 is held",
            "TP1 filled: 0.005 at 60600; 0.005 is held",
            "TP2 filled: 0.003 at 61200; 0.002 is held",
            "TP3 filled: 0.002 at 61800; 0 is held",
            "closed by take-profit: 10.200 earned before fees; 0 is held",
        ]
        is_flat(url)


def test_after_a_kill_it_goes_on_with_the_position_that_is_open(
    python: Path, tmp_path: Path
) -> None:
    with served(tmp_path) as url:
        with bot(python, tmp_path, url, SCRIPT, url) as one:
            wait_for(url, LADDER, STOP)
            one.process.send_signal(signal.SIGKILL)
            one.ended()
            one.go_to(FIRST)
        with bot(python, tmp_path, url, SCRIPT, url) as one:
            assert one.read_until("held") == "TP1 filled: 0.005 at 60600; 0.005 is held"
            wait_for(url, {SECOND: LADDER[SECOND], THIRD: LADDER[THIRD]}, BREAKEVEN)
            one.go_to(THIRD)
            assert one.ended() == 0
            assert one.said[-2:-1] == ["TP3 filled: 0.002 at 61800; 0 is held"]
            assert one.said[-1].startswith("closed by take-profit: ")
        is_flat(url)
