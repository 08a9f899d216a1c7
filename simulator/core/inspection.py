"""Inspection: what tests and demos read of the simulated exchange."""

from decimal import Decimal
from typing import Any

from ..api.account.balance import wallet_row
from ..base import errors
from ..market import setup
from ..market.accounts import ApiKey
from ..market.enums import Side, TriggerBy
from ..market.instruments import InstrumentSpec
from ..market.orders import SimOrder
from ..market.positions import Fill, SimPosition
from ..market.venue import Venue


class Inspection:
    """The reads that go past the API: no faults, no lag, no rate limit."""

    def __init__(self, venue: Venue) -> None:
        self._venue = venue

    @property
    def accounts(self) -> tuple[str, ...]:
        """The UIDs of all accounts."""
        with self._venue.lock:
            return tuple(self._venue.accounts)

    @property
    def symbols(self) -> tuple[str, ...]:
        """The symbols of all contracts."""
        with self._venue.lock:
            return tuple(spec.symbol for spec in self._venue.listed())

    def instrument(self, symbol: str) -> InstrumentSpec:
        """The specification of a contract.

        Raises:
            ApiError: there is no such contract.
        """
        with self._venue.lock:
            if not self._venue.is_listed(symbol):
                raise errors.unknown_symbol(symbol)
            return self._venue.instruments[symbol]

    def keys(self, uid: str) -> tuple[ApiKey, ...]:
        """The API keys of an account, secrets and all, as its owner has them."""
        with self._venue.lock:
            return tuple(self._venue.account(uid).keys.values())

    def is_hedged(self, uid: str) -> bool:
        """Whether an account is in hedge mode, where no contract has another mode."""
        with self._venue.lock:
            return self._venue.account(uid).hedge

    def price(self, symbol: str) -> Decimal:
        """The market price of a contract."""
        with self._venue.lock:
            self._venue.spec(symbol)
            return self._venue.prices[symbol]

    def mark_price(self, symbol: str) -> Decimal:
        """The mark price of a contract: its last price, unless it was set apart."""
        with self._venue.lock:
            self._venue.spec(symbol)
            return self._venue.mark(symbol)

    def index_price(self, symbol: str) -> Decimal:
        """The index price of a contract: its last price, unless it was set apart."""
        with self._venue.lock:
            self._venue.spec(symbol)
            return self._venue.board.at(symbol, TriggerBy.INDEX)

    def orders(self, uid: str, symbol: str | None = None) -> tuple[SimOrder, ...]:
        """The open orders of an account, oldest first."""
        with self._venue.lock:
            return tuple(self._venue.account(uid).open_orders(symbol))

    def closed_orders(self, uid: str, symbol: str | None = None) -> tuple[SimOrder, ...]:
        """The closed orders of an account, in the order in which they closed."""
        with self._venue.lock:
            closed = self._venue.account(uid).closed
            return tuple(o for o in closed if symbol is None or o.symbol == symbol)

    def position(self, uid: str, symbol: str, side: str) -> SimPosition:
        """The position of a side; its size is 0 where there is none."""
        with self._venue.lock:
            return setup.position_of(self._venue.account(uid), symbol, Side(side))

    def positions(self, uid: str) -> tuple[SimPosition, ...]:
        """The open positions of an account, by symbol and positionIdx."""
        with self._venue.lock:
            held = self._venue.account(uid).positions
            return tuple(held[key] for key in sorted(held) if held[key].size)

    def wallet(self, uid: str) -> dict[str, Decimal]:
        """The wallet balance of an account, by coin."""
        with self._venue.lock:
            return dict(self._venue.account(uid).wallet)

    def balance(self, uid: str) -> dict[str, Any]:
        """The sums and coins of an account, as the row of account/wallet-balance has them."""
        with self._venue.lock:
            return wallet_row(self._venue, self._venue.account(uid))

    def leverage(self, uid: str, symbol: str, side: str) -> Decimal:
        """The leverage of an account's positions in a contract."""
        with self._venue.lock:
            return self._venue.account(uid).leverage(symbol, Side(side))

    def executions(self, uid: str) -> tuple[Fill, ...]:
        """The executions of an account, oldest first."""
        with self._venue.lock:
            return tuple(fill for fill in self._venue.account(uid).fills if not fill.is_set)
