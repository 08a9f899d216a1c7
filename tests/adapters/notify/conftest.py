"""The fixtures of sinks for services."""

from collections.abc import Iterator

import pytest
from apprise.plugins.telegram import NotifyTelegram

from .servers import HttpServer, MailServer, serving


@pytest.fixture
def webhook() -> Iterator[HttpServer]:
    """A webhook's server."""
    with serving() as server:
        yield server


@pytest.fixture
def telegram(monkeypatch: pytest.MonkeyPatch) -> Iterator[HttpServer]:
    """A server to which apprise goes instead of Telegram."""
    with serving() as server:
        monkeypatch.setattr(NotifyTelegram, "notify_url", f"{server.url}/bot")
        yield server


@pytest.fixture
def mail() -> Iterator[MailServer]:
    """A mail server."""
    server = MailServer()
    server.start()
    yield server
    server.kill()
