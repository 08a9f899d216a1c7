"""A live exchange with a synced view: it requests nothing that the stream has delivered."""

import threading
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.engine.living import BAND, UID, Living
from trueup.domain.model.errors import ConfigurationError
from trueup.domain.model.identity import PositionMode, Side
from trueup.domain.model.observation import Observation
from trueup.domain.model.order import OrderStatus
from trueup.domain.model.outcomes import Absent, Accepted, Found
from trueup.engine.live.exchange import LiveExchange
from trueup.engine.live.settings import LiveSettings
from trueup.engine.live.status import ViewState
from trueup.engine.live.waiting import RealWaiting
from trueup.simulator import Fault, FaultKind

READ = ["order/realtime", "order/realtime", "position/list"]


@pytest.fixture
def living() -> Living:
    """A long of 100 with TPs of 60 and 40, and a synced view."""
    made = Living()
    made.hold("100")
    made.tp("60", "0.75")
    made.tp("40", "0.80")
    made.prove()
    return made


def test_a_proven_view_is_not_asked_for(living: Living) -> None:
    seen = living.see()
    assert living.asked() == []
    assert {order.quantity for order in seen.orders} == {60, 40}
    assert seen.position(BAND, Side.BUY).size == 100
    living.see_truth()
    assert (living.live.status.from_view, living.live.status.by_read) == (2, 0)
    assert living.live.status.state is ViewState.SYNCED


def test_a_symbol_that_no_list_shows_is_flat_once_two_reads_by_symbol_say_so(
    living: Living,
) -> None:
    for asked in (READ, READ, [], []):
        nothing = living.live.observe(["AUSDT"])
        assert isinstance(nothing, Observation)
        assert (nothing.orders, nothing.positions) == ((), ())
        assert nothing.position("AUSDT", Side.BUY).size == 0
        assert living.asked() == asked
    living.live.survey()
    living.asked()
    assert living.live.known(["AUSDT"]) is not None, "a survey lists no flat position"


def test_a_survey_that_lacks_a_position_closes_nothing(living: Living) -> None:
    living.sim.inject(Fault(kind=FaultKind.ROWS_LEFT_OUT, path="position/list", times=2))
    seen = living.live.survey()
    assert isinstance(seen, Observation)
    assert not seen.shows(BAND, Side.BUY)
    living.asked()
    living.see_truth()
    assert living.asked() == READ, "asked for by its symbol"


def test_a_closed_position_is_read_once_where_its_fills_were_received(living: Living) -> None:
    living.sim.set_price(BAND, "0.90")
    for asked in (READ, []):
        assert living.see().position(BAND, Side.BUY).size == 0
        assert living.asked() == asked


def test_a_fill_is_seen_without_a_request(living: Living) -> None:
    living.sim.set_price(BAND, "0.76")
    seen = living.see()
    assert living.asked() == []
    assert [order.quantity for order in seen.orders] == [40]
    assert seen.position(BAND, Side.BUY).size == 40
    assert seen.at == living.clock.now()
    assert set(living.woken) == {(BAND, Side.BUY)}


def test_a_partial_fill_and_an_entry(living: Living) -> None:
    order_id = living.sim.orders(UID)[0].order_id
    living.sim.fill(UID, order_id, "12.5")
    living.pass_by(3)
    living.see_truth()
    entry = living.sim.place_entry(UID, BAND, "Buy", "50", "0.65")
    living.pass_by(3)
    living.sim.fill(UID, entry)
    living.see_truth()
    assert living.asked() == []


def test_our_writes_are_confirmed_by_what_is_told(living: Living) -> None:
    first = living.sim.orders(UID)[0].order_id
    assert isinstance(living.amend(first, "30")[0], Accepted)
    living.see_truth()
    placed = living.place("30", "0.77", "ours")
    living.see_truth()
    assert isinstance(living.cancel(placed)[0], Accepted)
    living.see_truth()
    paths = ["order/amend-batch", "order/create-batch", "order/cancel-batch"]
    assert living.asked() == paths
    assert living.woken == [], "echoes of our own writes leave nothing to do"


def test_a_hand_is_heard(living: Living) -> None:
    living.sim.cancel_by_hand(UID, living.sim.orders(UID)[0].order_id)
    assert living.woken == [(BAND, Side.BUY)]
    living.see_truth()
    living.pass_by(3)
    living.tp("20", "0.9")
    assert living.woken == [(BAND, Side.BUY)] * 2
    living.see_truth()
    assert living.asked() == []


def test_what_a_closed_order_came_to_is_known(living: Living) -> None:
    filled, cancelled = (order.order_id for order in living.sim.orders(UID))
    living.sim.fill(UID, filled)
    living.cancel(cancelled)
    living.asked()
    found = living.live.look_up(BAND, order_id=filled)
    assert isinstance(found, Found)
    assert (found.order.status, found.order.filled) == (OrderStatus.FILLED, Decimal(60))
    again = living.live.look_up(BAND, order_link_id="tp-2")
    assert isinstance(again, Found)
    assert again.order.status is OrderStatus.CANCELLED
    assert living.asked() == []


