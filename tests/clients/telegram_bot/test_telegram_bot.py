"""A Telegram bot hands its exits to trueup: chat, exchange and the bot's own view agree."""

import signal
from pathlib import Path

import pytest

from tests.clients.bots import Bot, bot, is_flat, python_for, wait_for
from tests.clients.serving import served
from tests.clients.telegram_bot.telegram import Telegram, read_until, telegram, variables
from tests.clients.trading import FILLED, LADDER, STOP, trades_to_flat

SCRIPT = "telegram_bot/bot.py"

pytestmark = [pytest.mark.clients, pytest.mark.timeout(400)]


class Chat(Bot):
    """The bot as a person in its chat sees it."""

    def __init__(self, one: Bot, here: Telegram) -> None:
        super().__init__(one.url, one.process)
        self._here = here

    def read_until(self, *words: str) -> str:
        """Read its messages, not what it prints."""
        self.said += read_until(self._here, *words)
        return self.said[-1]

    def asked(self, command: str) -> str:
        """Its answer to a command."""
        self._here.write(command)
        return self.read_until("")


def test_it_trades_to_flat_on_command(tmp_path: Path) -> None:
    python = python_for("telegram_bot", tmp_path)
    with telegram() as (here, address), served(tmp_path) as url:
        given = variables(address)
        with bot(python, tmp_path, url, SCRIPT, **given) as one:
            chat = Chat(one, here)
            assert chat.asked("/status") == "0 is held"
            assert chat.asked("/open") == "entered: 0.01 is held"
            wait_for(url, LADDER, STOP)
            assert chat.asked("/open") == "open already: 0.01 is held"
            one.end(signal.SIGKILL)
        with bot(python, tmp_path, url, SCRIPT, **given) as one:
            chat = Chat(one, here)
            assert "0.01 is held" in chat.asked("/status")
            trades_to_flat(chat)
            assert chat.asked("/status") == "0 is held"
            assert [said for said in chat.said if said.startswith("TP")] == FILLED
            one.process.send_signal(signal.SIGTERM)
            assert one.ended() == 0
        is_flat(url)
