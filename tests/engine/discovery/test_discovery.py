"""What discovery says of positions, their orders and their monitors."""

from decimal import Decimal

import pytest

from tests.engine.discovery.conftest import (
    IDS,
    MAIN,
    MIRROR,
    NATIVE_PROFIT,
    NATIVE_STOP,
    discovered,
    many_symbols,
    only,
    rest,
    rest_ladder,
)
from tests.stage import BAND_LADDER, Stage
from trueup import (
    Account,
    Adopt,
    ConfigurationError,
    Ladder,
    MonitorKey,
    PositionMode,
    Recognition,
    Reconciler,
    RunSettings,
    Side,
)
from trueup.simulator import Fault, FaultKind

KEY = MonitorKey("mirror", "BANDUSDT", Side.SELL)


def reopen(stage: Stage, *accounts: Account, rules: Recognition | None = None) -> Reconciler:
    """Opens the engine again, with other accounts or rules."""
    stage.reconciler.close()
    if rules is not None:
        stage.settings = RunSettings(recognition=rules)
    stage.reconciler = (
        Reconciler(
            stage.url, accounts=accounts, clock=stage.clock, randomness=stage.randomness, sinks=[]
        )
        if accounts
        else stage.open()
    )
    return stage.reconciler


def test_an_account_without_anything_is_true(stage: Stage) -> None:
    found = discovered(stage)
    assert (found.is_true, found.positions, found.absent, found.unread) == (True, (), (), "")


def test_a_watched_position_with_its_ladder_is_true(short: Stage) -> None:
    short.reconciler.reconcile(short.reconciler.watch("mirror", "BANDUSDT", "Sell", BAND_LADDER))
    found = discovered(short)
    position = only(found)
    assert found.is_true
    assert (position.watched, position.ladder, position.ladder_source) == (
        True,
        BAND_LADDER,
        "given",
    )
    assert position.orders is not None
    assert (len(position.orders.owned), position.orders.covered) == (4, Decimal("307.3"))


def test_an_unwatched_ladder_of_a_known_family_can_be_taken_over(short: Stage) -> None:
    rest_ladder(short)
    position = only(discovered(short))
    assert position.can_be_watched
    assert (position.ladder, position.ladder_source) == (BAND_LADDER, "live orders")
    assert position.orders is not None
    assert {o.order_link_id for o in position.orders.adoptable} == set(IDS)
    assert not discovered(short).is_true


def test_the_main_s_ladder_can_be_taken_over_where_nothing_is_live(short: Stage) -> None:
    short.reconciler.watch("main", "BANDUSDT", "Sell", BAND_LADDER)
    position = only(discovered(short))
    assert (position.can_be_watched, position.ladder_source) == (True, "main")


@pytest.mark.parametrize(
    ("watched", "ladder", "why"),
    [
        (None, None, "no live TP orders to take over, main does not watch BANDUSDT Sell"),
        ("Sell", None, "no live TP orders to take over, main has no ladder either"),
        (
            "Sell",
            Ladder.of(("0.6900", 50), ("0.6500", 50)),
            (
                "the ladder of main does not fit: TP1 at 0.69 is on the losing side of the entry "
                "0.68 of a Sell position"
            ),
        ),
    ],
)
def test_why_a_position_cannot_be_watched(
    short: Stage, watched: str | None, ladder: Ladder | None, why: str
) -> None:
    if watched:
        short.reconciler.watch("main", "BANDUSDT", watched, ladder)
    position = only(discovered(short))
    assert (position.can_be_watched, position.why_not) == (False, why)


def test_a_main_has_no_main(stage: Stage) -> None:
    stage.sim.open_position(MAIN, "BANDUSDT", "Buy", "10", "0.6900")
    assert only(discovered(stage, "main")).why_not == "no live TP orders to take over"


def test_the_exchange_s_own_tp_and_sl_are_shown_and_left_alone(short: Stage) -> None:
    rest(short, "", "307.3", **NATIVE_STOP)
    rest(short, "", "100", **NATIVE_PROFIT)
    position = only(discovered(short))
    assert position.orders is not None
    assert [order.order_link_id for order in position.orders.native] == ["", ""]
    assert position.orders.native_take_profit == 100
    assert position.orders.native_stop_loss == Decimal("307.3")
    assert position.orders.covered == 0
    assert position.orders.foreign == ()


