"""The trading that the bots of examples/ are led through: to flat, and beside a SIGKILL."""

import signal
from pathlib import Path

from tests.clients.bots import Bot, bot, held, is_flat, wait_for
from tests.clients.serving import served

LADDER = {"60600": "0.005", "61200": "0.003", "61800": "0.002"}
"""What trueup rests for the bots' 0.010 at 60,000: the levels of their rule."""
FIRST, SECOND, THIRD = LADDER
STOP, BREAKEVEN, BEHIND = "58800", "60000", "60600"
"""Where the stop is at first, after TP1, and after TP2."""
FILLED = [
    "TP1 filled: 0.005 at 60600; 0.005 is held",
    "TP2 filled: 0.003 at 61200; 0.002 is held",
    "TP3 filled: 0.002 at 61800; 0 is held",
]


def trades_to_flat(one: Bot) -> None:
    """Its entry gets ladder and stop, each fill is followed by both, and nothing is left.

    Raises:
        AssertionError: it was otherwise.
    """
    wait_for(one.url, LADDER, STOP)
    one.go_to(FIRST)
    one.read_until("TP1")
    wait_for(one.url, {SECOND: LADDER[SECOND], THIRD: LADDER[THIRD]}, BREAKEVEN)
    one.go_to(SECOND)
    one.read_until("TP2")
    assert held(one.url) == LADDER[THIRD]
    wait_for(one.url, {THIRD: LADDER[THIRD]}, BEHIND)
    one.go_to(THIRD)
    one.read_until("closed by take-profit: ")


def goes_on_after_a_kill(python: Path, folder: Path, script: str) -> None:
    """It is killed, TP1 fills, and its next life goes on with the position that is open.

    Raises:
        AssertionError: it was otherwise.
    """
    with served(folder) as url:
        with bot(python, folder, url, script) as one:
            wait_for(url, LADDER, STOP)
            one.end(signal.SIGKILL)
            one.go_to(FIRST)
        with bot(python, folder, url, script) as one:
            one.read_until("TP1")
            wait_for(url, {SECOND: LADDER[SECOND], THIRD: LADDER[THIRD]}, BREAKEVEN)
            one.go_to(SECOND)
            one.read_until("TP2")
            one.go_to(THIRD)
            assert one.ended() == 0
            assert one.said[:-1] == FILLED, one.said
            assert one.said[-1].startswith("closed by take-profit: ")
        is_flat(url)
