"""A Telegram, and what is logged."""

import logging
from collections.abc import Iterator

import pytest
from loguru import logger

from tests.adapters.notify.servers import TOKEN

from .chat import Telegram


@pytest.fixture
def telegram() -> Iterator[Telegram]:
    """A Telegram."""
    server = Telegram()
    yield server
    server.kill()


@pytest.fixture
def said(caplog: pytest.LogCaptureFixture) -> Iterator[list[str]]:
    """What is logged of INFO and above; nothing logged anywhere has the token."""
    caplog.set_level(logging.DEBUG)
    lines: list[str] = []
    everything: list[str] = []
    loud = logger.add(lambda line: lines.append(str(line).strip()), format="{message}", level=20)
    every = logger.add(lambda line: everything.append(str(line)), level=0, diagnose=True)
    yield lines
    logger.remove(loud)
    logger.remove(every)
    text = "".join(everything) + caplog.text
    assert TOKEN not in text
    assert TOKEN.partition(":")[2] not in text
