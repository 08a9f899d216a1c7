"""Unpatched ccxt, sync and async, starts, trades and ends flat on `trueup simulator`."""

import json
import subprocess
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.clients.ccxt.running import LOCK, OUTCOMES, outcomes, printed
from tests.clients.environments import CannotBeHadError, python_of
from tests.clients.serving import KEY, SECRET, control, served
from tests.packaging.building import ROOT

HOUR_MS = 3_600_000
ASK = """
import sys
from tests.clients.ccxt.connecting import SYMBOL, client
client("ccxt", *sys.argv[1:]).fetch_positions([SYMBOL])
"""

pytestmark = [pytest.mark.clients, pytest.mark.timeout(400)]


@pytest.fixture(autouse=True)
def _environment() -> None:
    """Skips where ccxt cannot be had."""
    try:
        python_of(LOCK)
    except CannotBeHadError as error:
        pytest.skip(f"ccxt cannot be had from the package index here: {error}")


@pytest.mark.parametrize("module", ["ccxt", "ccxt.async_support"])
def test_it_trades_to_flat_and_agrees_with_its_wallet(tmp_path: Path, module: str) -> None:
    with served(tmp_path) as url:
        control(url, "advance", ms=HOUR_MS)  # it has to adjust its time
        seen: dict[str, Any] = printed("life", module, url)
    assert seen["markets"] == ["BTC/USDT:USDT"]
    assert seen["deposit"] == {"free": 1000.0, "used": 0.0, "total": 1000.0, "debt": 0.0}
    assert seen["entered"] == ["long", 0.01, 60000.0, 20.0]
    assert seen["open"] == [
        ["buy", 59000.0, 0.01, 0.0, "open"],
        ["sell", 60500.0, 0.004, 0.0, "open"],
        ["sell", 61000.0, 0.006, 0.0, "open"],
    ]
    assert seen["free"] == pytest.approx(1000 - 0.33 - 600 / 20 - 590 / 20)
    assert seen["first"] == ["sell", 60500.0, 0.004, 0.004, "closed"]
    assert seen["left"] == ["long", 0.006, 60000.0, 20.0]
    assert seen["edited"] == ["sell", 62000.0, 0.006, 0.0, "open"]
    assert seen["cancelled"] == [
        ["buy", 59000.0, 0.01, 0.0, "canceled"],
        ["sell", 62000.0, 0.006, 0.0, "canceled"],
    ]
    assert (seen["positions"], seen["orders"]) == ([], [])
    assert seen["trades"] == [
        ["buy", 0.01, 60000.0],
        ["sell", 0.004, 60500.0],
        ["sell", 0.006, 60600.0],
    ]
    earned = 0.004 * 500 + 0.006 * 600 - seen["fees"]
    assert seen["end"] == pytest.approx(1000 + earned)
    assert seen["results"] == pytest.approx(earned)


def test_without_adjusting_its_time_it_is_refused(tmp_path: Path) -> None:
    with served(tmp_path) as url:
        control(url, "advance", ms=HOUR_MS)
        command = (python_of(LOCK), "-c", ASK, url, KEY, SECRET)
        done = subprocess.run(  # noqa: S603 - ours
            command,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    assert "InvalidNonce" in done.stderr
    assert '"retCode":10002' in done.stderr


def test_its_streams_show_what_happens(tmp_path: Path) -> None:
    with served(tmp_path) as url:
        seen: dict[str, Any] = printed("watching", url)
    assert seen["book"] == [[50, 50, 60000.0, 60000.0], [50, 50, 60600.0, 60600.0]]
    assert seen["ticker"] == [60000.0, 60600.0]
    assert seen["candles"] == [[60000.0] * 4, [60000.0, 60600.0, 60000.0, 60600.0]]
    assert seen["trades"][:2] == [[["buy", 0.01, 60000.0]], [["buy", 0.004, 60500.0]]]
    assert seen["orders"][:3] == [
        [["buy", 60000.0, 0.01, "closed"]],
        [["sell", 60500.0, 0.0, "open"]],
        [["sell", 60500.0, 0.004, "closed"]],
    ]
    assert seen["mine"] == [
        [["buy", 0.01, 60000.0]],
        [["sell", 0.004, 60500.0]],
        [["sell", 0.006, 60600.0]],
    ]
    assert [held for before, held in pairwise(seen["positions"]) if held != before] == [
        [["long", 0.01, 60000.0]],
        [["long", 0.006, 60000.0]],
        [[None, 0.0, None]],
    ]


def test_every_call_does_what_the_page_says(tmp_path: Path) -> None:
    told = outcomes(tmp_path)
    assert (told["unknown"], told["gone"]) == ([], [])
    assert told == json.loads(OUTCOMES.read_text("utf-8")), "make clients"
    odd = [what for what in told["calls"].values() if what != "works" and what[:4] != "404 "]
    assert odd == []
