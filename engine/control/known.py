"""What may be named in a pause or a resume: accounts and monitors that are known."""

from collections.abc import Collection

from ...domain.model.errors import ConfigurationError
from ...domain.model.identity import MonitorKey, Side
from ...domain.stopping.control import Scope


def known_scope(
    account: str,
    symbol: str,
    side: Side | str | None,
    accounts: Collection[str],
    monitors: Collection[MonitorKey],
) -> Scope:
    """What is named, if it is known: a name with a slip in it would stop nothing.

    Args:
        account: the account's name; empty for all accounts.
        symbol: of the monitor; empty for all monitors of the account.
        side: of the monitor's position; None for all monitors of the account.
        accounts: the names that are known.
        monitors: those that are known.

    Raises:
        ConfigurationError: there is no such account or monitor, or only a part of one is named.
    """
    scope = Scope(account, symbol, side)  # type: ignore[arg-type] # it takes the text of a side too
    if account and account not in accounts:
        raise ConfigurationError(
            f"there is no account {account!r}: there are {', '.join(sorted(accounts)) or 'none'}"
        )
    if scope.side is None or MonitorKey(account, symbol, scope.side) in monitors:
        return scope
    own = sorted(str(key) for key in monitors if key.account == account)
    raise ConfigurationError(
        f"there is no monitor {scope}: of {account} there are {', '.join(own) or 'none'}"
    )
