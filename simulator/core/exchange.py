"""The simulator: one object that is the exchange, and the hands that move it."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from ..api import writes
from ..api.gateway import Gateway
from ..base.behaviour import Behaviour
from ..base.clock import VirtualClock
from ..base.decimals import Exact, exact
from ..base.faults import Fault, Faults
from ..base.stream_faults import StreamFault
from ..base.transport import Reply, Request, RequestRecord
from ..market import ledger, liquidation, matching, setup
from ..market.accounts import Account
from ..market.changes import Listener
from ..market.instruments import InstrumentSpec
from ..market.orders import CancelType, Side, SimOrder
from ..market.positions import Fill, SimPosition
from ..market.venue import Venue, real_ms
from ..stream.delivery import Outlet
from ..stream.sessions import Session
from ..stream.streams import Streams, StreamState
from ..stream.subscription import OnCut, OnMessage, Subscription, open_subscription

DEFAULT_START_MS = 1_737_809_937_000
_RECORDED = frozenset({"stopOrderType", "parentOrderLinkId", "cumExecQty", "createdTime"})


class Simulator:
    """A deterministic Bybit V5 for linear USDT perpetuals. Safe to use from several threads.

    Clients speak to it through `handle` (or `SimulatorServer`); tests move it with the other
    methods. Time is the clock's and stands still between calls of `advance`, except for the
    timestamps of signed requests, which clients take from the wall clock: they are held against
    `wall` plus `wall_skew_ms`.
    """

    def __init__(
        self,
        *,
        clock: VirtualClock | None = None,
        behaviour: Behaviour | None = None,
        seed: str = "trueup",
        wall: Callable[[], int] = real_ms,
    ) -> None:
        self.clock = VirtualClock(DEFAULT_START_MS) if clock is None else clock
        self._venue = Venue(self.clock, behaviour or Behaviour(), seed, wall)
        self._faults = Faults()
        self._gateway = Gateway(self._venue, self._faults)
        self._streams = Streams(self._venue, seed)

    # -- what clients see -------------------------------------------------------------------

    def handle(self, request: Request) -> Reply:
        """Answer one request; the reply says how a transport has to deliver it."""
        with self._venue.lock:
            reply = self._gateway.handle(request)
            self._venue.settle()
            return reply

    @property
    def requests(self) -> list[RequestRecord]:
        """The wire log: every request so far, in order."""
        with self._venue.lock:
            return list(self._gateway.records)

    def listen(self, listener: Listener) -> None:
        """Be told the changes of every effect; see `Listener` for what a listener may do."""
        with self._venue.lock:
            self._venue.listeners.append(listener)

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
            StreamRefused: if a fault refuses the connection.
        """
        with self._venue.lock:
            return Session(self._venue, self._streams, self._streams.open(outlet))

    @property
    def streams(self) -> tuple[StreamState, ...]:
        """The connections of the private stream, oldest first."""
        with self._venue.lock:
            return self._streams.states()

    # -- switches and faults ----------------------------------------------------------------

    @property
    def behaviour(self) -> Behaviour:
        """The switches in force; may be set."""
        return self._venue.behaviour

    @behaviour.setter
    def behaviour(self, behaviour: Behaviour) -> None:
        with self._venue.lock:
            self._venue.behaviour = behaviour

    @property
    def wall_skew_ms(self) -> int:
        """How far the exchange's clock is ahead of the machine's; may be set."""
        return self._venue.wall_skew_ms

    @wall_skew_ms.setter
    def wall_skew_ms(self, skew: int) -> None:
        self._venue.wall_skew_ms = skew

    def inject(self, *faults: Fault | StreamFault) -> None:
        """Put fault rules in force; drops and half-open streams may also come at once."""
        with self._venue.lock:
            for fault in faults:
                if isinstance(fault, StreamFault):
                    self._streams.inject(fault)
                else:
                    self._faults.add(fault)

    def schedule(self, *entries: Fault | None) -> None:
        """Say what the next requests meet, in order; None is a healthy one."""
        with self._venue.lock:
            self._faults.schedule(*entries)

    def clear_faults(self) -> None:
        """Heal everything; connections that are cut or half-open stay so."""
        with self._venue.lock:
            self._faults.clear()
            self._streams.faults.clear()

    # -- who and what there is --------------------------------------------------------------

    def add_account(
        self,
        *,
        uid: str,
        api_key: str,
        api_secret: str,
        hedge: bool = False,
        limits: Mapping[str, int] | None = None,
    ) -> None:
        """Add an account, one-way or hedge; `limits` are requests a second by full path."""
        with self._venue.lock:
            if uid in self._venue.accounts or api_key in self._venue.keys:
                raise ValueError(f"account {uid} or its key is there already")
            account = Account(uid, api_key, api_secret, hedge, dict(limits or {}))
            account.keep_view(0)
            self._venue.accounts[uid] = account
            self._venue.keys[api_key] = account

    def add_instrument(self, spec: InstrumentSpec, price: Exact) -> None:
        """List a contract at a price."""
        with self._venue.lock:
            self._venue.instruments[spec.symbol] = spec
            self._venue.prices[spec.symbol] = exact(price)

    def switch_mode(self, uid: str, symbol: str, *, hedge: bool) -> None:
        """Put one symbol of an account into hedge or one-way mode (position and orders aside)."""
        with self._venue.lock:
            self._venue.account(uid).modes[symbol] = hedge

    # -- the market and other people's hands ------------------------------------------------

    def price(self, symbol: str) -> Decimal:
        """The market price."""
        with self._venue.lock:
            self._venue.spec(symbol)
            return self._venue.prices[symbol]

    def set_price(self, symbol: str, price: Exact) -> None:
        """Move the market to a price: triggers fire and limits fill on the way."""
        with self._venue.lock:
            self._venue.spec(symbol)
            matching.move_price(self._venue, symbol, exact(price))
            self._venue.settle()

    def open_position(
        self, uid: str, symbol: str, side: str, quantity: Exact, price: Exact
    ) -> None:
        """Set a position up, or grow it; without an execution.

        Raises:
            ValueError: if the account holds the other side under the same positionIdx.
        """
        with self._venue.lock:
            account = self._venue.account(uid)
            held = account.position_at(symbol, account.idx_for(symbol, Side(side)))
            if held.side is Side(side).opposite:
                raise ValueError(f"account {uid} holds the other side of {symbol}")
            grown = held.after_fill(Side(side), exact(quantity), exact(price))
            self.set_position(uid, symbol, side, grown.size, grown.average_price)

    def set_position(
        self, uid: str, symbol: str, side: str, quantity: Exact, price: Exact = 0
    ) -> None:
        """Let a position be what is said; quantity 0 is a close by hand. Orders follow."""
        with self._venue.lock:
            self._venue.spec(symbol)
            setup.set_position(
                self._venue,
                self._venue.account(uid),
                symbol,
                Side(side),
                exact(quantity),
                exact(price),
            )
            self._venue.settle()

    def liquidate(self, uid: str, symbol: str, side: str, quantity: Exact | None = None) -> None:
        """Take a position, or so much of it, over: its orders are cancelled, and a BustTrade.

        Raises:
            ValueError: the position is not that large.
        """
        with self._venue.lock:
            self._take_over(uid, symbol, side, quantity, liquidation.LIQUIDATION, cancels=True)

    def deleverage(
        self,
        uid: str,
        symbol: str,
        side: str,
        quantity: Exact | None = None,
        *,
        cancels: bool = True,
    ) -> None:
        """Take a position, or so much of it, over by ADL: with or without cancels, an AdlTrade.

        Raises:
            ValueError: the position is not that large.
        """
        with self._venue.lock:
            self._take_over(uid, symbol, side, quantity, liquidation.DELEVERAGING, cancels=cancels)

    def place_entry(
        self,
        uid: str,
        symbol: str,
        side: str,
        quantity: Exact,
        price: Exact,
        order_link_id: str = "",
    ) -> str:
        """Let an entry rest: a limit order that is not reduce-only. Answers its order id."""
        fields = {
            "symbol": symbol,
            "side": side,
            "orderType": "Limit",
            "qty": exact(quantity),
            "price": exact(price),
            "orderLinkId": order_link_id,
        }
        with self._venue.lock:
            order = setup.record_order(self._venue, self._venue.account(uid), fields)
            self._venue.settle()
            return order.order_id

    def place_order(self, uid: str, *, order_id: str = "", **fields: Any) -> str:  # noqa: ANN401
        """Place an order with the fields of order/create, as if its owner had sent it.

        With an `order_id`, or with stopOrderType, cumExecQty or createdTime among the fields, it is
        `record_order`. positionIdx may be left out.

        Raises:
            ApiError: if the exchange refuses the order.
        """
        if order_id or _RECORDED & set(fields):
            return self.record_order(uid, order_id=order_id, **fields)
        with self._venue.lock:
            account = self._venue.account(uid)
            made = writes.create(self._venue, account, setup.with_position_idx(account, fields))
            self._venue.settle()
            return made.order_id

    def record_order(self, uid: str, *, order_id: str = "", **fields: Any) -> str:  # noqa: ANN401
        """Let an order rest as recorded: no filters, no matching at arrival.

        Takes the fields of order/create, and stopOrderType, parentOrderLinkId, cumExecQty and
        createdTime.
        """
        with self._venue.lock:
            account = self._venue.account(uid)
            order = setup.record_order(self._venue, account, fields, order_id)
            self._venue.settle()
            return order.order_id

    def fill(self, uid: str, order_id: str, quantity: Exact | None = None) -> Decimal:
        """Fill a resting order at its price, wholly or partly; answers how much was filled.

        Raises:
            LookupError: if the order does not stand in the book.
        """
        with self._venue.lock:
            account = self._venue.account(uid)
            order = self._resting(account, order_id)
            if order.is_conditional:
                raise LookupError(f"order {order_id} waits for its trigger: set_price fires it")
            amount = order.leaves if quantity is None else min(exact(quantity), order.leaves)
            done = matching.execute(self._venue, account, order, amount, order.price, maker=True)
            self._venue.settle()
            return done

    def cancel_by_hand(self, uid: str, order_id: str) -> None:
        """Cancel an order as its owner would in the app."""
        with self._venue.lock:
            account = self._venue.account(uid)
            order = self._resting(account, order_id)
            ledger.cancel(self._venue, account, order, CancelType.BY_USER)
            self._venue.settle()

    def restart(self) -> None:
        """Restart: order/realtime forgets its closed orders (docs/v5/order/open-order)."""
        with self._venue.lock:
            for account in self._venue.accounts.values():
                account.ring_from = len(account.closed)
                account.keep_view(self._venue.now())

    # -- looking on --------------------------------------------------------------------------

    def orders(self, uid: str, symbol: str | None = None) -> tuple[SimOrder, ...]:
        """The open orders, oldest first."""
        with self._venue.lock:
            return tuple(self._venue.account(uid).open_orders(symbol))

    def closed_orders(self, uid: str, symbol: str | None = None) -> tuple[SimOrder, ...]:
        """The closed orders, in the order of their ends."""
        with self._venue.lock:
            closed = self._venue.account(uid).closed
            return tuple(o for o in closed if symbol is None or o.symbol == symbol)

    def position(self, uid: str, symbol: str, side: str) -> SimPosition:
        """The position of a side; size 0 where there is none."""
        with self._venue.lock:
            return setup.position_of(self._venue.account(uid), symbol, Side(side))

    def positions(self, uid: str) -> tuple[SimPosition, ...]:
        """All positions that are open, by symbol and positionIdx."""
        with self._venue.lock:
            held = self._venue.account(uid).positions
            return tuple(held[key] for key in sorted(held) if held[key].size)

    def executions(self, uid: str) -> tuple[Fill, ...]:
        """The executions, oldest first."""
        with self._venue.lock:
            return tuple(self._venue.account(uid).fills)

    @property
    def accounts(self) -> tuple[str, ...]:
        """The UIDs."""
        with self._venue.lock:
            return tuple(self._venue.accounts)

    @property
    def symbols(self) -> tuple[str, ...]:
        """The contracts."""
        with self._venue.lock:
            return tuple(self._venue.instruments)

    def _take_over(
        self,
        uid: str,
        symbol: str,
        side: str,
        quantity: Exact | None,
        how: liquidation.Takeover,
        *,
        cancels: bool,
    ) -> None:
        account = self._venue.account(uid)
        position = setup.position_of(account, symbol, Side(side))
        size = position.size if quantity is None else exact(quantity)
        liquidation.take_over(self._venue, account, position, size, how, cancels=cancels)
        self._venue.settle()

    @staticmethod
    def _resting(account: Account, order_id: str) -> SimOrder:
        order = account.orders.get(order_id)
        if order is None:
            raise LookupError(f"no open order {order_id} on account {account.uid}")
        return order
