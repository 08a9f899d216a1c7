"""The exchange's state: clock, contracts, prices, accounts, and the lock that guards it."""

import threading
import time
from collections.abc import Callable
from decimal import Decimal

from ..base import errors
from ..base.behaviour import Behaviour
from ..base.clock import VirtualClock
from ..base.ids import Counter, Ids
from .accounts import Account
from .changes import Change, Listener, Watcher
from .enums import TriggerBy
from .instruments import InstrumentSpec
from .orders import SimOrder
from .positions import Fill, SimPosition
from .prices import Prices


def real_ms() -> int:
    """The machine's own time in milliseconds since the epoch."""
    return time.time_ns() // 1_000_000


class Venue:
    """The state of the exchange; it is changed under `lock` only."""

    def __init__(
        self, clock: VirtualClock, behaviour: Behaviour, seed: str, wall: Callable[[], int]
    ) -> None:
        self.clock = clock
        self.wall = wall
        self.wall_skew_ms = 0
        self.behaviour = behaviour
        self.lock = threading.RLock()
        self.ids = Ids(seed)
        self.queue = Counter()
        self.numbers = Counter()
        self.sequence = Counter()
        self.instruments: dict[str, InstrumentSpec] = {}
        self.delisted: set[str] = set()
        self.board = Prices()
        self.prices = self.board.last
        self.accounts: dict[str, Account] = {}
        self.keys: dict[str, Account] = {}
        self.fundings: dict[str, list[tuple[int, Decimal]]] = {}
        """The fundings that were settled, by contract: when, and the rate."""
        self.deliveries: dict[str, tuple[int, Decimal]] = {}
        """The dated futures that were delivered: when, and at what price."""
        self.touched: dict[str, Account] = {}
        self.listeners: list[Listener] = []
        self.watchers: list[Watcher] = []
        self.moves = 0
        """How often a market has moved: the sequence number of what everybody sees."""
        self._moved: set[str] = set()
        self._changes: list[Change] = []

    def now(self) -> int:
        """The virtual time in milliseconds since the epoch."""
        return self.clock.now_ms()

    def wall_ms(self) -> int:
        """The time that request timestamps are checked against: the wall clock plus its skew."""
        return self.wall() + self.wall_skew_ms

    def spec(self, symbol: str) -> InstrumentSpec:
        """The specification of a linear contract.

        Raises:
            ApiError: 10001: there is no such symbol.
        """
        if not self.is_linear(symbol):
            raise errors.unknown_symbol(symbol)
        return self.instruments[symbol]

    def is_linear(self, symbol: str) -> bool:
        """Whether there is such a contract, and it is linear."""
        return self.is_listed(symbol) and self.instruments[symbol].category == "linear"

    def is_listed(self, symbol: str) -> bool:
        """Whether there is such a contract; rows of one that was delisted are kept."""
        return symbol in self.instruments and symbol not in self.delisted

    def listed(self) -> list[InstrumentSpec]:
        """The contracts that there are."""
        return [spec for name, spec in self.instruments.items() if name not in self.delisted]

    def put_price(self, symbol: str, price: Decimal) -> None:
        """Move the last price of a contract, without any matching."""
        self.board.put_last(symbol, price, self.now())
        self.record_move(symbol)

    def put_apart(self, symbol: str, kind: TriggerBy, price: Decimal | None) -> None:
        """Give mark or index a price of its own; None lets it follow the last price again."""
        self.board.set_apart(symbol, kind, price, self.now())
        self.record_move(symbol)

    def mark(self, symbol: str) -> Decimal:
        """The mark price of a contract."""
        return self.board.at(symbol, TriggerBy.MARK)

    def depth(self, symbol: str, price: Decimal) -> Decimal | None:
        """The quantity that the book holds at a price; None: as much as anybody wants."""
        behaviour = self.behaviour
        if behaviour.book_depth is not None or behaviour.book_value is None:
            return behaviour.book_depth
        step = self.spec(symbol).step
        return max(behaviour.book_value / price // step, Decimal(1)) * step

    def account(self, uid: str) -> Account:
        """The account with a UID.

        Raises:
            KeyError: there is no such account.
        """
        if uid not in self.accounts:
            raise KeyError(f"no account {uid}: add_account first")
        return self.accounts[uid]

    def record_change(self, account: Account, subject: SimOrder | SimPosition | Fill) -> None:
        """Record that an order, a position or an execution of an account has changed."""
        self.touched[account.uid] = account
        if self.listeners:
            self._changes.append(Change(account.uid, self.now(), subject))

    def record_move(self, symbol: str) -> None:
        """Record that what everybody sees of a contract has changed: a price or a rule."""
        self.moves += 1
        self._moved.add(symbol)

    def settle(self) -> None:
        """End an effect: keep a copy of the changed books, and call listeners and watchers."""
        if not self.touched and not self._moved:
            return
        now = self.now()
        for account in self.touched.values():
            account.keep_view(now)
        self.touched.clear()
        changes, self._changes = tuple(self._changes), []
        moved, self._moved = self._moved, set()
        if changes:
            for listener in self.listeners:
                listener(changes)
        for watcher in self.watchers:
            watcher(changes, moved)

    def after(self, delay_ms: int, effect: Callable[[], None]) -> None:
        """Run an effect now, or after a delay on the virtual clock."""
        if delay_ms <= 0:
            effect()
            self.settle()
            return

        def due() -> None:
            with self.lock:
                effect()
                self.settle()

        self.clock.call_at(self.now() + delay_ms, due)
