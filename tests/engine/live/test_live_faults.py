"""A live exchange whose feed is faulty: it reads, and never answers with what was not so."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.engine.living import BAND, UID, Living
from trueup.domain.model.commands import PlaceOrder
from trueup.domain.model.identity import Side
from trueup.domain.model.observation import Observation, Unknown
from trueup.domain.model.outcomes import Absent, Found, Refused, Unsure
from trueup.engine.live.status import SILENCE, ViewState
from trueup.simulator import Fault, FaultKind, StreamFault, StreamFaultKind

Kind = StreamFaultKind
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


def fill(living: Living, quantity: str | None = None) -> None:
    """Fills the first TP."""
    living.sim.fill(UID, living.sim.orders(UID)[0].order_id, quantity)


def test_nothing_is_known_before_a_survey() -> None:
    living = Living()
    living.hold("100")
    living.live.start()
    assert living.invalidated == ["the feed was opened"]
    assert living.live.status.state is ViewState.UNKNOWN
    living.see_truth()
    assert living.asked() == READ
    living.see_truth()
    assert living.asked() == [], "the symbol is synced by its own read"
    living.live.observe(["AUSDT"])
    assert living.asked() == READ, "the others are not"
    living.live.survey()
    synced = living.live.status
    assert synced.state is ViewState.SYNCED


def test_what_a_survey_may_have_left_out_is_read_before_it_is_used() -> None:
    living = Living()
    living.hold("100")
    living.prove()
    living.live.survey(["AUSDT", "CPERP"])
    living.asked()
    living.see_truth()
    assert living.asked() == [], "it was shown"
    living.live.observe(["AUSDT"])
    assert living.asked() == READ, "it was asked for, but no row of it came"
    living.sim.set_position(UID, BAND, "Buy", 0, "0.69")
    living.live.survey(["AUSDT"])
    living.asked()
    living.see_truth()
    assert living.asked() == READ, "it may have been closed unheard, or not been covered"


def test_a_survey_from_before_the_opening_proves_nothing() -> None:
    living = Living()
    living.line.hands = [living.live.start]
    living.live.survey()
    assert living.live.status.state is ViewState.UNKNOWN


def test_a_survey_that_fails_proves_nothing() -> None:
    living = Living()
    living.live.start()
    living.sim.inject(Fault(kind=FaultKind.REQUEST_LOST, path="position/list"))
    assert isinstance(living.live.survey(), Unknown)
    assert living.live.status.state is ViewState.UNKNOWN


@pytest.mark.parametrize("topic", ["order", "execution", "position"])
def test_a_lost_message_of_a_fill_is_found_out_by_the_others(living: Living, topic: str) -> None:
    living.sim.inject(StreamFault(kind=Kind.SILENCE, topic=topic))
    fill(living, "25")
    before = living.clock.now()
    living.see_truth()
    assert living.asked() == READ
    assert (living.clock.now() - before).total_seconds() > 1, "it was waited for"
    living.see_truth()
    assert living.asked() == [], "the read has synced it"


@pytest.mark.parametrize("topic", ["order", "execution", "position"])
def test_a_late_message_is_waited_for(living: Living, topic: str) -> None:
    living.sim.inject(StreamFault(kind=Kind.DELAY, topic=topic, delay_ms=300))
    fill(living, "25")
    living.see_truth()
    assert living.asked() == []


@pytest.mark.parametrize("kind", [Kind.DUPLICATE, Kind.UNKNOWN_TOPIC])
def test_doubles_and_strangers_change_nothing(living: Living, kind: StreamFaultKind) -> None:
    living.sim.inject(StreamFault(kind=kind, times=None, copies=3))
    fill(living, "25")
    living.pass_by(3)
    living.tp("10", "0.9")
    living.see_truth()
    assert living.asked() == []


def test_any_sequence_of_the_messages_of_a_fill_will_do(living: Living) -> None:
    living.sim.inject(StreamFault(kind=Kind.REORDER, times=None, window=6))
    fill(living, "25")
    living.pass_by(3)
    fill(living, "5")
    living.see_truth()
    assert living.asked() == []


@pytest.mark.parametrize(
    "fault", [StreamFault(kind=Kind.DROP, code=1001), StreamFault(kind=Kind.DROP)]
)
def test_what_happened_in_a_gap_is_asked_for(living: Living, fault: StreamFault) -> None:
    living.sim.inject(fault)
    assert len(living.invalidated) == 1
    fill(living)
    living.see_truth()
    assert living.asked() == READ
    living.pass_by(1_000)
    assert living.invalidated[1:] == ["the feed was opened"]
    fill(living)
    living.live.survey()
    living.asked()
    for asked in (READ, []):
        living.see_truth()
        assert living.asked() == asked, "an event has shown the position closed, and one read"


@pytest.mark.parametrize(
    "fault",
    [
        StreamFault(kind=Kind.REFUSED, times=2),
        StreamFault(kind=Kind.AUTH_FAILED, times=2),
        StreamFault(kind=Kind.SUBSCRIBE_FAILED, times=2),
    ],
)
def test_a_feed_that_does_not_open_is_asked_around(living: Living, fault: StreamFault) -> None:
    living.sim.inject(fault, StreamFault(kind=Kind.DROP))
    living.pass_by(1_500)
    fill(living)
    living.see_truth()
    assert living.asked() == READ
    assert len(living.invalidated) == 1
    living.pass_by(5_000)
    assert living.invalidated[-1] == "the feed was opened"


def test_a_half_open_line_is_found_out(living: Living) -> None:
    living.sim.inject(StreamFault(kind=Kind.HALF_OPEN))
    fill(living)
    living.pass_by(3_000)
    living.see_truth()
    assert living.asked() == READ, "no sign of life came"
    living.pass_by(31_000)
    assert living.invalidated == ["silence", "the feed was opened"]


def test_silence_is_told_once_and_ends_with_a_sign_of_life(living: Living) -> None:
    ping, living.feed.ping = living.feed.ping, lambda: None  # type: ignore[method-assign] # the feed's ping is silenced, and put back
    living.pass_by(31_000)
    for _ in range(2):
        living.see_truth()
        assert living.asked() == READ
    assert living.invalidated == [SILENCE]
    assert living.live.status.reason == SILENCE
    living.feed.ping = ping  # type: ignore[method-assign] # the feed's ping is silenced, and put back
    living.see_truth()
    assert living.asked() == []
    assert living.live.status.state is ViewState.SYNCED


def test_what_no_message_told_is_found_by_the_next_survey(living: Living) -> None:
    living.sim.inject(StreamFault(kind=Kind.SILENCE, times=2))
    living.sim.cancel_by_hand(UID, living.sim.orders(UID)[0].order_id)
    living.pass_by(3)
    living.live.survey()
    assert living.woken == [(BAND, None)]
    assert living.live.status.invalidations == (
        (BAND, "the read does not list an order that was known to be open"),
    )
    living.asked()
    living.see_truth()
    assert living.asked() == READ
    living.see_truth()
    assert living.asked() == []


def test_two_changes_in_one_millisecond_are_read(living: Living) -> None:
    order_id = living.sim.orders(UID)[0].order_id
    living.amend(order_id, "30")
    living.amend(order_id, "20")
    orders = [o for o in living.see().orders if o.order_id == order_id]
    assert orders[0].quantity == 20
    living.line.latency_ms = 0
    living.asked()
    living.amend(order_id, "30")
    living.amend(order_id, "20")
    living.see_truth()
    assert living.asked()[2:] == READ


def test_a_write_in_doubt_is_read(living: Living) -> None:
    living.sim.inject(Fault(kind=FaultKind.REPLY_LOST, path="amend"))
    outcome = living.amend(living.sim.orders(UID)[0].order_id, "30")[0]
    assert isinstance(outcome, Unsure)
    living.asked()
    living.see_truth()
    assert living.asked() == READ
    living.see_truth()
    assert living.asked() == []


def test_a_refusal_that_contradicts_the_view_is_read(living: Living) -> None:
    living.sim.inject(StreamFault(kind=Kind.SILENCE, times=2))
    order_id = living.sim.orders(UID)[0].order_id
    living.sim.cancel_by_hand(UID, order_id)
    living.pass_by(3)
    assert isinstance(living.amend(order_id, "30")[0], Refused)
    living.asked()
    living.see_truth()
    assert living.asked() == READ


def test_an_acknowledged_write_that_no_message_shows_is_read(living: Living) -> None:
    living.sim.inject(StreamFault(kind=Kind.SILENCE, times=2))
    living.amend(living.sim.orders(UID)[0].order_id, "30")
    living.asked()
    living.see_truth()
    assert living.asked() == READ
    living.see_truth()
    assert living.asked() == []


def test_a_read_that_lags_behind_an_acknowledgement_proves_nothing(living: Living) -> None:
    living.sim.inject(StreamFault(kind=Kind.SILENCE, times=2))
    order_id = living.sim.orders(UID)[0].order_id
    living.amend(order_id, "30")
    living.pass_by(10)
    living.asked()
    stale = Fault(kind=FaultKind.STALE_READ, path="order/realtime", effects_back=1, times=2)
    living.sim.inject(stale)
    living.see()
    assert living.asked() == READ
    living.see_truth()
    assert living.asked() == READ
    living.see_truth()
    assert living.asked() == []


def test_an_old_read_does_not_undo_what_was_told(living: Living) -> None:
    fill(living, "25")
    living.pass_by(10)
    stale = Fault(kind=FaultKind.STALE_READ, effects_back=1, times=5)
    living.sim.inject(stale)
    living.live.survey()
    assert living.live.status.invalidations
    living.sim.clear_faults()
    living.asked()
    living.see_truth()
    assert living.asked() == READ


def test_nor_what_was_told_before_the_stream_was_lost(living: Living) -> None:
    """Neither by a read of a run while it is lost, nor by a survey once it is open again."""
    fill(living, "25")
    filled = living.see().orders
    living.live.stop()
    stale = Fault(kind=FaultKind.STALE_READ, path="order/realtime", effects_back=1, times=4)
    living.sim.inject(stale)
    assert set(living.see().orders) == set(filled)
    living.live.start()
    living.live.survey()
    assert living.live.status.invalidations
    living.asked()
    living.see_truth()
    assert living.asked() == READ


def test_news_during_a_read_win_over_it(living: Living) -> None:
    living.sim.inject(StreamFault(kind=Kind.SILENCE, topic="position"))
    fill(living, "25")
    living.pass_by(3)
    second = living.sim.orders(UID)[1].order_id
    living.line.hands = [lambda: None, lambda: None, lambda: living.sim.fill(UID, second, "7")]
    living.see_truth()
    assert living.asked(), "the hand fills after the orders were read"


def test_a_reply_that_an_event_overtook_is_no_answer(living: Living) -> None:
    """Seed 8919: it showed the position flat; the stream had already shown the next one open."""

    def fill_before_the_reply_arrives() -> None:
        living.clock.call_at(living.clock.now_ms() + 5, lambda: fill(living, "25"))

    living.live.invalidate(BAND, "read it")
    living.line.hands = [lambda: None, lambda: None, fill_before_the_reply_arrives]
    living.see_truth()
    assert living.asked() == READ
    assert living.see().position(BAND, Side.BUY).size == 75


def test_an_order_told_late_is_not_believed_against_a_read(living: Living) -> None:
    living.sim.inject(StreamFault(kind=Kind.DELAY, topic="order", times=1, delay_ms=2_000))
    ghost = living.tp("5", "0.95")
    living.sim.inject(StreamFault(kind=Kind.SILENCE, times=2))
    living.sim.cancel_by_hand(UID, ghost)
    living.pass_by(10)
    living.live.survey()
    living.pass_by(2_500)
    living.asked()
    living.see_truth()
    assert living.asked() == READ


def test_a_position_is_never_older_than_the_orders(living: Living) -> None:
    """A look-up finds the fill first: the position from before it must not stand beside it."""
    living.sim.inject(StreamFault(kind=Kind.DELAY, times=3, delay_ms=400))
    order_id = living.sim.orders(UID)[0].order_id
    fill(living)
    found = living.live.look_up(BAND, order_id=order_id)
    assert isinstance(found, Found)
    assert found.order.filled == 60
    seen = living.see()
    assert seen.position(BAND, Side.BUY).size == 40


def test_an_order_that_only_the_stream_has_shown_is_found(living: Living) -> None:
    """Seed 5114322: reads lagged by 21 s, and it counted as in no list."""
    late = replace(living.sim.behaviour, visible_delay_ms=10_000, history_delay_ms=10_000)
    living.sim.behaviour = late
    placed = living.place("20", "0.77", "ours")
    living.live.invalidate(BAND, "read it")
    living.see()
    found = living.live.look_up(BAND, order_id=placed)
    assert isinstance(found, Found)
    assert (found.order.order_link_id, found.order.status.is_open) == ("ours", True)
    assert found.unlisted
    living.live.stop()
    assert isinstance(living.live.look_up(BAND, order_id=placed), Absent), "it may have ended"


def test_a_call_that_breaks_off_leaves_a_doubt(living: Living) -> None:
    def die() -> None:
        raise KeyboardInterrupt

    living.line.hands = [die]
    command = PlaceOrder(BAND, Side.SELL, Decimal("0.9"), Decimal(1), "x", 0)
    with pytest.raises(KeyboardInterrupt):
        living.live.place([command])
    assert living.live.status.invalidations[0][0] == BAND
    assert isinstance(living.see(), Observation)
    assert living.live.status.invalidations == ()