def test_what_an_entry_brought_is_the_exchange_s_own_too(short: Stage) -> None:
    """Attached TP/SL have no link id of their own, but their entry's as parentOrderLinkId."""
    entry = short.sim.place_order(
        MIRROR,
        symbol="BANDUSDT",
        side="Sell",
        orderType="Limit",
        qty="100",
        price="0.7200",
        orderLinkId="BOT_CONS_0aeb9057_LIMIT2",
        takeProfit="0.6100",
        stopLoss="0.7500",
        tpslMode="Partial",
        tpOrderType="Limit",
        tpLimitPrice="0.6095",
    )
    short.sim.fill(MIRROR, entry)
    rest_ladder(short)
    position = only(discovered(short))
    assert position.orders is not None
    parents = [order.parent_link_id for order in position.orders.native]
    assert parents == ["BOT_CONS_0aeb9057_LIMIT2"] * 2
    assert position.orders.native_take_profit == position.orders.native_stop_loss == 100
    assert (len(position.orders.adoptable), position.orders.foreign) == (4, ())
    natives = {o.order_id: o for o in short.sim.orders(MIRROR) if o.parent_link_id}
    monitor = short.reconciler.watch("mirror", "BANDUSDT", "Sell")
    assert short.reconciler.reconcile(monitor).covered == Decimal("407.3")
    assert {o.order_id: o for o in short.sim.orders(MIRROR) if o.parent_link_id} == natives
    short.sim.set_price("BANDUSDT", "0.6097")
    resting = only(discovered(short)).orders
    assert resting is not None
    assert (len(resting.owned), resting.foreign) == (1, ())
    assert resting.native_take_profit == 100


def test_an_order_that_its_id_belies_is_told(short: Stage) -> None:
    short.reconciler.reconcile(short.reconciler.watch("mirror", "BANDUSDT", "Sell", BAND_LADDER))
    rest(short, "0.6100", "50", "MIR_SL_BANDUSDT_1737800000009")
    rest(short, "0.6150", "50", IDS[1], reduceOnly=False)
    position = only(discovered(short))
    assert position.orders is not None
    assert set(position.orders.conflicts) == {
        (
            "MIR_SL_BANDUSDT_1737800000009: the id says SL, but its fields say TP; "
            "trueup leaves the order alone"
        ),
        (
            f"{IDS[1]}: the id says TP, but the order is not reduce-only; "
            "trueup leaves the order alone"
        ),
    }
    assert position.is_true


def test_foreign_orders_are_counted_apart(short: Stage) -> None:
    foreign = {
        rest(short, "0.6100", "50", "my-own-exit"),
        rest(short, "0.6200", "5"),
        rest(short, "0.6300", "7", "MIR_SL_BANDUSDT_1737800000009"),
        rest(short, "0.7500", "20", "0aeb9057_LIMIT2", side="Sell", reduceOnly=False),
    }
    position = only(discovered(short))
    assert position.orders is not None
    assert {order.order_id for order in position.orders.foreign} == foreign
    assert position.orders.foreign_covered == 62
    assert position.orders.adoptable == ()


def test_what_the_rules_forbid_is_foreign(short: Stage) -> None:
    rest_ladder(short)
    reopen(short, rules=Recognition(adopt=Adopt.NEVER))
    position = only(discovered(short))
    assert position.orders is not None
    assert (len(position.orders.foreign), position.can_be_watched) == (4, False)


def test_known_orders_beside_owned_ones_are_foreign_as_to_a_run(short: Stage) -> None:
    monitor = short.reconciler.watch("mirror", "BANDUSDT", "Sell", BAND_LADDER)
    short.reconciler.reconcile(monitor)
    rest(short, "0.6300", "7", IDS[0])
    position = only(discovered(short))
    assert position.orders is not None
    assert (len(position.orders.owned), len(position.orders.foreign)) == (4, 1)
    assert position.orders.missed == position.orders.foreign
    assert short.reconciler.reconcile(monitor).writes == 0


