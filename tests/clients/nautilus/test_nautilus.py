"""An unpatched nautilus_trader node starts, trades, restarts and reconciles on the simulator."""

import signal
from pathlib import Path
from typing import Any

import pytest

from tests.clients.bots import account, bot, is_flat, python_for, wait_for
from tests.clients.environments import EXAMPLES, CannotBeHadError, printed_in, python_of
from tests.clients.serving import KEY, SECRET, control, served
from tests.clients.trading import FILLED, LADDER, STOP

LOCK = EXAMPLES / "nautilus" / "requirements.lock"

pytestmark = [pytest.mark.clients, pytest.mark.timeout(400)]


@pytest.fixture(autouse=True)
def _environment() -> None:
    """Skips where nautilus_trader cannot be had."""
    try:
        python_of(LOCK)
    except CannotBeHadError as error:
        pytest.skip(f"nautilus_trader cannot be had from the package index here: {error}")


def lived(life: str, url: str) -> dict[str, Any]:
    """What a node saw in one life."""
    return printed_in(LOCK, f"{__package__}.life", life, url, KEY, SECRET)


def test_it_comes_back_beside_resting_take_profits_and_ends_flat(tmp_path: Path) -> None:
    with served(tmp_path) as url:
        first = lived("enter", url)
        control(url, "set_price", symbol="BTCUSDT", price="61100")  # while there is no node
        second = lived("leave", url)
    rest = [["SELL", "0.003", "61500.0"], ["SELL", "0.004", "62000.0"]]
    assert first["entered"]["positions"] == [["LONG", "0.010", "60000"]]
    assert first["entered"]["orders"][2:] == rest
    assert first["fills"] == [["BUY", "0.010", "60000.0"], ["SELL", "0.001", "60500.0"]]
    assert first["end"]["positions"] == [["LONG", "0.009", "60000"]]
    found = second["found"]
    assert (found["positions"], found["orders"]) == ([["LONG", "0.007", "60000"]], rest)
    assert second["fills"] == [["SELL", "0.003", "61500.0"], ["SELL", "0.004", "61600.0"]]
    earned = 0.001 * 500 + 0.002 * 1000 + 0.003 * 1500 + 0.004 * 1600
    makers = 0.0002 * (0.001 * 60500 + 0.002 * 61000 + 0.003 * 61500)
    takers = 0.00055 * (0.01 * 60000 + 0.004 * 61600)
    assert (second["end"]["positions"], second["end"]["orders"]) == ([], [])
    assert float(second["end"]["balance"]) == pytest.approx(1000 + earned - makers - takers)


def test_an_actor_hands_its_exits_to_trueup(tmp_path: Path) -> None:
    python = python_for("nautilus", tmp_path)
    with served(tmp_path) as url:
        with bot(python, tmp_path, url, "nautilus/bot.py") as one:
            assert one.read_until("held") == "0.01 is held"
            wait_for(url, LADDER, STOP)
            one.end(signal.SIGKILL)
        with bot(python, tmp_path, url, "nautilus/bot.py") as one:
            assert one.read_until("held") == "0.01 is held"
            for number, price in enumerate(LADDER, start=1):
                one.go_to(price)
                one.read_until(f"TP{number}")
            one.read_until("closed by take-profit")
            one.end()
            assert [said for said in one.said if "filled" in said] == [
                said.partition(";")[0] for said in FILLED
            ]
            held = [said for said in one.said if "held" in said]
            assert held[1:] == ["0.005 is held", "0.002 is held", "0 is held"]
        is_flat(url)


def test_its_portfolio_sees_the_stop(tmp_path: Path) -> None:
    python = python_for("nautilus", tmp_path)
    with served(tmp_path) as url, bot(python, tmp_path, url, "nautilus/bot.py") as one:
        wait_for(url, LADDER, STOP)
        one.go_to(STOP)
        one.read_until("closed by")
        one.end()
        assert "0 is held" in one.said
        there = account(url)
        assert (there["positions"], there["orders"]) == ([], [])
