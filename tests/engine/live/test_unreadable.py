"""What nobody can understand concerns its symbol: the views of all others go on."""

from dataclasses import replace

import pytest

from tests.engine.living import BAND, UID, Living
from trueup.domain.model.observation import Observation, OrdersUnread
from trueup.engine.live.status import ViewState
from trueup.simulator import PositionItems

READ = ["order/realtime", "order/realtime", "position/list"]
OTHER = "AUSDT"


@pytest.fixture
def living() -> Living:
    """A long of 100 with a TP, an order of another symbol, and a synced view."""
    made = Living()
    made.hold("100")
    made.tp("60", "0.75")
    made.sim.place_entry(UID, OTHER, "Buy", "10", "0.5", "hand")
    made.prove()
    return made


def spoil(living: Living, **fields: object) -> None:
    """The order of the other symbol shows values of a newer exchange."""
    order = next(o for o in living.sim.orders(UID) if o.symbol == OTHER)
    living.sim.show_order_as(UID, order.order_id, **(fields or {"orderType": "LimitMaker"}))
    living.pass_by(5)


def test_an_item_that_nobody_understands_makes_its_symbol_stale(living: Living) -> None:
    spoil(living)
    assert living.live.status.state is ViewState.SYNCED
    ((symbol, reason),) = living.live.status.invalidations
    assert (symbol, "orderType" in reason) == (OTHER, True)
    assert living.woken == [(OTHER, None)]
    living.see_truth()
    assert living.asked() == [], "no other symbol is read"
    assert isinstance(living.live.observe([OTHER]), OrdersUnread)
    assert living.asked() == READ


def test_a_survey_syncs_all_but_the_symbol_that_is_unread(living: Living) -> None:
    living.live.stop()
    spoil(living)
    living.live.start()
    seen = living.live.survey()
    assert isinstance(seen, Observation)
    assert living.live.status.state is ViewState.SYNCED
    assert [symbol for symbol, _ in living.live.status.invalidations] == [OTHER]
    living.asked()
    living.see_truth()
    assert living.asked() == []
    assert living.live.known([OTHER]) is None
    assert living.woken == [], "the sweep wakes monitors, not the survey"


def test_the_symbol_is_known_again_once_it_can_be_read(living: Living) -> None:
    spoil(living)
    living.live.survey()
    spoil(living, orderType="Limit")
    assert isinstance(living.live.observe([OTHER]), Observation)
    assert living.live.status.invalidations == ()
    living.live.observe([OTHER])
    assert living.live.known([OTHER]) is not None


@pytest.mark.parametrize("items", [PositionItems.BARE, PositionItems.BARE_IF_FLAT])
def test_bare_items_keep_the_stream_and_cost_a_read_where_the_position_moved(
    living: Living, items: PositionItems
) -> None:
    living.sim.behaviour = replace(living.sim.behaviour, position_items=items)
    living.tp("10", "0.8")
    assert not living.live.status.invalidations, "the position is as it was"
    living.sim.set_position(UID, BAND, "Buy", "0")
    living.pass_by(5)
    assert [symbol for symbol, _ in living.live.status.invalidations] == [BAND]
    assert (BAND, None) in living.woken
    living.live.observe([BAND])
    living.see_truth()
    assert living.asked() == READ * 2, "that the position is gone has to be shown twice"
    assert not living.live.status.invalidations
    living.see_truth()
    assert living.asked() == []


def test_a_bare_item_never_replaces_what_is_known(living: Living) -> None:
    living.sim.behaviour = replace(living.sim.behaviour, position_items=PositionItems.BARE)
    living.sim.open_position(UID, BAND, "Buy", "50", "0.69")
    living.pass_by(5)
    living.see_truth()
    living.asked()
    assert living.live.status.state is ViewState.SYNCED
