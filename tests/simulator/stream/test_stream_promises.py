"""Whatever happens to an account, a client that follows its stream knows its books."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from trueup.simulator import Behaviour, Json, ReduceOnlySum, Simulator, StreamFault, StreamFaultKind

from ..caller import SYMBOL, Caller
from ..conftest import build
from ..core.test_promises import QUANTITIES, STEPS, play
from ..watcher import View, Watcher

HISTORIES = st.lists(
    st.one_of(
        STEPS,
        st.tuples(
            st.just("decree"),
            st.one_of(st.just("0"), QUANTITIES),
            st.sampled_from(["Buy", "Sell"]),
        ),
    ),
    max_size=25,
)
SWITCHES = st.builds(
    Behaviour,
    rate_limits=st.just(value=False),
    ip_limit=st.just(value=False),
    reduce_only_sum=st.sampled_from(ReduceOnlySum),
    effect_delay_ms=st.sampled_from([0, 100]),
    second_filled=st.booleans(),
    stream_bundles=st.booleans(),
)
SETTLED = ("qty", "price", "leavesQty", "cumExecQty", "orderStatus", "reduceOnly", "updatedTime")
UNORDERED = ("cumExecQty",)


def watch(steps: list[tuple[object, ...]], switches: Behaviour, *faults: StreamFault) -> Watcher:
    sim = build()
    sim.behaviour = switches
    watcher = Watcher(sim)
    sim.inject(*faults)
    play(sim, steps)
    sim.clock.advance(1_000)
    return watcher


def believed(received: list[Json]) -> View:
    view = View()
    for message in received:
        view.apply(message)
    return view


def check(sim: Simulator, view: View, fields: tuple[str, ...]) -> None:
    """Compare a view with what the reads show."""
    caller = Caller(sim)

    def listed(path: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = caller.get(path, symbol=SYMBOL, limit=50)["result"]["list"]
        return rows

    rows = listed("order/realtime")
    open_orders = {row["orderId"]: [row[name] for name in fields] for row in rows}
    assert {
        identity: [item[name] for name in fields] for identity, item in view.orders.items()
    } == open_orders
    (held,) = listed("position/list")
    position = view.positions.get((SYMBOL, 0), {"side": "", "size": "0", "seq": -1})
    assert [position[name] for name in ("side", "size", "seq")] == [
        held[name] for name in ("side", "size", "seq")
    ]
    assert position.get("entryPrice", "0") == held["avgPrice"]
    assert {fill.execution_id for fill in sim.executions("101")} == set(view.executions)


@settings(max_examples=60, deadline=None)
@given(steps=HISTORIES, switches=SWITCHES)
def test_the_messages_are_the_books(steps: list[tuple[object, ...]], switches: Behaviour) -> None:
    watcher = watch(steps, switches)
    check(watcher.sim, believed(watcher.received), SETTLED)


@settings(max_examples=40, deadline=None)
@given(steps=HISTORIES, switches=SWITCHES)
def test_duplicates_change_nothing(steps: list[tuple[object, ...]], switches: Behaviour) -> None:
    twice = StreamFault(kind=StreamFaultKind.DUPLICATE, times=None)
    watcher = watch(steps, switches, twice)
    assert watcher.received[::2] == watcher.received[1::2]
    check(watcher.sim, believed(watcher.received), SETTLED)


@settings(max_examples=40, deadline=None)
@given(steps=HISTORIES, switches=SWITCHES, window=st.sampled_from([0, 4]))
def test_any_order_of_messages_leads_to_the_same_fills_and_positions(
    steps: list[tuple[object, ...]], switches: Behaviour, window: int
) -> None:
    shuffled = StreamFault(
        kind=StreamFaultKind.REORDER, times=None, window=window, delay_ms=50 if window else 0
    )
    watcher = watch(steps, switches, shuffled)
    check(watcher.sim, believed(watcher.received), UNORDERED)


@settings(max_examples=30, deadline=None)
@given(steps=HISTORIES, switches=SWITCHES)
def test_fills_and_positions_share_their_seq(
    steps: list[tuple[object, ...]], switches: Behaviour
) -> None:
    watcher = watch(steps, switches)
    fills = watcher.items("execution")
    assert {fill["seq"] for fill in fills} <= {item["seq"] for item in watcher.items("position")}
    assert len({fill["seq"] for fill in fills}) == len(fills)
