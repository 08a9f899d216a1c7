"""After the import the engine runs on what was imported, against the exchange as it really is."""

import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.adapters.legacy.old_house import Entry, ladder, monitor, persisted, take_profit
from tests.cli.desk import Desk
from tests.stage import UIDS, Stage, band_simulator
from trueup import MonitorKey, RunOutcome, Side
from trueup.simulator import Simulator

Monitors = dict[Any, Entry]


def rest(sim: Simulator, account: str, orders: list[Entry]) -> None:
    """Puts stored take-profits on the book as what they really are."""
    for order in orders:
        sim.place_order(
            UIDS[account],
            order_id=order["order_id"],
            symbol="BANDUSDT",
            side="Buy",
            orderType="Limit",
            price=order["price"],
            qty=order["quantity"],
            orderLinkId=order["order_link_id"],
            reduceOnly=True,
        )


def guard(sim: Simulator, account: str) -> None:
    """An entry and a stop-loss, which nobody may touch."""
    sim.place_order(
        UIDS[account],
        symbol="BANDUSDT",
        side="Sell",
        orderType="Limit",
        price="0.7200",
        qty="100",
        orderLinkId="BOT_CONS_0aeb9057_LIMIT2",
    )
    sim.place_order(
        UIDS[account],
        symbol="BANDUSDT",
        side="Buy",
        orderType="Market",
        triggerPrice="0.7300",
        triggerDirection=1,
        qty="400",
        orderLinkId="BOT_CONS_BANDUSDT_SL_164230",
        reduceOnly=True,
        stopOrderType="Stop",
    )


@pytest.fixture
def sim() -> Simulator:
    """Shorts of 400 on both accounts, guarded."""
    made = band_simulator()
    for account in ("main", "mirror"):
        made.set_position(UIDS[account], "BANDUSDT", "Sell", Decimal(400), Decimal("0.6927"))
        guard(made, account)
    return made


@contextmanager
def moved_in(path: Path, sim: Simulator, monitors: Monitors, *options: str) -> Iterator[Stage]:
    """The stage on a database into which the monitors were imported."""
    file = path / "bot.pkl"
    file.write_bytes(pickle.dumps(persisted(monitors)))
    home = path / "home"
    home.mkdir()
    database = f"sqlite:///{path / 'trueup.db'}"
    result = Desk(home).bare("import-legacy", str(file), "--apply", "--db", database, *options)
    assert result.exit_code in (0, 1), result.output
    with Stage(path, sim) as stage:
        yield stage


def end(stage: Stage, account: str) -> tuple[RunOutcome | None, int]:
    """Runs the account's monitor until nothing is written; the outcome and the writes of all."""
    key = MonitorKey(account, "BANDUSDT", Side.SELL)
    untouched = others(stage.sim, account)
    report = stage.reconciler.reconcile(key)
    writes = len(stage.writes())
    again = stage.reconciler.reconcile(key)
    assert (again.outcome, len(stage.writes())) == (RunOutcome.IN_SYNC, writes)
    assert others(stage.sim, account) == untouched
    return report.outcome, writes


def others(sim: Simulator, account: str) -> list[tuple[str, str]]:
    """What rests beside the take-profits."""
    orders = sim.orders(UIDS[account])
    return [(o.order_id, str(o.quantity)) for o in orders if "_TP" not in o.link_id and o.link_id]


def covered(sim: Simulator, account: str) -> list[tuple[Decimal, Decimal]]:
    """Price and rest of the take-profits, nearest first."""
    orders = [o for o in sim.orders(UIDS[account]) if "_TP" in o.link_id or not o.link_id]
    return sorted(((o.price, o.quantity - o.filled) for o in orders), reverse=True)


WHOLE = [
    (Decimal("0.6528"), Decimal(340)),
    (Decimal("0.6400"), Decimal(20)),
    (Decimal("0.6200"), Decimal(20)),
    (Decimal("0.6000"), Decimal(20)),
]


def test_what_is_true_stays_without_a_write(tmp_path: Path, sim: Simulator) -> None:
    rest(sim, "main", [*ladder().values()])
    with moved_in(tmp_path, sim, {"BANDUSDT_Sell_main": monitor()}) as stage:
        assert end(stage, "main") == (RunOutcome.IN_SYNC, 0)
        assert covered(sim, "main") == WHOLE


