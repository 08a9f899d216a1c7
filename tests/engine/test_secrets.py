"""No representation of ours, or of what we hold, shows a key."""

import gc
import http.client
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from loguru import logger

from tests.stage import Stage
from trueup import Account, Reconciler
from trueup.adapters.bybit import BybitExchange, BybitFeed

KEYS = ("main-key", "main-secret", "mirror-key", "mirror-secret")


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """A stage with the real adapter and nothing between."""
    with Stage(tmp_path) as opened:
        yield opened


def test_an_account_is_used_as_before_and_shows_no_key() -> None:
    account = Account("main", "main-key", "main-secret")
    assert (account.api_key, f"{account.api_secret}") == ("main-key", "main-secret")
    assert repr((account, account.api_key, {"key": account.api_secret})).count("main-") == 0


def test_no_object_that_we_hold_shows_a_key(stage: Stage) -> None:
    account = stage.accounts()[0]
    exchange, feed = BybitExchange(account, stage.patience), BybitFeed(account)
    exchange.survey()
    shown = {type(each).__qualname__: repr(each) for each in held(exchange, feed)}
    exchange.close()
    assert {"BybitExchange", "_Http", "Account", "Secret"} <= shown.keys()
    assert [name for name, text in shown.items() if any(key in text for key in KEYS)] == []


def held(*roots: object) -> Iterator[Any]:
    """What these hold, and what that holds, as far as it belongs to trueup or pybit."""
    seen: dict[int, object] = {}
    waiting = list(roots)
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen[id(one)] = one
        module = type(one).__module__.split(".")[0]
        if module in ("trueup", "pybit", "requests", "urllib3"):
            yield one
            waiting += [each for each in gc.get_referents(one) if not isinstance(each, type)]
        elif isinstance(one, dict | list | tuple | set):
            yield one
            waiting += list(one.values()) if isinstance(one, dict) else list(one)


def test_a_log_that_prints_variables_shows_no_key(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a host's does, where somebody presses Ctrl-C in the middle of a request."""
    lines: list[str] = []
    log = logger.add(lines.append, diagnose=True, backtrace=True)

    def interrupt(*_given: object, **_named: object) -> None:
        raise KeyboardInterrupt

    stage.reconciler.close()
    with Reconciler(stage.url, accounts=stage.accounts(), sinks=[], listen=lambda _: None) as one:
        monkeypatch.setattr(http.client.HTTPConnection, "send", interrupt)
        try:
            one.discover(["main"])
        except KeyboardInterrupt:
            logger.exception("interrupted")
        monkeypatch.undo()
    logger.remove(log)
    text = "".join(lines)
    assert "KeyboardInterrupt" in text
    assert "HTTP('http://127.0.0.1" in text
    assert [key for key in KEYS if key in text] == []
    stage.reconciler = stage.open()
