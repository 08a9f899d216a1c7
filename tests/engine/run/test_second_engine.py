"""A second engine on the account: it is named, its orders are left alone, no ladder is doubled."""

from decimal import Decimal

import pytest

from tests.engine.contesting import BAND, OURS, Engine, Venue
from trueup import (
    Adopt,
    Event,
    LevelFilled,
    OtherOrders,
    PositionReduced,
    Recognition,
    RunOutcome,
    RunSettings,
    Side,
)
from trueup.domain.model.identity import MonitorKey
from trueup.engine.loop.sweep import Sweeper
from trueup.engine.run.main_ladders import MainLadders
from trueup.simulator import Fault, FaultKind
from trueup.testing import in_process_exchange

BESIDE = "live TP orders that look like a second engine's are beside those on record"
GONE = "the live TP orders that looked like a second engine's are gone"
THEIR_ID = "BOT_TP2_BANDUSDT_1737809937842_7432"


@pytest.fixture
def venue() -> Venue:
    """The exchange."""
    return Venue()


@pytest.fixture
def engine(venue: Venue) -> Engine:
    """An engine whose ladder rests."""
    engine = Engine(venue.sim, OURS)
    assert engine.run().outcome is RunOutcome.SUCCESS
    venue.sent()
    return engine


def place_theirs(venue: Venue, link_id: str = THEIR_ID, price: str = "0.7150") -> str:
    """Another engine's order comes to rest."""
    order_id = venue.sim.place_order(
        "main", symbol=BAND, side="Sell", orderType="Limit", qty="50", price=price,
        reduceOnly=True, orderLinkId=link_id,
    )  # fmt: skip
    venue.pass_by(10)
    return order_id


def test_its_orders_are_named_once_and_left_alone(venue: Venue, engine: Engine) -> None:
    theirs = place_theirs(venue)
    report = engine.run()
    assert (report.outcome, report.writes, report.covered) == (RunOutcome.IN_SYNC, 0, Decimal(1000))
    assert report.alert is not None
    assert f"{BESIDE}: {THEIR_ID} 50 at 0.715;" in report.alert.text
    assert [engine.run().alert for _ in range(3)] == [None] * 3
    venue.sim.cancel_by_hand("main", theirs)
    venue.pass_by(10)
    assert engine.run().outcome is RunOutcome.IN_SYNC
    assert engine.run().alert is None
    assert (len(engine.named(BESIDE)), len(engine.named(GONE))) == (1, 1)


def test_they_are_named_while_somebody_keeps_changing_ours(venue: Venue, engine: Engine) -> None:
    """Seed 914304: the alert of the contest was from before the other engine's order was there."""
    outcomes: list[RunOutcome] = []
    for _ in range(3):
        venue.sim.cancel_by_hand("main", venue.orders[0].order_id)
        venue.pass_by(10)
        outcomes.append(engine.run().outcome)
    assert outcomes[-1] is RunOutcome.SKIPPED
    venue.pass_by(30_000)
    place_theirs(venue)
    report = engine.run()
    assert report.outcome is RunOutcome.SUCCESS, "the ladder is repaired, and they are named"
    assert report.alert is not None
    assert BESIDE in report.alert.text
    assert engine.run().outcome is RunOutcome.IN_SYNC
    assert len(engine.named(BESIDE)) == 1
    assert [engine.run().alert for _ in range(3)] == [None] * 3


def test_the_ladder_stays_whole_beside_them(venue: Venue, engine: Engine) -> None:
    theirs = place_theirs(venue)
    engine.run()
    venue.sim.set_position("main", BAND, "Buy", "1200", "0.7000")
    venue.pass_by(10)
    report = engine.run()
    assert (report.outcome, report.covered) == (RunOutcome.SUCCESS, Decimal(1200))
    assert report.alert is not None
    assert BESIDE in report.alert.text
    assert engine.run().alert is None
    assert theirs in {order.order_id for order in venue.orders}


def test_another_change_of_theirs_is_another_alert(venue: Venue, engine: Engine) -> None:
    place_theirs(venue)
    engine.run()
    place_theirs(venue, THEIR_ID.replace("7432", "7433"), "0.7250")
    assert engine.run().alert is not None
    assert len(engine.named(BESIDE)) == 2


def test_a_change_of_an_order_that_was_named_is_no_news(venue: Venue, engine: Engine) -> None:
    theirs = place_theirs(venue)
    engine.run()
    place = next(n for n, order in enumerate(venue.orders) if order.order_id == theirs)
    venue.amend(place, qty="40")
    assert engine.run().alert is None
    venue.sim.set_position("main", BAND, "Buy", "1200", "0.7000")
    venue.pass_by(10)
    engine.run()
    assert engine.run().alert is None


