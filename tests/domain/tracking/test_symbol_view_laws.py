"""Laws of the view: what it says was so, whatever the messages went through."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain.tracking.test_symbol_view import with_event
from trueup.adapters.bybit import parse_events
from trueup.domain.model.identity import Side
from trueup.domain.model.observation import Flat
from trueup.domain.model.order import Order, Position
from trueup.domain.tracking.feed import FillEvent, OrderEvent, StreamEvent
from trueup.domain.tracking.known_position import KnownPosition
from trueup.domain.tracking.snapshot_merge import merge_read
from trueup.domain.tracking.symbol_view import SymbolView
from trueup.simulator import Behaviour, InstrumentSpec, Json, VirtualClock
from trueup.simulator.api import writes
from trueup.testing import InProcessSimulator

BAND, UID = "BANDUSDT", "101"


@dataclass
class History:
    """A simulator moved at random; its messages, and what was so after each of its moves."""

    seed: int
    news: list[StreamEvent] = field(default_factory=list)
    records: set[tuple[Order, int]] = field(default_factory=set)
    fills: list[FillEvent] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.dice = Random(self.seed)  # noqa: S311 - no secret
        behaviour = Behaviour(stream_bundles=self.dice.random() < 0.3)
        self.sim = InProcessSimulator(VirtualClock(1_737_809_937_000), behaviour, "view")
        self.sim.add_account(uid=UID, api_key="k", api_secret="s")
        spec = InstrumentSpec(
            symbol=BAND, tick="0.0001", step="1", min_quantity="1", max_quantity="100000",
            min_notional="0",
        )  # fmt: skip
        self.sim.add_instrument(spec, price="0.7000")
        self.sim.open_position(UID, BAND, "Buy", "100", "0.69")
        self.sim.subscribe(UID, ("order", "execution", "position"), self._hear)
        self._place()
        self._place()
        self.proof = merge_read(
            SymbolView(BAND), self.open_orders(), self.rows(), 0, self.sim.clock.now_ms()
        )
        self.records |= {(o, o.updated_ms) for o in self.open_orders()}
        self.news.clear()

    def play(self, moves: int) -> None:
        """Makes moves, a millisecond or more apart."""
        for _ in range(moves):
            self.sim.clock.advance(self.dice.randint(1, 5))
            self.dice.choice((self._place, self._fill, self._amend, self._cancel, self._go))()

    def open_orders(self) -> tuple[Order, ...]:
        """The open orders, as a read shows them."""
        latest: dict[str, Order] = {o.order_id: o for o, _ in self._told_orders()}
        return tuple(latest[o.order_id] for o in self.sim.orders(UID))

    def open_positions(self) -> tuple[Position, ...]:
        """The open positions, as a read shows them."""
        return tuple(
            Position(
                BAND, Side(str(p.side)), p.size, p.average_price, self.sim.price(BAND), p.idx, p.seq
            )
            for p in self.sim.positions(UID)
        )

    def rows(self) -> tuple[Position | Flat, ...]:
        """The rows of a read by symbol."""
        return self.open_positions() or (Flat(BAND, Side.BUY),)

    def _told_orders(self) -> Iterator[tuple[Order, int]]:
        yield from sorted(self.records, key=lambda r: (r[0].status.is_final, r[0].filled, r[1]))

    def _hear(self, message: Json) -> None:
        for news in parse_events(message):
            self.news.append(news)
            if isinstance(news, OrderEvent):
                self.records.add((news.order, news.updated_ms))
            elif isinstance(news, FillEvent):
                self.fills.append(news)

    def _place(self) -> None:
        side, reduce, price = self.dice.choice(
            (("Sell", True, "0.74"), ("Sell", True, "0.78"), ("Buy", False, "0.66"))
        )
        quantity = str(self.dice.randint(5, 40))
        if reduce and not self.sim.positions(UID):
            side, reduce, price = "Buy", False, "0.67"
        self.sim.place_order(
            UID, symbol=BAND, side=side, orderType="Limit", qty=quantity, price=price,
            reduceOnly=reduce,
        )  # fmt: skip

    def _fill(self) -> None:
        if orders := self.sim.orders(UID):
            chosen = self.dice.choice(orders)
            self.sim.fill(UID, chosen.order_id, self.dice.choice((None, "1", "7")))

    def _amend(self) -> None:
        if orders := self.sim.orders(UID):
            chosen = self.dice.choice(orders)
            fields = {
                "symbol": BAND,
                "orderId": chosen.order_id,
                "qty": str(chosen.filled + self.dice.randint(1, 40)),
            }
            self.sim.by_hand(UID, writes.amend, fields)

    def _cancel(self) -> None:
        if orders := self.sim.orders(UID):
            self.sim.cancel_by_hand(UID, self.dice.choice(orders).order_id)

    def _go(self) -> None:
        self.sim.set_price(BAND, self.dice.choice(("0.65", "0.70", "0.75", "0.79")))

    def check(self, view: SymbolView) -> None:
        """A settled view shows records that were, and no position older than its orders."""
        if view.stale or view.inconsistent:
            return
        for known in view.orders.values():
            assert (known.order, known.order.updated_ms) in self.records
            position = view.positions.get(known.order.position_index, KnownPosition(-1, None, 0))
            of_order = [f for f in self.fills if f.order_id == known.order.order_id]
            before = [f.filled for f in of_order if f.seq <= position.seq]
            told = self.proof.orders.get(known.order.order_id)
            read = told.order.filled if told else Decimal(0)
            assert known.order.filled <= max(before, default=read)


LAW = settings(max_examples=60, deadline=None)
SEEDS = st.integers(0, 10_000)


@LAW
@given(SEEDS)
def test_whatever_messages_go_through_a_settled_view_is_true(seed: int) -> None:
    history = History(seed)
    history.play(12)
    sent = [n for n in history.news for _ in range(history.dice.choice((1, 1, 1, 2, 3)))]
    history.dice.shuffle(sent)
    view = history.proof
    for number, news in enumerate(sent, 1):
        view = with_event(view, news, number)
        history.check(view)
    if not view.open_positions:
        now = history.sim.clock.now_ms()
        view = merge_read(view, history.open_orders(), history.rows(), len(sent), now)
    assert (view.stale, view.inconsistent) == ("", ""), "all of it was told"
    assert set(view.open_orders) == set(history.open_orders())
    told, so = view.open_positions, history.open_positions()
    assert [(p.side, p.size, p.seq) for p in told] == [(p.side, p.size, p.seq) for p in so]


@LAW
@given(SEEDS)
def test_messages_that_are_lost_never_leave_an_old_position_beside_new_orders(seed: int) -> None:
    history = History(seed)
    history.play(12)
    view = history.proof
    for number, news in enumerate(history.news, 1):
        if history.dice.random() < 0.7:
            view = with_event(view, news, number)
            history.check(view)


@LAW
@given(SEEDS)
def test_a_read_in_the_midst_of_late_messages_proves_what_is_so(seed: int) -> None:
    history = History(seed)
    history.play(6)
    late = [n for n in history.news if history.dice.random() < 0.3]
    view = history.proof
    for number, news in enumerate([n for n in history.news if n not in late], 1):
        view = with_event(view, news, number)
    mark, now = len(history.news), history.sim.clock.now_ms()
    for _ in range(2):
        view = merge_read(view, history.open_orders(), history.rows(), mark, now)
    assert (view.stale, view.inconsistent) == ("", "")
    assert set(view.open_orders) == set(history.open_orders())
    history.dice.shuffle(late)
    for number, news in enumerate(late, mark + 1):
        view = with_event(view, news, number)
    if not view.stale and not view.inconsistent:
        assert set(view.open_orders) == set(history.open_orders())
