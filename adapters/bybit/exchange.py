"""One account at Bybit, behind the port ``Exchange``."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import timedelta

from ...aio.fibers import Suspending
from ...domain.keys.facts import KeyAnswer, NoKeyFacts
from ...domain.leases import LeaseEnd, no_lease
from ...domain.model.commands import AmendOrder, CancelOrder, PlaceOrder
from ...domain.model.identity import PositionMode
from ...domain.model.instrument import Instrument
from ...domain.model.intent import Intent
from ...domain.model.observation import OpenPositions, Reading, Unknown
from ...domain.model.order import Execution
from ...domain.model.outcomes import LookUp, OutcomeClass, Refused, WriteOutcome
from ...domain.model.protection import StopCommand, StopIntent
from ...domain.ports import Clock, Moment, WhyHeld, never_held
from ...domain.tracking.older_reads import SeqShown
from ...domain.venue.account import Account
from ...domain.venue.exchange_facts import Lateness, LinkIdForm
from ...domain.venue.price_range import PriceRange
from .limits.account_limiter import AccountBudget
from .limits.ip_limiter import IpBudget, shared_ip_budget
from .limits.values import Limit
from .rest.client import BybitClient
from .rest.connection import Connection
from .rest.finder import Finder
from .rest.instruments import Instruments, says_unknown_symbol, shared_rules
from .rest.keys import ask_about_key
from .rest.lease_gate import LeaseGate
from .rest.prices import Prices
from .rest.reader import Reader
from .rest.settings import BybitSettings
from .rest.trades import Trades
from .rest.writer import set_stop, write
from .wire import names
from .wire.clock import SystemClock
from .wire.clock_offset import ClockOffset
from .wire.endpoints import Endpoint
from .wire.requests import Item, amend_item, cancel_item, place_item
from .wire.values import LINK_IDS


class BybitExchange(Suspending):
    """Implements :class:`trueup.domain.ports.Exchange` with pybit, for linear contracts.

    Making an exchange sends nothing. No method raises for anything that the exchange or the
    network does, and no text of theirs holds the account's keys. Threads may share an exchange,
    though they have to order their writes themselves: one writer per monitor.

    Args:
        account: its keys, environment and position mode are used.
        settings: time limits, pages, batches.
        clock: where times come from; the machine's by default.
        ip_budget: what the address may send; the process's budget for that host by default.
        connect: makes the connection; pybit over HTTPS by default.
        lease_end: until which moment the account's lease certainly lasts: no write leaves that
            Bybit might accept after it. By default there is no lease, and nothing is asked.
    """

    def __init__(
        self,
        account: Account,
        settings: BybitSettings | None = None,
        *,
        clock: Clock | None = None,
        ip_budget: IpBudget | None = None,
        connect: Callable[[Account, BybitSettings], Connection] = Connection,
        lease_end: LeaseEnd = no_lease,
    ) -> None:
        settings = settings or BybitSettings()
        clock = clock or SystemClock()
        self._account = account
        self._batch_size = settings.batch_size
        self._asks_key = settings.asks_key
        self._lateness = settings.lateness
        connection = connect(account, settings)
        ip_budget = ip_budget or shared_ip_budget(connection.endpoint, clock)
        budget = AccountBudget(ip_budget, settings.rate_patience)
        gate = None if lease_end is no_lease else LeaseGate(lease_end)
        self._client = BybitClient(account, connection, budget, settings.recv_window, gate)
        self._finder = Finder(account.name, self._client, settings, clock)
        self._trades = Trades(account.name, self._client, settings, clock)
        self._prices = Prices(account.name, self._client, clock)
        rules = shared_rules(connection.endpoint, clock)
        self._instruments = Instruments(account.name, self._client, settings, clock, rules)
        coins = self._instruments.coins
        self._reader = Reader(account.name, self._client, settings, clock, coins)

    def __repr__(self) -> str:
        return f"BybitExchange({self._account.name!r}, {self._account.environment!r})"

    @property
    def account(self) -> str:
        """The account's name."""
        return self._account.name

    @property
    def position_mode(self) -> PositionMode:
        """The account's position mode, as configured."""
        return self._account.position_mode

    @property
    def lateness(self) -> Lateness:
        """How late Bybit may act: it refuses what arrives after the receive window; reads lag."""
        window = timedelta(milliseconds=self._client.window_ms)
        late = self._lateness
        return late if window <= late.requests else replace(late, requests=window)

    @property
    def link_ids(self) -> LinkIdForm:
        """What Bybit documents as an ``orderLinkId``."""
        return LINK_IDS

    @property
    def limits(self) -> tuple[Limit, ...]:
        """The state of the rate limits now, each endpoint's and the address's, for people."""
        return self._client.budget.limits()

    @property
    def clock_offset(self) -> ClockOffset | None:
        """How far the machine's clock is from the exchange's; None before the first reply."""
        return self._client.clock_offset

    @property
    def requests(self) -> int:
        """How many requests the calling fiber, or thread, has sent to the account so far."""
        return self._client.requests

    def observe(self, symbols: Sequence[str]) -> Reading:
        """Positions and open orders of these symbols, each walked to its last page.

        Where Bybit no longer knows the symbol, its rules are stale: it was delisted.
        """
        reading = self._reader.observe(symbols)
        if not (isinstance(reading, Unknown) and says_unknown_symbol(reading.code, reading.reason)):
            return reading
        for symbol in symbols:
            self._instruments.forget(symbol)
        return replace(reading, lasts=True)

    def invalidate(self, symbol: str, reason: str) -> None:
        """Does nothing: every answer is read from the exchange."""

    def note(self, symbol: str, write: Intent | StopIntent) -> None:
        """Does nothing: every answer is read from the exchange."""

    def outdated(self, symbol: str, changes: int | None, read: int = 0) -> str:
        """Never says so: every answer is read from the exchange."""
        del symbol, changes, read
        return ""

    def seq_shown(self, symbol: str, index: int) -> SeqShown | None:
        """Never known: nothing is kept of what was read."""
        del symbol, index
        return None

    def instrument(
        self, symbol: str, *, since: Moment | None = None
    ) -> Instrument | Unknown | None:
        """The symbol's rules, and whether it takes orders; None if it is unknown."""
        return self._instruments.get(symbol, since=since)

    def other_kind(self, symbol: str) -> str:
        """What Bybit trades by this name in other categories than linear; empty for nothing."""
        return self._instruments.other_kind(symbol)

    def place(
        self, orders: Sequence[PlaceOrder], why_held: WhyHeld = never_held
    ) -> tuple[WriteOutcome, ...]:
        """Places new orders; returns one outcome per order, in their sequence."""
        return self._write(Endpoint.PLACE, [place_item(order) for order in orders], why_held)

    def amend(
        self, orders: Sequence[AmendOrder], why_held: WhyHeld = never_held
    ) -> tuple[WriteOutcome, ...]:
        """Changes orders; returns one outcome per order, in their sequence."""
        whole = any(order.shrinks for order in orders)
        items = [amend_item(order) for order in orders]
        return self._write(Endpoint.AMEND, items, why_held, whole=whole)

    def cancel(
        self, orders: Sequence[CancelOrder], why_held: WhyHeld = never_held
    ) -> tuple[WriteOutcome, ...]:
        """Cancels orders; returns one outcome per order, in their sequence."""
        return self._write(Endpoint.CANCEL, [cancel_item(order) for order in orders], why_held)

    def set_stop(self, command: StopCommand, why_held: WhyHeld = never_held) -> WriteOutcome:
        """Sets the stop of a position: by trading-stop in Full mode, or as an order of ours."""
        return set_stop(self._client, command, why_held)

    def look_up(self, symbol: str, *, order_link_id: str = "", order_id: str = "") -> LookUp:
        """What became of one order; with both ids given the order id decides."""
        return self._finder.look_up(symbol, order_link_id=order_link_id, order_id=order_id)

    def executions(self, symbol: str, since_ms: int) -> tuple[Execution, ...] | Unknown:
        """All trades of the symbol since that time, as far back as Bybit's windows are walked."""
        return self._trades.since(symbol, since_ms)

    def trades(self, symbol: str, order_ids: Collection[str]) -> tuple[Execution, ...]:
        """None: every answer is read from the exchange."""
        del symbol, order_ids
        return ()

    def price_range(self, symbol: str, since_ms: int) -> PriceRange | Unknown:
        """How far the mark price has gone since then, by candles."""
        return self._prices.range(symbol, since_ms)

    def survey(self, symbols: Sequence[str] | None = None) -> Reading:
        """Every open position and every open order of the account, walked to the last page.

        With ``symbols``: only those that settle in the same coins.
        """
        return self._reader.survey(symbols)

    def open_positions(self, symbols: Sequence[str] | None = None) -> OpenPositions | Unknown:
        """Every open position of the account, or of these symbols' settle coins."""
        return self._reader.open_positions(symbols)

    def key_facts(self) -> KeyAnswer:
        """Whose the account's API key is, and what it may do."""
        return ask_about_key(self._client) if self._asks_key else NoKeyFacts()

    def close(self) -> None:
        """Closes the connections; nothing is sent."""
        self._client.close()

    def _write(
        self,
        endpoint: Endpoint,
        items: Sequence[Item],
        why_held: WhyHeld,
        *,
        whole: bool = False,
    ) -> tuple[WriteOutcome, ...]:
        """Sends the items; one refused because its contract is closed makes its rules outdated."""
        outcomes = write(
            self._client, endpoint, items, self._batch_size, whole=whole, why_held=why_held
        )
        for item, outcome in zip(items, outcomes, strict=True):
            if isinstance(outcome, Refused) and outcome.kind is OutcomeClass.MAINTENANCE:
                self._instruments.forget(str(item.body[names.SYMBOL]))
        return outcomes