def test_a_position_that_grew_is_not_covered(short: Stage) -> None:
    short.reconciler.reconcile(short.reconciler.watch("mirror", "BANDUSDT", "Sell", BAND_LADDER))
    short.sim.open_position(MIRROR, "BANDUSDT", "Sell", "100", "0.6800")
    assert not only(discovered(short)).is_true


def test_orders_at_no_position_are_elsewhere(stage: Stage) -> None:
    rest(stage, "0.6500", "20", "0aeb9057_LIMIT2", reduceOnly=False)
    found = discovered(stage)
    assert [order.order_link_id for order in found.elsewhere] == ["0aeb9057_LIMIT2"]
    assert found.is_true


def test_both_sides_of_a_symbol_in_hedge_mode(stage: Stage) -> None:
    stage.sim.add_account(uid="303", api_key="hedge-key", api_secret="hedge-secret", hedge=True)
    stage.sim.open_position("303", "BANDUSDT", "Buy", "200", "0.6800")
    stage.sim.open_position("303", "BANDUSDT", "Sell", "300", "0.7000")
    url = stage.server.url
    hedge = Account(
        "hedge", "hedge-key", "hedge-secret", environment=url, position_mode=PositionMode.HEDGE
    )
    reconciler = reopen(stage, hedge)
    monitor = reconciler.watch("hedge", "BANDUSDT", "Sell", BAND_LADDER)
    assert reconciler.reconcile(monitor).is_true
    (found,) = reconciler.discover()
    long, short = found.positions
    assert (long.key.side, long.watched, short.key.side, short.watched) == (
        Side.BUY,
        False,
        Side.SELL,
        True,
    )
    assert long.orders is not None
    assert short.orders is not None
    assert (long.orders.foreign, len(short.orders.owned)) == ((), 4)
    assert short.is_true


def test_an_account_in_another_mode_than_configured(stage: Stage) -> None:
    stage.sim.add_account(uid="303", api_key="hedge-key", api_secret="hedge-secret", hedge=True)
    stage.sim.open_position("303", "BANDUSDT", "Sell", "300", "0.7000")
    account = Account("hedge", "hedge-key", "hedge-secret", environment=stage.server.url)
    (found,) = reopen(stage, account).discover()
    assert only(found).why_not == "position index 2: the account is not in mode one_way"


def test_an_account_that_cannot_be_read_is_not_empty_and_harms_no_other(short: Stage) -> None:
    short.reconciler.watch("mirror", "BANDUSDT", "Sell", BAND_LADDER)
    short.sim.open_position(MAIN, "BANDUSDT", "Buy", "10", "0.6900")
    fault = Fault(kind=FaultKind.SERVER_ERROR, path="position/list", uid=MIRROR, times=None)
    short.sim.inject(fault)
    main, mirror = short.reconciler.discover()
    assert (len(main.positions), main.unread) == (1, "")
    assert "502" in mirror.unread
    assert (mirror.is_true, mirror.positions, mirror.absent) == (False, (), ())
    assert mirror.unconfirmed == (KEY,)


def test_positions_are_shown_without_cover_where_orders_are_unread(short: Stage) -> None:
    short.sim.inject(Fault(kind=FaultKind.SERVER_ERROR, path="order/realtime", times=None))
    found = discovered(short)
    assert found.unread.startswith("orders: ")
    position = only(found)
    assert (position.position.size, position.orders) == (Decimal("307.3"), None)
    assert (position.can_be_watched, position.why_not) == (False, "its orders could not be read")


def test_a_row_that_nobody_understands_hides_its_symbol_alone(short: Stage) -> None:
    many_symbols(short.sim, 2)
    for symbol in ("COIN000USDT", "COIN001USDT"):
        short.reconciler.watch("mirror", symbol, "Buy")
    order_id = short.sim.place_entry(MIRROR, "COIN000USDT", "Buy", "10", "0.5", "hand")
    short.sim.show_order_as(MIRROR, order_id, orderType="LimitMaker")
    found = discovered(short)
    assert only(found).orders is not None
    assert [key.symbol for key in found.unconfirmed] == ["COIN000USDT"]
    assert [gone.key.symbol for gone in found.absent] == ["COIN001USDT"]
    assert found.unread.startswith("COIN000USDT: unexpected answer: orderType")
    assert not found.is_true
    short.sim.open_position(MIRROR, "COIN000USDT", "Buy", "10", "0.6900")
    shown = {each.key.symbol: each.orders for each in discovered(short).positions}
    assert shown["COIN000USDT"] is None
    assert shown["BANDUSDT"] is not None


