"""The configured accounts: checks that they fit together."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack

from ..domain.model.errors import ConfigurationError
from ..domain.ports import Exchange
from ..domain.venue.account import Account


def check_accounts(accounts: Sequence[Account]) -> Mapping[str, Account]:
    """Returns the accounts by name.

    Raises:
        ConfigurationError: there is no account, two have the same name, or a mirror follows an
            unknown account or another mirror.
    """
    if not accounts:
        raise ConfigurationError("no account is configured")
    by_name: dict[str, Account] = {}
    for account in accounts:
        if account.name in by_name:
            raise ConfigurationError("the account is configured twice", account=account.name)
        by_name[account.name] = account
    for account in accounts:
        if account.follows is None:
            continue
        main = by_name.get(account.follows)
        if main is None:
            raise ConfigurationError(
                f"it follows {account.follows!r}, which is not configured", account=account.name
            )
        if main.follows is not None:
            raise ConfigurationError(
                f"it follows {main.name!r}, which is a mirror itself", account=account.name
            )
    return by_name


def main_accounts_first(accounts: Mapping[str, Account]) -> tuple[str, ...]:
    """The accounts' names, main accounts first."""
    return tuple(sorted(accounts, key=lambda name: accounts[name].follows is not None))


def connect_all(
    accounts: Mapping[str, Account], connect: Callable[[Account], Exchange], opened: ExitStack
) -> dict[str, Exchange]:
    """Makes each account's exchange, by name; those that can be closed are, with ``opened``."""
    exchanges: dict[str, Exchange] = {}
    for name, account in accounts.items():
        exchange = exchanges[name] = connect(account)
        opened.callback(getattr(exchange, "close", lambda: None))
    return exchanges
