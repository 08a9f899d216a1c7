"""How much of its requests an account uses, in words: only a running engine counts them."""

from collections.abc import Mapping, Sequence

from ....adapters.bybit.limits.values import Limit

NO_ENGINE = "not known without the engine"
"""Of every account where the page reads a database by itself."""
_NOT_ITS_OWN = "not known: the engine does not have it"
_OF_ALL = "address"
"""The name of the limit that all accounts share."""


def budget_words(limits: Mapping[str, Sequence[Limit]] | None, account: str) -> str:
    """The limit of the account that is used most, and that of the address.

    Args:
        limits: of each account of the engine; None without one.
        account: of the line.
    """
    if limits is None:
        return NO_ENGINE
    if account not in limits:
        return _NOT_ITS_OWN
    own = [limit for limit in limits[account] if limit.name != _OF_ALL]
    shared = [limit for limit in limits[account] if limit.name == _OF_ALL]
    fullest = sorted(own, key=_use, reverse=True)[:1]
    words = [_words(limit, f"a second, {limit.name}") for limit in fullest]
    words += [_words(limit, "in 5 s, all accounts") for limit in shared]
    return "; ".join(words)


def _use(limit: Limit) -> tuple[bool, int, float]:
    return bool(limit.held_for), limit.waiting, limit.used / max(limit.limit, 1)


def _words(limit: Limit, which: str) -> str:
    held = limit.held_for.total_seconds()
    return (
        f"{limit.used} of {limit.limit} {which}"
        + (f": {limit.waiting} wait" if limit.waiting else "")
        + (f", nothing leaves for {held:.0f} s" if held else "")
    )
