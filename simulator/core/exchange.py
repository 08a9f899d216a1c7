"""The simulator: one object that is the exchange, for clients and for the tests that drive it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from ..api.gateway import Gateway
from ..api.routes import ROUTES
from ..base.behaviour import Behaviour
from ..base.bounds import above_zero, from_zero, is_key, is_name, one_of, within
from ..base.clock import ClockKind, VirtualClock
from ..base.decimals import Exact
from ..base.faults import Fault, Faults
from ..base.stream_faults import StreamFault
from ..base.transport import Answered, Reply, Request, RequestRecord
from ..feeds.public import PublicStreams
from ..feeds.session import PublicSession
from ..market import liquidation, setup
from ..market.accounts import CONTRACT_TRADE, DEPOSIT, LOOPBACK, Account, ApiKey
from ..market.changes import Listener
from ..market.instruments import InstrumentSpec
from ..market.venue import Venue, real_ms
from ..stream.delivery import Outlet
from ..stream.opened import OpenConnections, StreamState
from ..stream.sessions import Session
from ..stream.streams import Streams
from ..stream.subscription import OnCut, OnMessage, Subscription, open_subscription
from ..wallet import funding
from .market_control import MarketControl

DEFAULT_START_MS = 1_737_809_937_000
CLOSES_AFTER_MS = 60_000
"""How long a contract that was delivered is Delivering."""


class Simulator(MarketControl):
    """A deterministic Bybit V5 for linear contracts. It may be used from several threads.

    Clients talk to it through `handle`, `subscribe` or `SimulatorServer`; tests drive it with the
    other methods. Its time is the clock's. A real one begins at the machine's time and follows it
    while a server runs: envelopes, rows, streams and the checks of signatures are all by it. A
    virtual one stands still between calls of `advance`. Then the timestamps of signed requests are
    an exception: clients take them from the machine's clock, so they are checked against `wall`
    plus `wall_skew_ms`.

    Args:
        clock: the kind of clock, or a virtual one; by default a virtual one, which starts in
            January 2025.
        behaviour: the switches in force.
        seed: order and message ids are derived from it.
        wall: gives the time for checking timestamps, in milliseconds since the epoch; by default
            the machine's, or the real clock.

    Attributes:
        clock: the clock.
        follows_wall: whether the clock is real.
    """

    def __init__(
        self,
        *,
        clock: VirtualClock | ClockKind = ClockKind.VIRTUAL,
        behaviour: Behaviour | None = None,
        seed: str = "trueup",
        wall: Callable[[], int] | None = None,
    ) -> None:
        self.follows_wall = clock is ClockKind.REAL
        if isinstance(clock, ClockKind):
            clock = VirtualClock(real_ms() if self.follows_wall else DEFAULT_START_MS)
        self.clock = clock
        wall = wall or (clock.now_ms if self.follows_wall else real_ms)
        super().__init__(Venue(clock, behaviour or Behaviour(), seed, wall))
        self._faults = Faults()
        self._gateway = Gateway(self._venue, self._faults)
        self._opened = OpenConnections(self._venue, seed)
        self._streams = Streams(self._venue, self._opened, seed)
        self._public = PublicStreams(self._venue, self._opened)

    # -- for clients ------------------------------------------------------------------------

    def handle(self, request: Request) -> Reply:
        """Answer one request; the reply says how the transport must deliver it."""
        with self._venue.lock:
            reply = self._gateway.handle(request)
            self._venue.settle()
            return reply

    def subscribe(
        self,
        uid: str,
        topics: Sequence[str],
        on_message: OnMessage,
        on_cut: OnCut | None = None,
    ) -> Subscription:
        """Subscribe to an account's private stream without a socket.

        Raises:
            StreamRefused: a fault refuses the stream, or a topic is wrong.
            KeyError: there is no such account.
        """
        with self._venue.lock:
            callbacks = (on_message, on_cut)
            return open_subscription(self._venue, self._streams, uid, topics, callbacks)

    def open_stream(self, outlet: Outlet) -> Session:
        """Connect a client of the private stream, as a transport does.

        Raises:
            StreamRefused: a fault refuses the connection.
        """
        with self._venue.lock:
            return Session(self._venue, self._streams, self._streams.open(outlet))

    def open_public_stream(self, outlet: Outlet) -> PublicSession:
        """Connect a client of the public stream of linear contracts, as a transport does.

        Raises:
            StreamRefused: a fault refuses the connection.
        """
        with self._venue.lock:
            return PublicSession(self._venue, self._public, self._public.open(outlet))

    # -- what happened ----------------------------------------------------------------------

    @property
    def requests(self) -> list[RequestRecord]:
        """Every request that `handle` has answered, in order."""
        with self._venue.lock:
            return list(self._gateway.records)

    @property
    def answered(self) -> tuple[Answered, ...]:
        """The last requests with their replies, oldest first: a hundred at most."""
        with self._venue.lock:
            return tuple(self._gateway.answered)

    @property
    def streams(self) -> tuple[StreamState, ...]:
        """The open connections of both streams, oldest first."""
        with self._venue.lock:
            return self._opened.states()

    def listen(self, listener: Listener) -> None:
        """Call a listener with the changes of every effect; see `Listener` for its duties."""
        with self._venue.lock:
            self._venue.listeners.append(listener)

    # -- switches and faults ----------------------------------------------------------------

    @property
    def behaviour(self) -> Behaviour:
        """The switches in force; set it to change them."""
        return self._venue.behaviour

    @behaviour.setter
    def behaviour(self, behaviour: Behaviour) -> None:
        with self._venue.lock:
            self._venue.behaviour = behaviour
            for spec in self._venue.listed():
                self._venue.record_move(spec.symbol)
            self._venue.settle()

    @property
    def wall_skew_ms(self) -> int:
        """How far the exchange's clock is ahead of the machine's; set it to change it."""
        return self._venue.wall_skew_ms

    @wall_skew_ms.setter
    def wall_skew_ms(self, skew: int) -> None:
        self._venue.wall_skew_ms = skew

    def inject(self, *faults: Fault | StreamFault) -> None:
        """Put faults in force; those that drop or half-open streams can act at once."""
        with self._venue.lock:
            for fault in faults:
                if isinstance(fault, StreamFault):
                    self._opened.inject(fault)
                else:
                    self._faults.add(fault, self._venue.now())

    @property
    def faults(self) -> tuple[tuple[Fault | StreamFault, int | None], ...]:
        """The faults in force, each with how many matches it will hit; None for no limit."""
        with self._venue.lock:
            now = self._venue.now()
            return (*self._faults.in_force(now), *self._opened.faults.in_force(now))

    def schedule(self, *entries: Fault | None) -> None:
        """Choose the faults of the next requests, in order; None lets a request pass."""
        with self._venue.lock:
            self._faults.schedule(*entries)

    def clear_faults(self, *faults: Fault) -> None:
        """Remove these faults of requests, or else all faults.

        Connections that were cut or half-opened stay as they are.
        """
        with self._venue.lock:
            self._faults.clear(*faults)
            if faults:
                return
            self._opened.faults.clear()

    # -- accounts, contracts, restarts ------------------------------------------------------

    def add_account(
        self,
        *,
        uid: str,
        api_key: str,
        api_secret: str,
        hedge: bool = False,
        limits: Mapping[str, int] | None = None,
        unified: bool = True,
        balance: Mapping[str, Exact] | None = None,
    ) -> None:
        """Add an account with one API key; see `add_key` for more of them.

        Args:
            uid: its UID.
            api_key: its API key.
            api_secret: the secret that its requests are signed with.
            hedge: hedge mode instead of one-way.
            limits: requests a second by full path, where they differ from Bybit's defaults.
            unified: a unified trading account instead of a classic one.
            balance: what its wallet begins with, by coin; a million USDT and USDC by default.

        Raises:
            ValueError: the UID or the key is taken.
        """
        is_name("uid", uid)
        _check_key(api_key, api_secret)
        for path, most in (limits or {}).items():
            if path not in {known for _, known in ROUTES}:
                raise ValueError(f"limits: there is no path {path!r}")
            within(f"limits.{path}", most)
        with self._venue.lock:
            if uid in self._venue.accounts or api_key in self._venue.keys:
                raise ValueError(f"account {uid} or its API key exists already")
            deposits = DEPOSIT if balance is None else balance
            account = Account(
                uid,
                hedge,
                dict(limits or {}),
                unified=unified,
                deposits={
                    coin: from_zero(f"balance.{coin}", amount) for coin, amount in deposits.items()
                },
            )
            account.keep_view(0)
            self._venue.accounts[uid] = account
        self.add_key(uid=uid, api_key=api_key, api_secret=api_secret)

    def add_key(
        self,
        *,
        uid: str,
        api_key: str,
        api_secret: str,
        read_only: bool = False,
        contract_trade: Sequence[str] = CONTRACT_TRADE,
        ips: Sequence[str] = LOOPBACK,
        expires_ms: int | None = None,
    ) -> None:
        """Give an account one more API key, or change one that it has.

        Args:
            uid: the account.
            api_key: the key.
            api_secret: the secret that requests with it are signed with.
            read_only: whether the key may only read.
            contract_trade: its permissions to trade contracts: "Order", "Position".
            ips: the addresses that may use it; none for any.
            expires_ms: when it expires, by the wall clock, in epoch milliseconds; None for never.

        Raises:
            KeyError: there is no such account.
            ValueError: the key belongs to another account.
        """
        _check_key(api_key, api_secret)
        for each in contract_trade:
            one_of("contract_trade", each, CONTRACT_TRADE)
        within("expires_ms", expires_ms)
        key = ApiKey(
            key=api_key,
            secret=api_secret,
            read_only=read_only,
            contract_trade=tuple(contract_trade),
            ips=tuple(ips),
            expires_ms=expires_ms,
        )
        with self._venue.lock:
            account = self._venue.account(uid)
            if self._venue.keys.setdefault(api_key, account) is not account:
                raise ValueError(f"the API key belongs to account {self._venue.keys[api_key].uid}")
            account.keys[api_key] = key

    def add_instrument(self, spec: InstrumentSpec, price: Exact) -> None:
        """List a contract at a price, or replace its specification.

        A dated future is delivered when its time comes.

        Raises:
            ValueError: the price is not above 0.
        """
        at = above_zero("price", price)
        with self._venue.lock:
            self._venue.instruments[spec.symbol] = spec
            self._venue.delisted.discard(spec.symbol)
            self._venue.put_price(spec.symbol, at)
            if spec.is_funded:
                funding.begin(self._venue, spec.symbol)
            self._venue.settle()
        if spec.delivery_ms > self.clock.now_ms():
            self.clock.call_at(spec.delivery_ms, lambda: self._deliver_on_time(spec))

    def set_instrument_status(self, symbol: str, status: str, phase: str = "") -> None:
        """Let a contract go through its life: launch, delivery, delisting; see `InstrumentSpec`.

        Positions and resting orders stay as they are.

        Raises:
            ApiError: there is no such contract.
        """
        with self._venue.lock:
            spec = self._venue.spec(symbol)
            self._venue.instruments[symbol] = replace(spec, status=status, phase=phase)

    def delist(self, symbol: str) -> None:
        """Delist a contract: settle its positions, cancel its orders, and know it no more.

        Requests that name it are answered as for any unknown symbol; the rows of its past stay.
        `add_instrument` lists it again.

        Raises:
            ApiError: there is no such contract.
        """
        with self._venue.lock:
            self._venue.spec(symbol)
            setup.settle_all(self._venue, symbol)
            self._venue.delisted.add(symbol)
            self._venue.settle()

    def deliver(self, symbol: str, price: Exact | None = None) -> None:
        """Deliver a dated future now: its orders are cancelled, its positions closed at a price.

        The contract is Delivering, and a minute later Closed.

        Args:
            symbol: the contract.
            price: the delivery price; where the market is by default.

        Raises:
            ApiError: there is no such contract.
            ValueError: the price is not above 0.
        """
        at = None if price is None else above_zero("price", price)
        with self._venue.lock:
            spec = self._venue.spec(symbol)
            now = self._venue.now()
            delivering = replace(spec, status="Delivering", phase="", delivery_ms=now)
            self._venue.instruments[symbol] = delivering
            if at is not None:
                self._venue.put_price(symbol, at)
            liquidation.deliver(self._venue, symbol)
            self._venue.settle()
            self._venue.after(CLOSES_AFTER_MS, lambda: self._close(delivering))

    def _deliver_on_time(self, spec: InstrumentSpec) -> None:
        """Delivers the contract, unless it was delivered, delisted or replaced meanwhile."""
        with self._venue.lock:
            listed = self._venue.instruments[spec.symbol]
            is_same = listed.delivery_ms == spec.delivery_ms and listed.status != "Closed"
            if is_same and self._venue.is_listed(spec.symbol):
                self.deliver(spec.symbol)

    def _close(self, delivering: InstrumentSpec) -> None:
        if self._venue.instruments[delivering.symbol] == delivering:
            closed = replace(delivering, status="Closed")
            self._venue.instruments[delivering.symbol] = closed

    def switch_mode(self, uid: str, symbol: str, *, hedge: bool) -> None:
        """Put a symbol of an account into hedge or one-way mode, whatever is open there."""
        with self._venue.lock:
            self._venue.account(uid).modes[symbol] = hedge

    def restart(self) -> None:
        """Restart the exchange: order/realtime forgets closed orders (docs/v5/order/open-order)."""
        with self._venue.lock:
            for account in self._venue.accounts.values():
                account.ring_from = len(account.closed)
                account.keep_view(self._venue.now())


def _check_key(api_key: str, api_secret: str) -> None:
    is_key("api_key", api_key)
    is_key("api_secret", api_secret)