@pytest.mark.parametrize("link_id", ["", "MANUAL_TP", "my-own-tp"])
def test_orders_of_no_known_form_are_nobody_s_engine(
    venue: Venue, engine: Engine, link_id: str
) -> None:
    place_theirs(venue, link_id)
    (event,) = engine.run().events
    assert isinstance(event, OtherOrders)
    assert engine.named(BESIDE) == []
    assert engine.run().alert is None


def test_who_adopts_nothing_is_not_told_of_it(venue: Venue) -> None:
    never = RunSettings(recognition=Recognition(adopt=Adopt.NEVER))
    engine = Engine(venue.sim, OURS, never)
    engine.run()
    place_theirs(venue)
    assert [type(event) for event in engine.run().events] == [OtherOrders]
    assert engine.named(BESIDE) == []


@pytest.mark.parametrize("places", [(1,), (1, 2, 3), (0, 2)])
def test_an_old_copy_of_the_database_doubles_nothing(
    venue: Venue, engine: Engine, places: tuple[int, ...]
) -> None:
    """Some orders were cancelled and placed anew after the copy was made."""
    other = engine.copy()
    for order in [venue.orders[place] for place in places]:
        venue.sim.cancel_by_hand("main", order.order_id)
    venue.pass_by(10)
    assert engine.run().outcome is RunOutcome.SUCCESS
    rest = venue.orders
    venue.sent()
    for one in (other, engine, other):
        report = one.run()
        assert (report.is_true, report.covered) == (True, Decimal(1000))
    assert venue.sent() == 0
    assert venue.orders == rest
    assert other.named(BESIDE) == engine.named(BESIDE) == []


def test_the_parts_of_a_level_keep_apart() -> None:
    """TP1 has two orders, at the contract's maximum; the second is theirs, on a copy."""
    venue = Venue(max_quantity="500")
    engine = Engine(venue.sim, OURS)
    assert engine.run().outcome is RunOutcome.SUCCESS
    other = engine.copy()
    venue.sim.cancel_by_hand("main", venue.orders[1].order_id)
    venue.pass_by(10)
    engine.run()
    rest = venue.orders
    assert other.run().covered == 1000
    assert venue.orders == rest
    parts = [(order.level, order.part) for order in other.run().record.resting]
    assert len(set(parts)) == len(parts) == 5


def test_a_sweep_runs_the_monitor_once_for_them(venue: Venue, engine: Engine) -> None:
    key = MonitorKey("main", BAND, Side.BUY)
    sweeper = Sweeper(MainLadders(engine.store, {"main": engine.account}), venue.sim.clock)
    exchange = in_process_exchange(engine.account, venue.sim)

    def drifted() -> dict[MonitorKey, str]:
        sweeper.update(engine.run().record)
        venue.pass_by(1000)
        return dict(sweeper.sweep(exchange, [key], venue.sim.clock.now()).drifted)

    assert drifted() == {}
    theirs = place_theirs(venue)
    reason = "TP orders beside those on record have changed"
    assert [drifted(), drifted()] == [{key: reason}, {}]
    venue.sim.cancel_by_hand("main", theirs)
    assert [drifted(), drifted()] == [{key: reason}, {}]


def test_a_fill_from_before_an_order_came_on_record_is_reported_once(venue: Venue) -> None:
    """Seed 3207257: lists lagged, and the position did not."""
    engine = Engine(venue.sim, None)
    assert engine.run().outcome is RunOutcome.SKIPPED
    theirs = place_theirs(venue)
    venue.pass_by(1000)
    venue.sim.fill("main", theirs, "20")
    venue.pass_by(1000)
    events: list[Event] = []
    for ago in (3000, 1500):
        lag = Fault(kind=FaultKind.STALE_READ, path="order/realtime", times=None, delay_ms=ago)
        venue.sim.inject(lag)
        events += engine.run().events
        venue.sim.clear_faults(lag)
    venue.sim.fill("main", theirs, "30")
    venue.pass_by(10)
    events += engine.run().events
    reduced, filled = (e for e in events if isinstance(e, PositionReduced | LevelFilled))
    assert isinstance(reduced, PositionReduced)
    assert [one.quantity for one in reduced.executions] == [20]
    assert isinstance(filled, LevelFilled)
    assert filled.quantity == 30
