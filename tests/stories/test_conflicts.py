"""What ids say, what is on record and what the exchange shows are not of one mind."""

from decimal import Decimal
from typing import Any

from tests.stage import BAND_LADDER, UIDS, Stage
from tests.stories.conftest import MIRROR, Compare
from trueup import Adopt, Contradiction, MonitorRecord, Recognition, RunOutcome, RunSettings

QUANTITIES = ("261.2", "15.4", "15.4", "15.3")
PRICES = tuple(str(level.price) for level in BAND_LADDER.levels)
OTHER_PRICES = ("0.6500", "0.6400", "0.6100", "0.5900")


def rest(stage: Stage, quantity: str, price: str, link_id: str, **more: Any) -> str:  # noqa: ANN401 - any field
    """Puts a buy order that closes the mirror's short on the book, unless more says otherwise."""
    fields: dict[str, Any] = {
        "symbol": "BANDUSDT",
        "side": "Buy",
        "orderType": "Limit",
        "qty": quantity,
        "price": price,
        "reduceOnly": True,
        "orderLinkId": link_id,
    }
    return stage.sim.place_order(MIRROR, **fields | more)


def rest_ladder(stage: Stage, *names: str, prices: tuple[str, ...] = PRICES) -> None:
    """Lets a ladder of 85/5/5/5 rest under these ids, nearest first."""
    for quantity, price, name in zip(QUANTITIES, prices, names, strict=True):
        rest(stage, quantity, price, name)


def own_ids(*levels: int, prefix: str = "MIR") -> list[str]:
    """Ids of the rebalancer's form that name these levels."""
    return [f"{prefix}_TP{n}_BANDUSDT_173780000000{i}_1111" for i, n in enumerate(levels)]


def unladdered(stage: Stage) -> MonitorRecord:
    """The mirror's short, watched without a ladder."""
    stage.sim.open_position(MIRROR, "BANDUSDT", "Sell", "307.3", "0.6800")
    return stage.reconciler.watch("mirror", "BANDUSDT", "Sell")


def rule(stage: Stage, rules: Recognition) -> None:
    """Opens the engine again, with these rules."""
    stage.settings = RunSettings(recognition=rules)
    stage.reconciler.close()
    stage.reconciler = stage.open()


def test_ids_that_name_other_levels_than_their_prices(stage: Stage, compare: Compare) -> None:
    monitor = unladdered(stage)
    rest_ladder(stage, *own_ids(4, 3, 2, 1))
    report = stage.reconciler.reconcile(monitor)
    assert (report.outcome, report.writes) == (RunOutcome.SUCCESS, 0)
    assert [(o.level, str(o.quantity)) for o in report.record.orders] == list(
        enumerate(QUANTITIES, 1)
    )
    compare()


def test_one_id_that_names_another_level(stage: Stage, compare: Compare) -> None:
    monitor = unladdered(stage)
    rest_ladder(stage, *own_ids(4, 2, 3), "MIR_TP4_BANDUSDT_1737800000009")
    assert stage.reconciler.reconcile(monitor).writes == 0
    compare()


def test_ids_that_hint_the_other_account(stage: Stage, compare: Compare) -> None:
    monitor = unladdered(stage)
    rest_ladder(stage, *own_ids(1, 2, 3, 4, prefix="BOT"))
    assert stage.reconciler.reconcile(monitor).outcome is RunOutcome.SUCCESS
    compare()


def test_orders_named_sl_and_entry_with_the_fields_of_a_tp(stage: Stage, compare: Compare) -> None:
    monitor = unladdered(stage)
    rest_ladder(stage, *own_ids(1, 2, 3, 4))
    strange = {
        rest(stage, "20", "0.6450", "MIR_SL_BANDUSDT_1737800000009"),
        rest(stage, "10", "0.6350", "0aeb9057_LIMIT2_MIRROR_418170"),
    }
    before = [order for order in stage.sim.orders(MIRROR) if order.order_id in strange]
    report = stage.reconciler.reconcile(monitor)
    assert (report.outcome, report.writes) == (RunOutcome.SUCCESS, 0)
    assert {owned.order_id for owned in report.record.orders}.isdisjoint(strange)
    after = [order for order in stage.sim.orders(MIRROR) if order.order_id in strange]
    assert before == after
    compare()


