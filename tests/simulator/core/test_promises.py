"""Whatever happens: books balance, reduce-only orders only reduce, and runs repeat."""

import json
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from trueup.simulator import Behaviour, ReduceOnlySum, Side, Simulator

from ..caller import SYMBOL, Caller
from ..conftest import build

QUANTITIES = st.integers(1, 3000).map(lambda tenths: str(Decimal(tenths) / 10 + 20))
PRICES = st.integers(5000, 9000).map(lambda ticks: str(Decimal(ticks) / 10000))
STEPS = st.one_of(
    st.tuples(
        st.just("limit"), QUANTITIES, PRICES, st.sampled_from(["Buy", "Sell"]), st.booleans()
    ),
    st.tuples(st.just("price"), PRICES),
    st.tuples(st.just("cancel"), st.integers(0, 5)),
    st.tuples(st.just("amend"), st.integers(0, 5), QUANTITIES),
    st.tuples(st.just("fill"), st.integers(0, 5), QUANTITIES),
    st.tuples(st.just("advance"), st.integers(0, 300)),
)


def run(steps: list[tuple[object, ...]], behaviour: Behaviour) -> Simulator:
    sim = build()
    sim.behaviour = behaviour
    play(sim, steps)
    return sim


def play(sim: Simulator, steps: list[tuple[object, ...]]) -> None:
    caller = Caller(sim)
    for name, *rest in steps:
        orders = [order for order in sim.orders("101") if order.is_active]
        if name == "limit":
            quantity, price, side, closing = map(str, rest)
            caller.limit(quantity, price, side=side, reduceOnly=closing == "True")
        elif name == "price":
            sim.set_price(SYMBOL, str(rest[0]))
        elif name == "advance":
            sim.clock.advance(int(str(rest[0])))
        elif name == "decree":
            sim.set_position("101", SYMBOL, str(rest[1]), str(rest[0]), "0.7")
        elif orders:
            chosen = orders[int(str(rest[0])) % len(orders)].order_id
            if name == "cancel":
                caller.post("order/cancel", symbol=SYMBOL, orderId=chosen)
            elif name == "amend":
                caller.post("order/amend", symbol=SYMBOL, orderId=chosen, qty=rest[1])
            else:
                sim.fill("101", chosen, str(rest[1]))


def signed(sim: Simulator) -> Decimal:
    return sim.position("101", SYMBOL, "Buy").size - sim.position("101", SYMBOL, "Sell").size


@settings(max_examples=60, deadline=None)
@given(
    steps=st.lists(STEPS, max_size=25),
    policy=st.sampled_from(ReduceOnlySum),
    delay=st.sampled_from([0, 100]),
)
def test_books_balance_and_reduce_only_only_reduces(
    steps: list[tuple[object, ...]], policy: ReduceOnlySum, delay: int
) -> None:
    behaviour = Behaviour(
        rate_limits=False, ip_limit=False, reduce_only_sum=policy, effect_delay_ms=delay
    )
    sim = run(steps, behaviour)
    closing = {o.order_id for o in [*sim.orders("101"), *sim.closed_orders("101")] if o.reduce_only}
    held, filled = Decimal(0), dict[str, Decimal]()
    for fill in sim.executions("101"):
        change = fill.quantity if fill.side is Side.BUY else -fill.quantity
        if fill.order_id in closing:
            assert held * change < 0
            assert abs(change) <= abs(held)
        held += change
        filled[fill.order_id] = filled.get(fill.order_id, Decimal(0)) + fill.quantity
    assert held == signed(sim)
    for order in [*sim.orders("101"), *sim.closed_orders("101")]:
        assert order.filled == filled.get(order.order_id, Decimal(0)) <= order.quantity


@settings(max_examples=30, deadline=None)
@given(steps=st.lists(STEPS, max_size=25))
def test_the_same_steps_give_the_same_bytes(steps: list[tuple[object, ...]]) -> None:
    behaviour = Behaviour(rate_limits=False, ip_limit=False)
    first, second = run(steps, behaviour), run(steps, behaviour)
    for path in ("order/realtime", "order/history", "execution/list", "position/list"):
        one, two = (Caller(sim).get(path, symbol=SYMBOL, limit=50) for sim in (first, second))
        assert json.dumps(one) == json.dumps(two)


@settings(max_examples=30, deadline=None)
@given(steps=st.lists(STEPS, max_size=15))
def test_numbers_are_plain_text(steps: list[tuple[object, ...]]) -> None:
    caller = Caller(run(steps, Behaviour(rate_limits=False, ip_limit=False)))
    for path in ("order/realtime", "order/history", "execution/list", "position/list"):
        for row in caller.get(path, symbol=SYMBOL, limit=50)["result"]["list"]:
            for name in ("qty", "price", "leavesQty", "cumExecQty", "size", "avgPrice", "execQty"):
                if row.get(name):
                    assert "E" not in row[name]
                    Decimal(row[name])
