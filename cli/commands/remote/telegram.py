"""The Telegram bot of ``trueup run``."""

from collections.abc import Iterator
from contextlib import contextmanager

from loguru import logger

from ....adapters.notify.telegram_bot import TelegramBot
from ....domain.model.errors import ConfigurationError
from ....service.running import RunningEngine
from ...configuration.loading import Loaded
from .commands import Commands
from .polling import Polling


@contextmanager
def taking_commands(running: RunningEngine, loaded: Loaded) -> Iterator[None]:
    """Takes commands from Telegram within it, if the configuration lists chats.

    Raises:
        ConfigurationError: the token is not where it should be, or is none.
    """
    section = loaded.options.telegram
    if section is None:
        yield
        return
    try:
        token = section.read_token()
    except ConfigurationError as error:
        raise loaded.mistake(("telegram", section.token.option), error.message) from None
    commands = Commands(running, loaded)
    polling = Polling(TelegramBot(section.url, token), section.chats, commands.answer)
    polling.start()
    logger.info("commands are taken from {} chats on Telegram", len(section.chats))
    try:
        yield
    finally:
        polling.stop()
