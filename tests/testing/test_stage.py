"""A stage: what a bot's test sets up in one call, and what it lets happen."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from trueup import (
    Account,
    ConfigurationError,
    Ladder,
    LadderError,
    PositionMode,
    RunOutcome,
    RunSettings,
)
from trueup.simulator import Fault, FaultKind, InstrumentSpec
from trueup.testing import ACCOUNT, MIRROR, Stage

OpenStage = Callable[..., Stage]
LADDER = Ladder.of(("0.7200", 85), ("0.7400", 15))
FALLING = Ladder.of(("140", 50), ("130", 50))


def quantities(stage: Stage, account: str = "") -> list[Decimal]:
    """What the resting take-profits close, nearest first."""
    return [order.quantity for order in stage.take_profits(account)]


def test_a_short_on_a_contract_of_its_own(open_stage: OpenStage) -> None:
    spec = InstrumentSpec(
        symbol="SOLUSDT", tick="0.01", step="0.1", min_quantity="0.1", max_quantity="1000"
    )
    stage = open_stage(FALLING, contract=spec, side="Sell", price="150")
    stage.enter("3")
    assert stage.run().record.entry_price == 150
    assert [order.price for order in stage.take_profits()] == [140, 130]
    assert quantities(stage) == [Decimal("1.5"), Decimal("1.5")]


def test_a_symbol_alone_has_the_rules_of_the_default_contract(open_stage: OpenStage) -> None:
    stage = open_stage(LADDER, contract="FOOUSDT")
    stage.enter("100")
    assert stage.run().key.symbol == stage.symbol == "FOOUSDT"


def test_each_account_has_a_uid_and_a_monitor_of_its_own(open_stage: OpenStage) -> None:
    stage = open_stage(LADDER, accounts=[ACCOUNT, MIRROR])
    stage.enter("100")
    stage.enter("80", account="mirror")
    assert stage.uid() == stage.uid("main") != stage.uid("mirror")
    assert (stage.run().is_true, stage.run(account="mirror").is_true) == (True, True)
    assert quantities(stage) == [85, 15]
    assert quantities(stage, "mirror") == [68, 12]


def test_an_account_in_hedge_mode(open_stage: OpenStage) -> None:
    account = Account("main", "key", "secret", position_mode=PositionMode.HEDGE)
    stage = open_stage(LADDER, accounts=[account])
    stage.enter("100")
    assert stage.run().is_true


def test_a_level_fills_in_parts_and_is_no_longer_there(open_stage: OpenStage) -> None:
    stage = open_stage(LADDER)
    stage.enter("100")
    with pytest.raises(LookupError, match="no order rests for TP1: run the monitor first"):
        stage.fill(1)
    stage.run()
    stage.fill(1, "40")
    assert stage.simulator.position(stage.uid(), stage.symbol, "Buy").size == 60
    stage.fill(1)
    assert quantities(stage) == [15]
    stage.run()
    with pytest.raises(LookupError, match="TP1"):
        stage.fill(1)


def test_an_order_of_somebody_else_is_none_of_a_level(open_stage: OpenStage) -> None:
    stage = open_stage(LADDER)
    stage.enter("100")

    def fill_another() -> None:
        stage.simulator.place_order(
            stage.uid(),
            symbol=stage.symbol,
            side="Sell",
            orderType="Limit",
            qty="10",
            price="0.8000",
            reduceOnly=True,
        )
        with pytest.raises(LookupError, match="TP1"):
            stage.fill(1)

    stage.before("order/create", fill_another)
    assert stage.run().is_true


def test_a_hand_acts_once_on_the_first_such_request(open_stage: OpenStage) -> None:
    stage, seen = open_stage(LADDER), list[int]()
    stage.enter("100")
    stage.before("order/create", lambda: seen.append(len(stage.take_profits())))
    stage.run()
    stage.enter("100")
    stage.run()
    assert seen == [0]


def test_time_passes_and_settings_are_in_force(open_stage: OpenStage) -> None:
    stage = open_stage(LADDER, settings=RunSettings(read_budget=timedelta(seconds=1)))
    stage.simulator.inject(Fault(kind=FaultKind.SERVER_ERROR, path="position/list", times=None))
    began = stage.simulator.clock.now()
    assert stage.run().outcome is RunOutcome.FAILED
    assert stage.simulator.clock.now() - began < timedelta(seconds=2)
    before = stage.simulator.clock.now()
    stage.wait(timedelta(hours=1))
    assert stage.simulator.clock.now() - before == timedelta(hours=1)


def test_a_restarted_reconciler_knows_what_was_on_record(open_stage: OpenStage) -> None:
    stage = open_stage(LADDER)
    stage.enter("100")
    stage.run()
    stage.restart()
    assert stage.run().outcome is RunOutcome.IN_SYNC


def test_two_stages_are_two_exchanges(open_stage: OpenStage) -> None:
    first, second = open_stage(LADDER), open_stage(LADDER)
    first.enter("100")
    assert (first.run().writes, second.run().writes) == (2, 0)


def test_what_contradicts_itself_is_refused_and_leaves_nothing_open(tmp_path: Path) -> None:
    with pytest.raises(LadderError):
        Stage(tmp_path, LADDER, side="Sell")
    with pytest.raises(ConfigurationError, match="configured twice"):
        Stage(tmp_path, LADDER, accounts=[ACCOUNT, ACCOUNT])
    with Stage(tmp_path, LADDER) as stage:
        stage.enter("100")
        assert stage.run().is_true
