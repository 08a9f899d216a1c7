"""The account and the contract of the fixtures' simulated exchanges."""

from dataclasses import replace

from ..domain.model.identity import Role
from ..domain.venue.account import Account
from ..simulator import InstrumentSpec, Simulator

UID = "101"
"""The UID of the account on the exchange."""

SYMBOL = "BANDUSDT"
"""The contract, with tick 0.0001 and step 0.1."""

PRICE = "0.7000"
"""The contract's price at the start."""

ACCOUNT = Account("main", "main-key", "main-secret")
"""The account as a `Reconciler` takes it, for an exchange in memory."""


MIRROR = Account("mirror", "mirror-key", "mirror-secret", role=Role.MIRROR, follows=ACCOUNT.name)
"""A mirror account that follows it."""

CONTRACT = InstrumentSpec(
    symbol=SYMBOL, tick="0.0001", step="0.1", min_quantity="0.1", max_quantity="100000"
)
"""The contract, with its rules."""


def account_at(url: str) -> Account:
    """The account as a `Reconciler` takes it, for an exchange that is served at a URL."""
    return replace(ACCOUNT, environment=url)


def add_defaults(simulator: Simulator) -> None:
    """Add the account and the contract to a simulator."""
    simulator.add_account(uid=UID, api_key=ACCOUNT.api_key, api_secret=ACCOUNT.api_secret)
    simulator.add_instrument(CONTRACT, price=PRICE)