def test_where_the_bot_s_stop_stands_is_the_position_s_own_if_asked_for(
    tmp_path: Path, sim: Simulator
) -> None:
    """The bot's conditional order is left alone: a person cancels it."""
    rest(sim, "main", [*ladder().values()])
    with moved_in(tmp_path, sim, {"BANDUSDT_Sell_main": monitor()}, "--stops") as stage:
        assert end(stage, "main") == (RunOutcome.SUCCESS, 1)
        own = [o for o in sim.orders(UIDS["main"]) if o.stop_order_type == "StopLoss"]
        assert [(o.trigger_price, o.quantity) for o in own] == [(Decimal("0.73"), Decimal(400))]


def test_take_profits_of_the_first_entry_grow_to_the_position(
    tmp_path: Path, sim: Simulator
) -> None:
    """Original bot, I05: the ladder stayed as it was for the first of three entries."""
    small = ladder()
    for order in small.values():
        order["quantity"] = order["quantity"] / 4
    rest(sim, "main", [*small.values()])
    with moved_in(tmp_path, sim, {"BANDUSDT_Sell_main": monitor(tp_orders=small)}) as stage:
        outcome, _ = end(stage, "main")
        assert outcome is RunOutcome.SUCCESS
        assert covered(sim, "main") == WHOLE


def test_ids_of_a_dead_generation_are_looked_up_and_placed_anew(
    tmp_path: Path, sim: Simulator
) -> None:
    """Original bot, I10: the mirror's monitor held orders that its account never had."""
    rest(sim, "main", [*ladder().values()])
    mirror = monitor("mirror", tp_orders=ladder(account=None))
    monitors = {"BANDUSDT_Sell_main": monitor(), "BANDUSDT_Sell_mirror": mirror}
    with moved_in(tmp_path, sim, monitors) as stage:
        assert end(stage, "mirror")[0] is RunOutcome.SUCCESS
        assert covered(sim, "mirror") == covered(sim, "main") == WHOLE


def test_a_wiped_mirror_takes_the_mains_ladder(tmp_path: Path, sim: Simulator) -> None:
    """Original bot, I01: tp_orders became {} while the position stood."""
    rest(sim, "main", [*ladder().values()])
    mirror = monitor("mirror", tp_orders={})
    monitors = {"BANDUSDT_Sell_main": monitor(), "BANDUSDT_Sell_mirror": mirror}
    with moved_in(tmp_path, sim, monitors) as stage:
        assert end(stage, "mirror")[0] is RunOutcome.SUCCESS
        assert covered(sim, "mirror") == WHOLE


def test_a_filled_level_is_not_made_again(tmp_path: Path, sim: Simulator) -> None:
    """Original bot, A4: TP1 was filled, and its 85 % placed once more."""
    sim.set_position(UIDS["main"], "BANDUSDT", "Sell", Decimal(60), Decimal("0.6927"))
    orders = [*ladder().values()]
    orders[0] |= {"status": "FILLED", "filled_qty": Decimal(340)}
    rest(sim, "main", orders[1:])
    monitors = {"BANDUSDT_Sell_main": monitor(tp_orders=orders, remaining_size=60)}
    with moved_in(tmp_path, sim, monitors) as stage:
        end(stage, "main")
        assert covered(sim, "main") == WHOLE[1:]


def test_a_stop_loss_recorded_as_tp1_is_left_alone(tmp_path: Path, sim: Simulator) -> None:
    """Original bot, I09: price 0.0 and the whole quantity, recorded as TP1."""
    stop = sim.orders(UIDS["main"])[-1]
    assert stop.link_id == "BOT_CONS_BANDUSDT_SL_164230"
    orders = [*ladder().values()]
    rest(sim, "main", orders)
    wrong = take_profit(9, 0.0, 400.0, order_id=stop.order_id, order_link_id="", tp_number=1)
    monitors = {"BANDUSDT_Sell_main": monitor(tp_orders=[wrong, *orders])}
    with moved_in(tmp_path, sim, monitors) as stage:
        assert end(stage, "main") == (RunOutcome.IN_SYNC, 0)
        assert covered(sim, "main") == WHOLE
