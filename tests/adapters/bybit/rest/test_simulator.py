"""The adapter with the real pybit against the simulator."""

from decimal import Decimal

from trueup.adapters.bybit import BybitExchange, BybitSettings
from trueup.domain.model.commands import AmendOrder, CancelOrder, PlaceOrder
from trueup.domain.model.identity import PositionMode, Side
from trueup.domain.model.instrument import Instrument
from trueup.domain.model.order import OrderKind, OrderStatus
from trueup.domain.model.outcomes import Accepted, Found, OutcomeClass, Refused
from trueup.domain.ports import Exchange
from trueup.simulator import Behaviour, InstrumentSpec, ReduceOnlySum, Simulator, UnknownInstrument

from ..conftest import SYMBOL, UID, Connect
from ..ladder import observed, take_profit


def _writes(sim: Simulator) -> list[str]:
    return [record.path for record in sim.requests if record.is_write]


def test_it_is_an_exchange(simulated: BybitExchange) -> None:
    port: Exchange = simulated

    assert (port.account, port.position_mode) == ("main", PositionMode.ONE_WAY)


def test_the_life_of_a_ladder(sim: Simulator, simulated: BybitExchange) -> None:
    sim.open_position(UID, SYMBOL, "Buy", "100", "0.69")
    sim.clock.advance(10)

    placed = simulated.place([take_profit(1, "85", "0.75"), take_profit(2, "15", "0.8")])
    first, second = placed
    assert isinstance(first, Accepted)
    assert isinstance(second, Accepted)
    seen = observed(simulated)
    assert seen.position(SYMBOL, Side.BUY).size == Decimal(100)
    assert {order.order_link_id: order.remaining for order in seen.orders} == {
        "TP1": Decimal(85),
        "TP2": Decimal(15),
    }
    assert all(order.is_take_profit for order in seen.orders)

    amended = simulated.amend([AmendOrder(SYMBOL, first.order_id, "TP1", None, Decimal(80))])
    assert amended == (Accepted(first.order_id, "TP1"),)
    sim.set_price(SYMBOL, "0.76")
    seen = observed(simulated)
    assert seen.position(SYMBOL, Side.BUY).size == Decimal(20)
    assert [order.order_link_id for order in seen.orders] == ["TP2"]

    cancelled = simulated.cancel([CancelOrder(SYMBOL, second.order_id, "TP2")])
    assert cancelled == (Accepted(second.order_id, "TP2"),)
    assert observed(simulated).orders == ()
    assert _writes(sim) == [
        "/v5/order/create-batch",
        "/v5/order/amend-batch",
        "/v5/order/cancel-batch",
    ]


def test_a_hedged_account_has_two_sides(sim: Simulator, attach: Connect) -> None:
    sim.switch_mode(UID, SYMBOL, hedge=True)
    sim.open_position(UID, SYMBOL, "Sell", "30", "0.71")
    exchange = attach(mode=PositionMode.HEDGE)
    cover = PlaceOrder(SYMBOL, Side.BUY, Decimal("0.6"), Decimal(30), "TP1", 2)

    (outcome,) = exchange.place([cover])
    seen = observed(exchange)

    assert isinstance(outcome, Accepted)
    assert seen.position(SYMBOL, Side.SELL).size == Decimal(30)
    assert seen.position(SYMBOL, Side.BUY).size == 0
    assert seen.orders[0].position_index == 2


def test_the_wrong_position_mode(sim: Simulator, simulated: BybitExchange) -> None:
    sim.switch_mode(UID, SYMBOL, hedge=True)
    sim.open_position(UID, SYMBOL, "Buy", "100", "0.69")

    (outcome,) = simulated.place([take_profit()])

    assert isinstance(outcome, Refused)
    assert outcome.kind is OutcomeClass.POSITION_MODE


def test_many_pages_of_many_symbols(sim: Simulator, attach: Connect) -> None:
    symbols = (SYMBOL, "AUSDT", "CUSDT")
    for symbol in (*symbols, "DUSDT"):
        sim.open_position(UID, symbol, "Buy", "100", "0.69")
        for number in range(7):
            sim.place_entry(UID, symbol, "Buy", "10", f"0.6{number}")
    sim.clock.advance(10)
    exchange = attach(BybitSettings(order_page=4, position_page=3, walk_from=3))

    together = observed(exchange, *symbols)
    rules, *walked = [record.params for record in sim.requests]
    single = observed(exchange, SYMBOL)

    assert len(together.orders) == 21
    assert len(together.positions) == 3
    assert "settleCoin" not in rules
    assert all(params["settleCoin"] == "USDT" for params in walked)
    assert together.orders_of(SYMBOL) == single.orders


