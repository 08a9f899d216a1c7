"""The fixtures of sinks for services."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from apprise.plugins.telegram import NotifyTelegram

from tests.engine.outbox.hand import HandClock
from trueup.storage import SqlStore, open_store

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


@pytest.fixture
def clock() -> HandClock:
    """A clock that stands still."""
    return HandClock()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    """A new database."""
    with open_store(f"sqlite:///{tmp_path}/t.db") as store:
        yield store
