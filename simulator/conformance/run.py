"""All checks against an address, as far as it may be checked."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from .check import CannotCheckError, Check, Finding, Needs, Verdict
from .client import LOOPBACK, CheckClient, Keys
from .live import Live
from .reading import READING
from .writing import WRITING

CHECKS: tuple[Check, ...] = (*READING, *WRITING)
"""All checks, in their order."""
PLAY_MONEY = LOOPBACK | {"api-testnet.bybit.com", "api-demo.bybit.com"}
"""The hosts that orders may be sent to: there is no real money."""


class KeysRefusedError(Exception):
    """The exchange refuses the keys, so that nothing of an account can be checked."""


def findings(url: str, keys: Keys | None = None) -> Iterator[Finding]:
    """What the checks find, one after the other.

    Checks that need keys are skipped without them, and those that send orders on every host that
    is not known to have no real money. What rests in the end is cancelled.

    Raises:
        OSError: the address cannot be reached.
        KeysRefusedError: the exchange refuses the keys.
    """
    live = Live(CheckClient(url, keys))
    if refusal := live.client.refusal():
        raise KeysRefusedError(refusal)
    try:
        for check in CHECKS:
            yield _found(live, check, _barred(check, live.client))
    finally:
        live.clear()


def _barred(check: Check, client: CheckClient) -> str:
    """Why a check may not be made; empty where it may."""
    if check.needs is Needs.NOTHING:
        return ""
    if client.keys is None:
        return "there are no keys"
    host = urlsplit(client.url).hostname
    if check.needs is Needs.ORDERS and host not in PLAY_MONEY:
        return f"it sends orders, and {host} may have real money"
    return ""


def _found(live: Live, check: Check, barred: str) -> Finding:
    if barred:
        return Finding(check, Verdict.SKIPPED, barred)
    try:
        seen, words = check.see(live)
    except CannotCheckError as reason:
        return Finding(check, Verdict.SKIPPED, str(reason))
    except (LookupError, TypeError, ValueError, ArithmeticError) as error:
        return Finding(check, Verdict.DIFFERS, f"unreadable: {type(error).__name__} {error}")
    if seen == check.expected:
        return Finding(check, Verdict.AGREES, seen)
    return Finding(check, Verdict.DIFFERS, f"{seen} {words}".strip())
