"""The bot's configuration, pinned: ``pytest``; after a change that is meant, ``--snapshot-update``.

The transcripts beside this module are what people review.
"""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from bot import LADDER, SETTINGS, accounts
from syrupy.assertion import SnapshotAssertion

from trueup import ConfigurationError
from trueup.simulator import Fault, FaultKind
from trueup.testing import ReplayedCase, Stage, assert_transcript

KEYS = {
    name: f"made-up {name}" for name in ("MAIN_KEY", "MAIN_SECRET", "MIRROR_KEY", "MIRROR_SECRET")
}


@pytest.fixture
def stage(open_stage: Callable[..., Stage]) -> Stage:
    """The bot's configuration on a simulated exchange."""
    return open_stage(LADDER, accounts=accounts(KEYS), settings=SETTINGS)


def test_the_first_entry_gets_its_ladder(stage: Stage, snapshot: SnapshotAssertion) -> None:
    stage.enter("1000", price="0.6950")
    assert_transcript(stage.run(), snapshot)


def test_a_second_entry_grows_every_level(stage: Stage, snapshot: SnapshotAssertion) -> None:
    stage.enter("1000", price="0.6950")
    stage.run()
    stage.enter("500", price="0.6900")
    assert_transcript(stage.run(), snapshot)


def test_a_take_profit_fills_in_two_parts(stage: Stage, snapshot: SnapshotAssertion) -> None:
    stage.enter("1000", price="0.6950")
    stage.run()
    stage.fill(1, "300")
    part = stage.run()
    stage.fill(1)
    assert_transcript([part, stage.run()], snapshot)


def test_a_mirror_copies_prices_and_shares(stage: Stage, snapshot: SnapshotAssertion) -> None:
    stage.enter("1000", price="0.6950")
    stage.enter("80", price="0.6955", account="mirror")
    stage.run()
    assert_transcript(stage.run(account="mirror"), snapshot)


def test_a_lost_reply_places_nothing_twice(stage: Stage, snapshot: SnapshotAssertion) -> None:
    stage.enter("1000", price="0.6950")
    stage.simulator.inject(Fault(kind=FaultKind.REPLY_LOST, path="order/create"))
    assert_transcript(stage.run(), snapshot)
    assert sum(order.quantity for order in stage.take_profits()) == Decimal(1000)


def test_a_level_fills_while_it_is_amended(stage: Stage, snapshot: SnapshotAssertion) -> None:
    stage.enter("1000", price="0.6950")
    stage.run()
    stage.enter("500", price="0.6900")
    stage.before("order/amend", lambda: stage.fill(1))
    assert_transcript(stage.run(), snapshot)


def test_a_level_that_the_market_has_passed_waits(
    stage: Stage, snapshot: SnapshotAssertion
) -> None:
    stage.simulator.set_price(stage.symbol, "0.7300")
    stage.enter("1000", price="0.6950")
    assert_transcript(stage.run(), snapshot)


def test_an_exchange_that_does_not_answer(stage: Stage, snapshot: SnapshotAssertion) -> None:
    stage.enter("1000", price="0.6950")
    stage.simulator.inject(Fault(kind=FaultKind.SERVER_ERROR, path="position/list", times=None))
    blind = stage.run()
    stage.simulator.clear_faults()
    stage.wait(timedelta(minutes=1))
    assert_transcript([blind, stage.run("retry")], snapshot)


def test_a_restarted_bot_finds_its_orders(stage: Stage, snapshot: SnapshotAssertion) -> None:
    stage.enter("1000", price="0.6950")
    stage.run()
    stage.restart()
    assert_transcript(stage.run("start-up"), snapshot)


@pytest.mark.trueup_case("cases/a_fill_beside_an_amend.json")
def test_an_exported_run_is_decided_as_it_was(trueup_case: ReplayedCase) -> None:
    assert_transcript(trueup_case.replayed, trueup_case.recorded)


def test_a_bot_without_keys_does_not_start() -> None:
    with pytest.raises(ConfigurationError, match="empty"):
        accounts(dict.fromkeys(KEYS, ""))