def test_what_is_open_or_unknown_is_asked_for(living: Living) -> None:
    opened = living.live.look_up(BAND, order_id=living.sim.orders(UID)[0].order_id)
    assert isinstance(opened, Found)
    assert isinstance(living.live.look_up(BAND, order_link_id="never"), Absent)
    assert living.asked()


def test_a_fill_that_only_a_look_up_shows_makes_the_position_of_the_view_stale() -> None:
    """Seed 1152030: the order had filled before its list was read, and not its position."""
    living = Living()
    living.hold("100")
    filled = living.tp("60", "0.75")
    living.sim.fill(UID, filled)
    living.sim.inject(Fault(kind=FaultKind.STALE_READ, path="position/list", times=2))
    living.prove()
    assert [position.size for position in living.see().positions] == [Decimal(100)]
    living.asked()
    found = living.live.look_up(BAND, order_id=filled)
    assert isinstance(found, Found)
    assert found.order.status is OrderStatus.FILLED
    living.asked()
    living.see_truth()
    assert living.asked() == READ


def test_a_refusal_for_want_of_room_that_is_on_its_way_contradicts_nothing() -> None:
    """Seed 1346439: TP1's shrink took effect a moment later, and reads lagged by 20 seconds."""
    living = Living(effect_delay_ms=300)
    living.hold("100")
    first, second = living.tp("60", "0.75"), living.tp("40", "0.80")
    living.pass_by(500)
    living.prove()
    living.sim.inject(Fault(kind=FaultKind.RET_CODE, path="amend", code=110017, skip=1, times=2))
    living.amend(first, "50")
    living.amend(second, "50")
    living.pass_by(500)
    living.asked()
    living.see_truth()
    assert living.asked() == []
    living.amend(second, "50")
    living.asked()
    living.see_truth()
    assert living.asked() == READ


def test_a_settled_view_needs_a_fresh_sign_of_life(living: Living) -> None:
    living.pass_by(60_000)
    assert living.see().at == living.clock.now()
    assert living.asked() == []
    assert living.invalidated == []


def test_hedge_mode_tells_the_sides_apart() -> None:
    living = Living(hedge=True)
    living.hold("100")
    living.hold("30", "Sell")
    living.prove()
    living.sim.set_position(UID, BAND, "Sell", "30", "0.68")
    assert living.woken == [(BAND, Side.SELL)]
    seen = living.see()
    assert (seen.position(BAND, Side.BUY).size, seen.position(BAND, Side.SELL).size) == (
        Decimal(100),
        Decimal(30),
    )


def test_it_is_its_exchange_in_all_else(living: Living) -> None:
    assert living.live.account == UID
    assert living.live.position_mode is PositionMode.ONE_WAY
    instrument = living.live.instrument(BAND)
    assert instrument == living.rest.instrument(BAND)
    living.live.close()
    assert living.live.status.reason == "stopped"
    living.see_truth()


def test_a_feed_of_another_account_is_a_mistake() -> None:
    one, other = Living(), Living()
    other.feed._account = "other"  # noqa: SLF001 - any other feed
    with pytest.raises(ConfigurationError):
        LiveExchange(
            one.rest,
            other.feed,
            one.clock,
            on_change=lambda *_: None,
            on_survey_needed=lambda _: None,
        )


@pytest.mark.parametrize(
    "times",
    [{"settle_within": timedelta(seconds=-1)}, {"silent_after": timedelta(seconds=1)}],
)
def test_a_patience_that_cannot_be_meant(times: dict[str, timedelta]) -> None:
    with pytest.raises(ConfigurationError):
        LiveSettings(**times)


def test_threads_share_it_while_the_market_moves() -> None:
    """One TP covers the position: in every observation the two are equal."""
    living = Living(LiveSettings(settle_within=timedelta(seconds=20)), waiting=RealWaiting())
    living.hold("100")
    order_id = living.tp("100", "0.75")
    living.prove()
    over = threading.Event()
    differing: list[Observation] = []

    def look() -> None:
        while not over.is_set():
            seen = living.see()
            (order,) = seen.orders
            if order.remaining != seen.position(BAND, Side.BUY).size:
                differing.append(seen)

    lookers = [threading.Thread(target=look) for _ in range(3)]
    for looker in lookers:
        looker.start()
    for _ in range(150):
        living.sim.fill(UID, order_id, "0.5")
        living.pass_by(1)
    over.set()
    for looker in lookers:
        looker.join(20)
    assert differing == []
    assert living.asked() == []
    assert living.see().position(BAND, Side.BUY).size == 25
