"""Runs the scripts of this folder in ccxt's environment, against a simulator of its own."""

from pathlib import Path
from typing import Any

from tests.clients.environments import EXAMPLES, printed_in, python_of
from tests.clients.serving import KEY, SECRET, served

LOCK = EXAMPLES / "ccxt" / "requirements.lock"
OUTCOMES = Path(__file__).parent / "calls.json"
_MORE = """
[behaviour]
rate_limits = false
ip_limit = false

[[accounts]]
uid = "202"
api_key = "other-key"
api_secret = "other-secret"

[[accounts.positions]]
symbol = "BTCUSDT"
side = "Sell"
quantity = "0.01"
price = "60000"
"""
"""No limits, and somebody who is short: ccxt divides by the share of the accounts that are."""


def printed(script: str, *arguments: str) -> dict[str, Any]:
    """What a script of this folder prints, given the account's key."""
    return printed_in(LOCK, f"{__package__}.{script}", *arguments, KEY, SECRET)


def outcomes(folder: Path) -> dict[str, Any]:
    """What becomes of every call that a linear contract can use.

    Raises:
        CannotBeHadError: ccxt cannot be installed here.
    """
    python_of(LOCK)
    with served(folder, _MORE) as url:
        return printed("calls", url)
