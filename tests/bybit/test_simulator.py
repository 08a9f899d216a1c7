"""The adapter with the real pybit against the simulator, faults included."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import pytest

from trueup.adapters.bybit import BybitExchange, BybitSettings
from trueup.adapters.simulator import (
    Behaviour,
    Fault,
    FaultKind,
    InstrumentSpec,
    ReduceOnlySum,
    Simulator,
    SimulatorServer,
    UnknownInstrument,
)
from trueup.domain.commands import AmendOrder, CancelOrder, PlaceOrder
from trueup.domain.identity import PositionMode, Side
from trueup.domain.instrument import Instrument
from trueup.domain.observation import Observation, OrdersUnread, Unknown
from trueup.domain.order import OrderStatus
from trueup.domain.outcomes import Absent, Accepted, Found, OutcomeClass, Refused, Unsure
from trueup.domain.ports import Exchange

from .conftest import KEY, SECRET, account

UID = "101"
SYMBOL = "BANDUSDT"
SETTINGS = BybitSettings(
    connect_timeout=timedelta(seconds=2), read_timeout=timedelta(milliseconds=400)
)

Attach = Callable[..., BybitExchange]


@pytest.fixture
def sim() -> Simulator:
    """An exchange with three contracts and one account."""
    behaviour = Behaviour(rate_limits=False, ip_limit=False)
    simulator = Simulator(behaviour=behaviour)
    simulator.add_account(uid=UID, api_key=KEY, api_secret=SECRET)
    for symbol in (SYMBOL, "AUSDT", "CUSDT", "DUSDT"):
        simulator.add_instrument(
            InstrumentSpec(
                symbol=symbol, tick="0.0001", step="0.1", min_quantity="0.1", max_quantity="100000"
            ),
            price="0.7000",
        )
    return simulator


@pytest.fixture
def attach(sim: Simulator) -> Iterator[Attach]:
    """Serves the simulator; makes exchanges that talk to it."""
    made: list[BybitExchange] = []
    with SimulatorServer(sim) as server:

        def make(
            settings: BybitSettings = SETTINGS,
            mode: PositionMode = PositionMode.ONE_WAY,
            secret: str = SECRET,
        ) -> BybitExchange:
            exchange = BybitExchange(account(server.url, mode=mode, secret=secret), settings)
            made.append(exchange)
            return exchange

        yield make
        for exchange in made:
            exchange.close()


@pytest.fixture
def exchange(attach: Attach) -> BybitExchange:
    """An exchange that talks to the simulator."""
    return attach()


def _tp(number: int = 1, quantity: str = "10", price: str = "0.8") -> PlaceOrder:
    return PlaceOrder(SYMBOL, Side.SELL, Decimal(price), Decimal(quantity), f"TP{number}", 0)


def _observed(exchange: BybitExchange, *symbols: str) -> Observation:
    reading = exchange.observe(symbols or [SYMBOL])
    assert isinstance(reading, Observation), reading
    return reading


def _writes(sim: Simulator) -> list[str]:
    return [record.path for record in sim.requests if record.is_write]


def test_it_is_an_exchange(exchange: BybitExchange) -> None:
    port: Exchange = exchange

    assert (port.account, port.position_mode) == ("main", PositionMode.ONE_WAY)


def test_the_life_of_a_ladder(sim: Simulator, exchange: BybitExchange) -> None:
    sim.open_position(UID, SYMBOL, "Buy", "100", "0.69")
    sim.clock.advance(10)

    placed = exchange.place([_tp(1, "85", "0.75"), _tp(2, "15", "0.8")])
    first, second = placed
    assert isinstance(first, Accepted)
    assert isinstance(second, Accepted)
    seen = _observed(exchange)
    assert seen.position(SYMBOL, Side.BUY).size == Decimal(100)
    assert {order.order_link_id: order.remaining for order in seen.orders} == {
        "TP1": Decimal(85),
        "TP2": Decimal(15),
    }
    assert all(order.is_take_profit for order in seen.orders)

    amended = exchange.amend([AmendOrder(SYMBOL, first.order_id, "TP1", None, Decimal(80))])
    assert amended == (Accepted(first.order_id, "TP1"),)
    sim.set_price(SYMBOL, "0.76")
    seen = _observed(exchange)
    assert seen.position(SYMBOL, Side.BUY).size == Decimal(20)
    assert [order.order_link_id for order in seen.orders] == ["TP2"]

    cancelled = exchange.cancel([CancelOrder(SYMBOL, second.order_id, "TP2")])
    assert cancelled == (Accepted(second.order_id, "TP2"),)
    assert _observed(exchange).orders == ()
    assert _writes(sim) == [
        "/v5/order/create-batch",
        "/v5/order/amend-batch",
        "/v5/order/cancel-batch",
    ]


def test_a_hedged_account_has_two_sides(sim: Simulator, attach: Attach) -> None:
    sim.switch_mode(UID, SYMBOL, hedge=True)
    sim.open_position(UID, SYMBOL, "Sell", "30", "0.71")
    exchange = attach(mode=PositionMode.HEDGE)
    cover = PlaceOrder(SYMBOL, Side.BUY, Decimal("0.6"), Decimal(30), "TP1", 2)

    (outcome,) = exchange.place([cover])
    seen = _observed(exchange)

    assert isinstance(outcome, Accepted)
    assert seen.position(SYMBOL, Side.SELL).size == Decimal(30)
    assert seen.position(SYMBOL, Side.BUY).size == 0
    assert seen.orders[0].position_index == 2


def test_the_wrong_position_mode(sim: Simulator, exchange: BybitExchange) -> None:
    sim.switch_mode(UID, SYMBOL, hedge=True)
    sim.open_position(UID, SYMBOL, "Buy", "100", "0.69")

    (outcome,) = exchange.place([_tp()])

    assert isinstance(outcome, Refused)
    assert outcome.kind is OutcomeClass.POSITION_MODE


def test_many_pages_of_many_symbols(sim: Simulator, attach: Attach) -> None:
    symbols = (SYMBOL, "AUSDT", "CUSDT")
    for symbol in (*symbols, "DUSDT"):
        sim.open_position(UID, symbol, "Buy", "100", "0.69")
        for number in range(7):
            sim.place_entry(UID, symbol, "Buy", "10", f"0.6{number}")
    sim.clock.advance(10)
    exchange = attach(BybitSettings(order_page=4, position_page=3, walk_from=3))

    together = _observed(exchange, *symbols)
    walked = [record.params for record in sim.requests]
    single = _observed(exchange, SYMBOL)

    assert len(together.orders) == 21
    assert len(together.positions) == 3
    assert all(params["settleCoin"] == "USDT" for params in walked)
    assert together.orders_of(SYMBOL) == single.orders


def test_conditional_orders_are_seen_even_where_bulk_reads_miss_them(
    sim: Simulator, exchange: BybitExchange
) -> None:
    sim.behaviour = Behaviour(rate_limits=False, conditional_listed=False)
    sim.open_position(UID, SYMBOL, "Buy", "100", "0.69")
    sim.place_order(
        UID,
        symbol=SYMBOL,
        side="Sell",
        orderType="Market",
        qty="100",
        triggerPrice="0.6",
        triggerDirection=2,
        reduceOnly=True,
        stopOrderType="StopLoss",
    )

    (stop,) = _observed(exchange).orders

    assert stop.trigger_price == Decimal("0.6")
    assert stop.stop_order_type == "StopLoss"
    assert not stop.is_take_profit


def test_a_moving_position_is_read_twice(sim: Simulator, exchange: BybitExchange) -> None:
    sim.open_position(UID, SYMBOL, "Buy", "100", "0.69")
    _observed(exchange)
    fresh = len(sim.requests)
    sim.clock.advance(1)
    _observed(exchange)

    assert (fresh, len(sim.requests) - fresh) == (6, 3)


@pytest.mark.parametrize(
    "kind",
    [
        FaultKind.REPLY_LOST,
        FaultKind.SERVER_ERROR,
        FaultKind.TRUNCATED,
        FaultKind.NOT_JSON,
        FaultKind.EMPTY_OBJECT,
        FaultKind.RATE_LIMITED,
        FaultKind.TIMESTAMP,
        FaultKind.RET_CODE,
    ],
)
def test_a_fault_of_one_read(sim: Simulator, exchange: BybitExchange, kind: FaultKind) -> None:
    sim.open_position(UID, SYMBOL, "Buy", "100", "0.69")
    sim.clock.advance(1)

    sim.inject(Fault(kind=kind, path="position/list"))
    assert isinstance(exchange.observe([SYMBOL]), Unknown)
    sim.inject(Fault(kind=kind, path="order/realtime", skip=1))
    assert isinstance(exchange.observe([SYMBOL]), OrdersUnread)
    sim.inject(Fault(kind=kind, path="execution/list"))
    assert isinstance(exchange.look_up(SYMBOL, order_link_id="TP1"), Unknown)
    sim.inject(Fault(kind=kind, path="instruments-info"))
    assert isinstance(exchange.instrument(SYMBOL), Unknown)

    assert isinstance(exchange.observe([SYMBOL]), Observation)
    assert isinstance(exchange.instrument(SYMBOL), Instrument)


@pytest.mark.parametrize(
    ("fault", "landed"),
    [
        (Fault(kind=FaultKind.REQUEST_LOST), False),
        (Fault(kind=FaultKind.REPLY_LOST), True),
        (Fault(kind=FaultKind.LATE_REPLY, delay_ms=3000), True),
        (Fault(kind=FaultKind.TRUNCATED), True),
        (Fault(kind=FaultKind.NOT_JSON, effect=True), True),
        (Fault(kind=FaultKind.EMPTY_OBJECT, effect=True), True),
        (Fault(kind=FaultKind.SERVER_ERROR, effect=True), True),
        (Fault(kind=FaultKind.SERVER_ERROR), False),
        (Fault(kind=FaultKind.RET_CODE, code=10000, effect=True), True),
    ],
)
def test_a_write_in_doubt_is_sent_once_and_looked_up(
    sim: Simulator, exchange: BybitExchange, fault: Fault, *, landed: bool
) -> None:
    sim.open_position(UID, SYMBOL, "Buy", "100", "0.69")
    sim.inject(fault)

    (outcome,) = exchange.place([_tp()])
    looked = exchange.look_up(SYMBOL, order_link_id="TP1")

    assert isinstance(outcome, Unsure)
    assert len(_writes(sim)) == 1
    if landed:
        assert isinstance(looked, Found)
        assert looked.order.status is OrderStatus.NEW
    else:
        assert looked == Absent()


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [
        (FaultKind.RATE_LIMITED, OutcomeClass.RATE_LIMIT),
        (FaultKind.TIMESTAMP, OutcomeClass.TIMESTAMP),
    ],
)
def test_a_refused_write_is_sent_once(
    sim: Simulator, exchange: BybitExchange, kind: FaultKind, outcome: OutcomeClass
) -> None:
    sim.inject(Fault(kind=kind))

    (refused,) = exchange.place([_tp()])

    assert isinstance(refused, Refused)
    assert refused.kind is outcome
    assert len(_writes(sim)) == 1


def test_a_resend_with_the_same_link_id_makes_no_second_order(
    sim: Simulator, exchange: BybitExchange
) -> None:
    sim.open_position(UID, SYMBOL, "Buy", "100", "0.69")
    sim.inject(Fault(kind=FaultKind.REPLY_LOST, path="create-batch"))

    first = exchange.place([_tp()])
    second = exchange.place([_tp()])

    assert isinstance(first[0], Unsure)
    assert isinstance(second[0], Refused)
    assert second[0].kind is OutcomeClass.DUPLICATE_LINK_ID
    assert len(sim.orders(UID, SYMBOL)) == 1


def test_the_tail_of_a_batch_above_the_limit(sim: Simulator, exchange: BybitExchange) -> None:
    sim.behaviour = Behaviour(rate_limits=True)
    sim.open_position(UID, SYMBOL, "Buy", "100", "0.69")

    head = exchange.place([_tp(number) for number in range(8)])
    outcomes = exchange.place([_tp(number) for number in range(8, 20)])

    assert all(isinstance(outcome, Accepted) for outcome in (*head, *outcomes[:2]))
    tail = outcomes[2:10]
    assert all(isinstance(o, Refused) and o.kind is OutcomeClass.RATE_LIMIT for o in tail)
    assert all(isinstance(o, Refused) and "not sent" in o.message for o in outcomes[10:])
    assert len(sim.orders(UID, SYMBOL)) == 10


def test_items_fail_by_themselves(sim: Simulator, exchange: BybitExchange) -> None:
    sim.behaviour = Behaviour(rate_limits=False, reduce_only_sum=ReduceOnlySum.REJECT)
    sim.open_position(UID, SYMBOL, "Buy", "100", "0.69")

    outcomes = exchange.place([_tp(1, "90"), _tp(2, "90"), _tp(1, "10"), _tp(3, "10")])

    kinds = [outcome.kind if isinstance(outcome, Refused) else None for outcome in outcomes]
    assert kinds == [None, OutcomeClass.REDUCE_ONLY, OutcomeClass.DUPLICATE_LINK_ID, None]


def test_writes_about_orders_that_are_gone(sim: Simulator, exchange: BybitExchange) -> None:
    (amended,) = exchange.amend([AmendOrder(SYMBOL, "", "TP9", Decimal("0.9"), None)])
    (cancelled,) = exchange.cancel([CancelOrder(SYMBOL, "no-such-id", "TP9")])

    for outcome in (amended, cancelled):
        assert isinstance(outcome, Refused)
        assert (outcome.kind, outcome.code) == (OutcomeClass.ALREADY_GONE, 110001)
    assert sim.orders(UID) == ()


def test_an_amend_that_changes_nothing(sim: Simulator, exchange: BybitExchange) -> None:
    sim.open_position(UID, SYMBOL, "Buy", "100", "0.69")
    exchange.place([_tp(1, "10", "0.8")])

    (outcome,) = exchange.amend([AmendOrder(SYMBOL, "", "TP1", Decimal("0.8"), Decimal(10))])

    assert isinstance(outcome, Refused)
    assert outcome.kind is OutcomeClass.NOTHING_CHANGED


def test_a_closed_order_is_found_after_a_restart_in_history_or_by_its_fills(
    sim: Simulator, exchange: BybitExchange
) -> None:
    sim.open_position(UID, SYMBOL, "Buy", "100", "0.69")
    (placed,) = exchange.place([_tp(1, "100")])
    assert isinstance(placed, Accepted)
    sim.fill(UID, placed.order_id)

    before = exchange.look_up(SYMBOL, order_link_id="TP1")
    sim.restart()
    in_history = exchange.look_up(SYMBOL, order_link_id="TP1")
    sim.behaviour = Behaviour(rate_limits=False, history_delay_ms=60_000)
    by_fills = exchange.look_up(SYMBOL, order_id=placed.order_id)

    for looked in (before, in_history, by_fills):
        assert isinstance(looked, Found)
        assert looked.order.status is OrderStatus.FILLED
        assert looked.order.filled == Decimal(100)
    assert {record.path for record in sim.requests[-3:]} >= {"/v5/execution/list"}


def test_instruments(sim: Simulator, exchange: BybitExchange) -> None:
    sim.add_instrument(
        InstrumentSpec(
            symbol="OLDUSDT",
            tick="0.1",
            step="1",
            min_quantity="1",
            max_quantity="10",
            status="Closed",
        ),
        price="1",
    )
    rules = exchange.instrument(SYMBOL)

    assert isinstance(rules, Instrument)
    assert (rules.tick, rules.quantity_step) == (Decimal("0.0001"), Decimal("0.1"))
    assert exchange.instrument("OLDUSDT") is None
    assert exchange.instrument("NONEUSDT") is None
    sim.behaviour = Behaviour(unknown_instrument=UnknownInstrument.ERROR)
    assert exchange.instrument("NONEUSDT") is None


def test_a_clock_that_is_wrong(sim: Simulator, exchange: BybitExchange) -> None:
    sim.wall_skew_ms = 60_000

    reading = exchange.observe([SYMBOL])

    assert isinstance(reading, Unknown)
    assert reading.code == 10002


def test_a_secret_that_is_wrong(attach: Attach) -> None:
    reading = attach(secret="another").observe([SYMBOL])

    assert isinstance(reading, Unknown)
    assert reading.code == 10004
    assert KEY not in repr(reading)


def test_threads_may_share_an_account(sim: Simulator, exchange: BybitExchange) -> None:
    sim.open_position(UID, SYMBOL, "Buy", "100", "0.69")

    with ThreadPoolExecutor(8) as pool:
        placed = list(pool.map(lambda number: exchange.place([_tp(number, "10")]), range(10)))

    assert all(isinstance(outcome, Accepted) for (outcome,) in placed)
    assert len(_observed(exchange).orders) == 10
