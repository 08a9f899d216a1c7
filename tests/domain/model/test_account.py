"""Accounts and keys take the text of their words, and refuse any other."""

from typing import Any

import pytest

from trueup import Account, ConfigurationError, MonitorKey, PositionMode, Role, Side


def _account(role: str = "main", position_mode: str = "one_way") -> Account:
    words: tuple[Any, Any] = (role, position_mode)
    return Account("main", "key", "secret", role=words[0], position_mode=words[1])


def test_text_is_taken_for_the_word() -> None:
    account = _account(role="mirror", position_mode="hedge")
    assert account.role is Role.MIRROR
    assert account.position_mode is PositionMode.HEDGE
    side: Any = "Buy"
    assert MonitorKey("main", "X", side).side is Side.BUY


def test_another_text_is_refused_with_the_words_there_are() -> None:
    with pytest.raises(ConfigurationError, match="role is main or mirror, not 'boss'"):
        _account(role="boss")
    with pytest.raises(ConfigurationError, match="position_mode is one_way or hedge, not 'both'"):
        _account(position_mode="both")
    for side in ("buy", None):
        wrong: Any = side
        with pytest.raises(ConfigurationError, match="a side is Buy or Sell, not"):
            MonitorKey("main", "X", wrong)
