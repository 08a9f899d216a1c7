"""A real freqtrade on the bare simulator, its exits handed to trueup: both agree at the end."""

import signal
from decimal import Decimal
from pathlib import Path

import pytest

from tests.clients.bots import python_for
from tests.clients.freqtrade.running import (
    BUILT,
    SYMBOL,
    UID,
    Bot,
    freqtrade,
    wait_for,
)

LADDER = {
    Decimal(60600): Decimal("0.041"),
    Decimal(61200): Decimal("0.025"),
    Decimal(61800): Decimal("0.017"),
}
ENTRY = Decimal("0.083")

pytestmark = [pytest.mark.clients, pytest.mark.timeout(400)]


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with freqtrade and the wheel of these sources; skips without freqtrade."""
    return python_for("freqtrade", tmp_path_factory.mktemp("freqtrade"), built=BUILT)


def _entered(bot: Bot) -> None:
    """The entry has filled, trueup has placed ladder and stop, and freqtrade's loop goes on."""
    wait_for(bot.sim, lambda: len(bot.sim.orders(UID)) == len(LADDER) + 1)
    stop, *ladder = bot.sim.orders(UID)
    assert {order.price: order.leaves for order in ladder} == LADDER
    assert all(order.reduce_only and order.side == "Sell" for order in ladder)
    assert bot.sim.position(UID, SYMBOL, "Buy").size == ENTRY == sum(LADDER.values())
    assert [stop.trigger_price, stop.leaves] == [58800, ENTRY]
    for _ in range(2):
        bot.read_until("Bot heartbeat")


def _closed(bot: Bot, at: float, reason: str) -> None:
    """The database of freqtrade says closed, at the right price, with what the wallet earned."""
    assert bot.sim.positions(UID) == ()
    assert bot.sim.orders(UID) == ()
    (trade,) = bot.rows("trades")
    assert (trade["is_open"], trade["close_rate"], trade["exit_reason"]) == (0, at, reason)
    assert trade["open_rate"] == 60000
    earned = float(bot.sim.wallet(UID)["USDT"] - 10_000)
    assert trade["close_profit_abs"] == pytest.approx(earned)
    fills = [(fill.side.value.lower(), fill.price) for fill in bot.sim.executions(UID)]
    booked = [(each["ft_order_side"], each["average"]) for each in bot.rows("orders")]
    assert booked == fills


def test_the_ladder_closes_its_trade_at_the_last_price(python: Path, tmp_path: Path) -> None:
    with freqtrade(python, tmp_path) as bot:
        _entered(bot)
        for number, price in enumerate(LADDER, start=1):
            bot.sim.set_price(SYMBOL, price)
            bot.read_until(f"strategy - INFO - trueup TP{number}")
        bot.end()
        assert bot.said == [
            "trueup TP1: BTC/USDT:USDT 0.041 at 60600.0",
            "trueup TP2: BTC/USDT:USDT 0.025 at 61200.0",
            "trueup TP3: BTC/USDT:USDT 0.017 at 61800.0",
        ]
        _closed(bot, 61800, "trueup TP3")


def test_what_filled_while_it_was_down_is_booked(python: Path, tmp_path: Path) -> None:
    with freqtrade(python, tmp_path) as bot:
        _entered(bot)
        bot.end(signal.SIGKILL)
        bot.sim.set_price(SYMBOL, 60600)
        bot.start()
        bot.read_until("strategy - INFO - trueup")
        for price in (61200, 61800):
            bot.sim.set_price(SYMBOL, price)
            bot.read_until("strategy - INFO - trueup TP")
        bot.end()
        assert bot.said[0] == ("trueup, while freqtrade was down: BTC/USDT:USDT 0.041 at 60600.0")
        _closed(bot, 61800, "trueup TP3")


def test_the_stop_closes_what_the_ladder_has_left(python: Path, tmp_path: Path) -> None:
    with freqtrade(python, tmp_path) as bot:
        _entered(bot)
        bot.sim.set_price(SYMBOL, 60600)
        bot.read_until("strategy - INFO - trueup TP1")
        wait_for(bot.sim, lambda: 60000 in {order.trigger_price for order in bot.sim.orders(UID)})
        bot.sim.set_price(SYMBOL, 58000)
        bot.read_until("strategy - INFO - trueup stop-loss")
        bot.end()
        assert bot.said[1:] == ["trueup stop-loss: BTC/USDT:USDT 0.042 at 60000.0"]
        assert (bot.sim.positions(UID), bot.sim.orders(UID)) == ((), ())
        (trade,) = bot.rows("trades")
        assert (trade["is_open"], trade["close_rate"]) == (0, 60000)
        # freqtrade knows one fee for all exits, the first one's: 0.02 %, and the stop paid 0.055 %
        earned = float(bot.sim.wallet(UID)["USDT"] - 10_000) + 0.042 * 60000 * 0.00035
        assert trade["close_profit_abs"] == pytest.approx(earned)