def test_a_read_that_fails_once_is_tried_again(short: Stage) -> None:
    short.sim.inject(Fault(kind=FaultKind.SERVER_ERROR, path="position/list", times=1))
    assert len(discovered(short).positions) == 1


def test_an_absent_position_is_read_twice(stage: Stage) -> None:
    stage.reconciler.watch("mirror", "BANDUSDT", "Sell", BAND_LADDER)
    before = len(stage.sim.requests)
    found = discovered(stage)
    assert [gone.key for gone in found.absent] == [KEY]
    reads = [r for r in stage.sim.requests[before:] if "position/list" in r.path]
    by_name = [r for r in reads if r.params.get("symbol") == "BANDUSDT"]
    assert len(reads) > len(by_name) == 1


def test_a_position_that_one_read_missed_is_found_by_the_other(short: Stage) -> None:
    short.reconciler.watch("mirror", "BANDUSDT", "Sell", BAND_LADDER)
    short.sim.set_position(MIRROR, "BANDUSDT", "Sell", "0")
    short.before(
        "observe",
        lambda: short.sim.open_position(MIRROR, "BANDUSDT", "Sell", "307.3", "0.6800"),
    )
    found = discovered(short)
    assert (only(found).watched, found.absent) == (True, ())


def test_absence_is_not_believed_where_the_second_read_fails(stage: Stage) -> None:
    stage.reconciler.watch("mirror", "BANDUSDT", "Sell", BAND_LADDER)
    fault = Fault(kind=FaultKind.SERVER_ERROR, path="position/list", symbol="BANDUSDT", times=None)
    stage.sim.inject(fault)
    found = discovered(stage)
    assert (found.absent, found.unconfirmed) == ((), (KEY,))
    assert found.unread.startswith("positions without a row were not read again")
    assert not found.is_true


@pytest.mark.parametrize("is_lasting", [False, True])
def test_positions_that_two_lists_do_not_show_are_not_absent(
    stage: Stage, *, is_lasting: bool
) -> None:
    for symbol in many_symbols(stage.sim, 4):
        stage.sim.open_position(MIRROR, symbol, "Sell", "100", "0.7")
        stage.reconciler.watch("mirror", symbol, "Sell", BAND_LADDER)
    times = None if is_lasting else 2
    path = "position/list"
    stage.sim.inject(Fault(kind=FaultKind.ROWS_LEFT_OUT, path=path, uid=MIRROR, times=times))
    found = discovered(stage)
    assert found.absent == ()
    assert len(found.unconfirmed) == 4 * is_lasting
    assert len(found.positions) == 4 * (not is_lasting)


def test_owned_orders_that_outlive_their_position_are_left_over(short: Stage) -> None:
    short.reconciler.reconcile(short.reconciler.watch("mirror", "BANDUSDT", "Sell", BAND_LADDER))
    stale = [order.order_id for order in short.sim.orders(MIRROR)]
    short.sim.inject(Fault(kind=FaultKind.STALE_READ, path="order/realtime", times=None))
    short.sim.set_position(MIRROR, "BANDUSDT", "Sell", "0")
    found = discovered(short)
    (gone,) = found.absent
    assert sorted(order.order_id for order in gone.leftovers) == sorted(stale)
    assert not found.is_true
    assert found.elsewhere == ()


def test_nothing_is_written_and_nothing_is_stored(short: Stage) -> None:
    rest_ladder(short)
    short.reconciler.discover()
    assert short.writes() == []
    assert short.reconciler.monitors() == ()


def test_watched_as_discovered_it_runs_true(short: Stage) -> None:
    rest_ladder(short)
    key = only(discovered(short)).key
    short.reconciler.watch(key.account, key.symbol, key.side)
    (report,) = short.reconciler.reconcile_all()
    assert (report.is_true, report.writes) == (True, 0)
    assert discovered(short).is_true


def test_an_unknown_account_is_a_mistake(stage: Stage) -> None:
    with pytest.raises(ConfigurationError, match="unknown account; configured are main, mirror"):
        stage.reconciler.discover(["mirrr"])
