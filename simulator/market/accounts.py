"""Accounts: API keys, position mode, orders, positions, fills, and their past states."""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice

from ..base.decimals import ZERO
from .enums import Side
from .orders import SimOrder
from .positions import Fill, SimPosition

KEPT_VIEWS = 128
RING = 500
"""order/realtime keeps the last 500 closed orders (docs/v5/order/open-order)."""

CONTRACT_TRADE = ("Order", "Position")
"""The permissions of a key that trades contracts (docs/v5/user/apikey-info)."""
LOOPBACK = ("127.0.0.1",)
"""The address of clients on this machine."""
DEPOSIT = {"USDT": Decimal(1_000_000), "USDC": Decimal(1_000_000)}
"""What an account has that was given no balance of its own."""
LEVERAGE = Decimal(10)
"""The leverage of a contract that set-leverage was never called for, as in Bybit's samples."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """One API key of an account (docs/v5/user/apikey-info).

    Attributes:
        key: the key itself.
        secret: the secret that requests are signed with.
        read_only: whether the key may only read.
        contract_trade: its permissions to trade contracts: "Order", "Position".
        ips: the addresses that may use it; none for any.
        expires_ms: when it expires, by the wall clock; None for never.
    """

    key: str
    secret: str = field(repr=False)
    read_only: bool = False
    contract_trade: tuple[str, ...] = CONTRACT_TRADE
    ips: tuple[str, ...] = LOOPBACK
    expires_ms: int | None = None


@dataclass(frozen=True, slots=True)
class View:
    """An account's books at one moment; the shared lists only grow, so lengths date them."""

    at_ms: int
    orders: Mapping[str, SimOrder]
    positions: Mapping[tuple[str, int], SimPosition]
    _closed: Sequence[SimOrder]
    _closed_count: int
    _ring_from: int
    _fills: Sequence[Fill]
    _fill_count: int

    def closed(self) -> list[SimOrder]:
        """All closed orders, oldest first."""
        return list(islice(self._closed, self._closed_count))

    def recent_closed(self) -> list[SimOrder]:
        """The closed orders that order/realtime still remembers, oldest first."""
        start = max(self._ring_from, self._closed_count - RING)
        return list(islice(self._closed, start, self._closed_count))

    def fills(self) -> list[Fill]:
        """All executions, oldest first."""
        return list(islice(self._fills, self._fill_count))


@dataclass(slots=True)
class Account:
    """One Bybit UID and its books, changed under the simulator's lock only.

    Attributes:
        uid: the UID.
        hedge: hedge mode (True) or one-way (False) for all symbols that `modes` leaves out.
        limits: requests a second by path, where they differ from the defaults.
        modes: hedge (True) or one-way (False) by symbol, where it differs from `hedge`.
        orders: the open orders by order id.
        closed: the closed orders, oldest first.
        positions: the positions by symbol and positionIdx.
        fills: the executions, oldest first.
        pending: acknowledged creates that have not taken effect, by order id.
        link_ids: the order id that each link id stands for.
        keys: its API keys, by their text.
        unified: whether it is a unified trading account.
        deposits: what was paid in, by coin.
        wallet: the wallet balance by coin: deposits, realised results, fees and funding.
        leverages: the leverage by symbol and position side, where it is not the default.
        margin_mode: the marginMode (docs/v5/account/account-info).
        dcp_window_s: how long, in seconds, all connections that follow `dcp.future` may be gone
            before its orders are cancelled; None for ever.
        ring_from: how many closed orders a restart made order/realtime forget.
        views: the last states of the books.
    """

    uid: str
    hedge: bool = False
    limits: dict[str, int] = field(default_factory=dict)
    modes: dict[str, bool] = field(default_factory=dict)
    orders: dict[str, SimOrder] = field(default_factory=dict)
    closed: list[SimOrder] = field(default_factory=list)
    positions: dict[tuple[str, int], SimPosition] = field(default_factory=dict)
    fills: list[Fill] = field(default_factory=list)
    pending: dict[str, SimOrder] = field(default_factory=dict)
    link_ids: dict[str, str] = field(default_factory=dict)
    keys: dict[str, ApiKey] = field(default_factory=dict)
    unified: bool = True
    deposits: dict[str, Decimal] = field(default_factory=DEPOSIT.copy)
    wallet: dict[str, Decimal] = field(default_factory=dict)
    leverages: dict[tuple[str, Side], Decimal] = field(default_factory=dict)
    margin_mode: str = "REGULAR_MARGIN"
    dcp_window_s: int | None = None
    ring_from: int = 0
    views: deque[View] = field(default_factory=lambda: deque(maxlen=KEPT_VIEWS))

    def __post_init__(self) -> None:
        """Begins the wallet with what was paid in."""
        self.wallet.update(self.deposits)

    def pay(self, coin: str, amount: Decimal) -> None:
        """Add an amount to the wallet balance of a coin; a negative one is taken from it."""
        self.wallet[coin] = self.wallet.get(coin, ZERO) + amount

    def leverage(self, symbol: str, side: Side) -> Decimal:
        """The leverage of a contract's positions on a side (docs/v5/position/leverage)."""
        return self.leverages.get((symbol, side), LEVERAGE)

    def is_hedged(self, symbol: str) -> bool:
        """Whether a symbol is in hedge mode (docs/v5/position/position-mode)."""
        return self.modes.get(symbol, self.hedge)

    def idx_for(self, symbol: str, position_side: Side) -> int:
        """The positionIdx of a position side."""
        if not self.is_hedged(symbol):
            return 0
        return 1 if position_side is Side.BUY else 2

    def position_at(self, symbol: str, idx: int) -> SimPosition:
        """The position of a positionIdx; a flat one if there never was any."""
        return self.positions.get((symbol, idx)) or SimPosition(symbol=symbol, idx=idx)

    def open_orders(self, symbol: str | None = None) -> list[SimOrder]:
        """Open orders, oldest first."""
        rows = self.orders.values()
        found = [order for order in rows if symbol is None or order.symbol == symbol]
        return sorted(found, key=lambda order: order.number)

    def bound_to(self, order: SimOrder) -> SimOrder | None:
        """The other order of a take-profit and stop-loss that are bound; None if it is alone."""
        if not order.pair:
            return None
        alike = (other for other in self.orders.values() if other.pair == order.pair)
        return next((other for other in alike if other.order_id != order.order_id), None)

    def live_view(self, at_ms: int) -> View:
        """The books as they are now; read them under the lock, as nothing is copied."""
        return View(
            at_ms,
            self.orders,
            self.positions,
            self.closed,
            len(self.closed),
            self.ring_from,
            self.fills,
            len(self.fills),
        )

    def keep_view(self, at_ms: int) -> None:
        """Keep a copy of the books after an effect."""
        self.views.append(
            View(
                at_ms,
                dict(self.orders),
                dict(self.positions),
                self.closed,
                len(self.closed),
                self.ring_from,
                self.fills,
                len(self.fills),
            )
        )

    def view_at(self, at_ms: int) -> View:
        """The books as they were at a time."""
        for view in reversed(self.views):
            if view.at_ms <= at_ms:
                return view
        return self.views[0]

    def view_before(self, effects: int) -> View:
        """The books as they were before the last effects."""
        return self.views[max(0, len(self.views) - 1 - effects)]