def test_conditional_orders_are_seen_even_where_bulk_reads_miss_them(
    sim: Simulator, simulated: BybitExchange
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

    (stop,) = observed(simulated).orders

    assert stop.trigger_price == Decimal("0.6")
    assert (stop.kind, stop.kind_text) == (OrderKind.STOP_LOSS, "StopLoss")
    assert not stop.is_take_profit


def test_a_moving_position_is_read_twice(sim: Simulator, simulated: BybitExchange) -> None:
    sim.open_position(UID, SYMBOL, "Buy", "100", "0.69")
    observed(simulated)
    fresh = len(sim.requests)
    sim.clock.advance(1)
    observed(simulated)

    assert (fresh, len(sim.requests) - fresh) == (6, 3)


def test_items_fail_by_themselves(sim: Simulator, simulated: BybitExchange) -> None:
    sim.behaviour = Behaviour(rate_limits=False, reduce_only_sum=ReduceOnlySum.REJECT)
    sim.open_position(UID, SYMBOL, "Buy", "100", "0.69")

    outcomes = simulated.place(
        [take_profit(1, "90"), take_profit(2, "90"), take_profit(1, "10"), take_profit(3, "10")]
    )

    kinds = [outcome.kind if isinstance(outcome, Refused) else None for outcome in outcomes]
    assert kinds == [None, OutcomeClass.REDUCE_ONLY, OutcomeClass.DUPLICATE_LINK_ID, None]


def test_writes_about_orders_that_are_gone(sim: Simulator, simulated: BybitExchange) -> None:
    (amended,) = simulated.amend([AmendOrder(SYMBOL, "", "TP9", Decimal("0.9"), None)])
    (cancelled,) = simulated.cancel([CancelOrder(SYMBOL, "no-such-id", "TP9")])

    for outcome in (amended, cancelled):
        assert isinstance(outcome, Refused)
        assert (outcome.kind, outcome.code) == (OutcomeClass.ALREADY_GONE, 110001)
    assert sim.orders(UID) == ()


def test_an_amend_that_changes_nothing(sim: Simulator, simulated: BybitExchange) -> None:
    sim.open_position(UID, SYMBOL, "Buy", "100", "0.69")
    simulated.place([take_profit(1, "10", "0.8")])

    (outcome,) = simulated.amend([AmendOrder(SYMBOL, "", "TP1", Decimal("0.8"), Decimal(10))])

    assert isinstance(outcome, Refused)
    assert outcome.kind is OutcomeClass.NOTHING_CHANGED


def test_a_closed_order_is_found_after_a_restart_in_history_or_by_its_fills(
    sim: Simulator, simulated: BybitExchange
) -> None:
    sim.open_position(UID, SYMBOL, "Buy", "100", "0.69")
    (placed,) = simulated.place([take_profit(1, "100")])
    assert isinstance(placed, Accepted)
    sim.fill(UID, placed.order_id)

    before = simulated.look_up(SYMBOL, order_link_id="TP1")
    sim.restart()
    in_history = simulated.look_up(SYMBOL, order_link_id="TP1")
    sim.behaviour = Behaviour(rate_limits=False, history_delay_ms=60_000)
    by_fills = simulated.look_up(SYMBOL, order_id=placed.order_id)

    for looked in (before, in_history, by_fills):
        assert isinstance(looked, Found)
        assert looked.order.status is OrderStatus.FILLED
        assert looked.order.filled == Decimal(100)
    assert {record.path for record in sim.requests[-3:]} >= {"/v5/execution/list"}


def test_instruments(sim: Simulator, simulated: BybitExchange) -> None:
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
    rules = simulated.instrument(SYMBOL)

    assert isinstance(rules, Instrument)
    assert (rules.tick, rules.quantity_step) == (Decimal("0.0001"), Decimal("0.1"))
    closed = simulated.instrument("OLDUSDT")
    assert isinstance(closed, Instrument)
    assert closed.halted == "Closed"
    assert simulated.instrument("NONEUSDT") is None
    sim.behaviour = Behaviour(unknown_instrument=UnknownInstrument.ERROR)
    assert simulated.instrument("NONEUSDT") is None