def test_the_only_order_is_named_sl_and_makes_no_ladder(stage: Stage, compare: Compare) -> None:
    monitor = unladdered(stage)
    rest(stage, "307.3", "0.6450", "MIR_SL_BANDUSDT_1737800000009")
    assert stage.reconciler.reconcile(monitor).outcome is RunOutcome.SKIPPED
    assert stage.writes() == []
    compare()


def test_an_order_named_tp_that_is_conditional(stage: Stage, compare: Compare) -> None:
    monitor = unladdered(stage)
    name, *others = own_ids(1, 2, 3, 4)
    for quantity, price, other in zip(QUANTITIES[1:], PRICES[1:], others, strict=True):
        rest(stage, quantity, price, other)
    stop = {"orderType": "Market", "triggerPrice": "0.7200", "triggerDirection": 1}
    kept = rest(stage, "261.2", "", name, **stop)
    report = stage.reconciler.reconcile(monitor)
    assert report.outcome is RunOutcome.SUCCESS
    assert kept in {order.order_id for order in stage.sim.orders(MIRROR)}
    compare()


def test_live_prices_contradict_the_record_and_the_record_wins(
    stage: Stage, mirror: MonitorRecord, compare: Compare
) -> None:
    rest_ladder(stage, *own_ids(1, 2, 3, 4), prices=OTHER_PRICES)
    report = stage.reconciler.reconcile(mirror)
    assert (report.outcome, report.record.ladder) == (RunOutcome.SUCCESS, BAND_LADDER)
    prices = {str(order.price) for order in stage.sim.orders(UIDS["mirror"])}
    assert {Decimal(price) for price in prices} == {Decimal(price) for price in PRICES}
    compare()


def test_live_prices_contradict_the_record_and_the_live_ones_win(
    stage: Stage, mirror: MonitorRecord, compare: Compare
) -> None:
    rest_ladder(stage, *own_ids(1, 2, 3, 4), prices=OTHER_PRICES)
    rule(stage, Recognition(contradiction=Contradiction.LIVE))
    report = stage.reconciler.reconcile(mirror.key)
    assert (report.outcome, report.writes) == (RunOutcome.SUCCESS, 0)
    assert report.record.ladder is not None
    assert [level.price for level in report.record.ladder.levels] == list(
        map(Decimal, OTHER_PRICES)
    )
    compare()


def test_live_prices_win_and_a_finished_level_stays_finished(
    stage: Stage, laddered: MonitorRecord, compare: Compare
) -> None:
    stage.sim.fill(MIRROR, stage.order("mirror", 1).order_id)
    for level in (2, 3, 4):
        stage.sim.cancel_by_hand(MIRROR, stage.order("mirror", level).order_id)
    for price, name in zip(("0.6400", "0.6300"), own_ids(2, 3), strict=True):
        rest(stage, "20", price, name)
    rule(stage, Recognition(contradiction=Contradiction.LIVE))
    report = stage.reconciler.reconcile(laddered.key)
    assert report.outcome is RunOutcome.SUCCESS
    assert [result.level for result in report.results] == [2, 3]
    compare()


def test_more_live_orders_than_levels(
    stage: Stage, mirror: MonitorRecord, compare: Compare
) -> None:
    rest_ladder(stage, *own_ids(1, 2, 3, 4))
    rest(stage, "15.4", PRICES[1], "BOT_MIRROR_BANDUSDT_TP2_FIXED")
    report = stage.reconciler.reconcile(mirror)
    assert report.outcome is RunOutcome.SUCCESS
    assert len(stage.sim.orders(MIRROR)) == 4
    compare()


def test_nothing_is_taken_over_where_the_rules_forbid_it(
    stage: Stage, mirror: MonitorRecord, compare: Compare
) -> None:
    rest(stage, "50", PRICES[0], own_ids(1)[0])
    rule(stage, Recognition(adopt=Adopt.NEVER))
    report = stage.reconciler.reconcile(mirror.key)
    assert report.outcome is RunOutcome.SUCCESS
    assert {order.order_link_id for order in report.record.orders}.isdisjoint(own_ids(1))
    compare()
