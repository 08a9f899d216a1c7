"""Bots of plain Python and on ccxt hand their exits to trueup: all agree at the end."""

import pytest

from tests.clients.bots import bot, is_flat, python_for
from tests.clients.serving import served
from tests.clients.trading import FILLED, goes_on_after_a_kill, trades_to_flat

pytestmark = [pytest.mark.clients, pytest.mark.timeout(400)]


@pytest.mark.parametrize("name", ["plain", "ccxt"])
def test_it_trades_to_flat_and_goes_on_after_a_kill(
    name: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder, again = (tmp_path_factory.mktemp(f"{name}-{part}") for part in ("flat", "killed"))
    python, script = python_for(name, folder), f"{name}/bot.py"
    with served(folder) as url, bot(python, folder, url, script) as one:
        trades_to_flat(one)
        assert one.ended() == 0
        assert one.said[:-1] == ["entered: 0.01 is held", *FILLED]
        assert one.said[-1] == "closed by take-profit: 10.200 earned before fees; 0 is held"
        is_flat(url)
    goes_on_after_a_kill(python, again, script)
