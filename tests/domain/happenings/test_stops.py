"""What happened to a stop: each move once, whoever made it, whatever died in between."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from trueup import (
    Event,
    MonitorKey,
    MonitorRecord,
    ProtectedAgain,
    Role,
    Side,
    Stop,
    StopMoved,
    StopMovedByOthers,
    Unprotected,
)
from trueup.domain.happenings.stops import what_happened_to_the_stop
from trueup.domain.model.intent import IntentStatus
from trueup.domain.model.protection import PositionStop, StopIntent, StopRecord
from trueup.domain.protection.following import BY_HAND, for_position

AT = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)
NONE = PositionStop()
RULE = "5 % from the entry"


def at(price: str) -> PositionStop:
    """A stop at a price."""
    return PositionStop(Decimal(price))


def intent(before: PositionStop, asked: PositionStop, generation: int = 1) -> StopIntent:
    """A request that a read has confirmed."""
    return StopIntent(
        id=f"r-stop-{generation}",
        run_id="r",
        cycle=1,
        generation=generation,
        position_index=0,
        asked=asked,
        rule=RULE,
        before=before,
        created_at=AT,
        status=IntentStatus.CONFIRMED,
    )


def short(stop: StopRecord, size: int = 100) -> MonitorRecord:
    """A short with a stop."""
    key = MonitorKey("main", "BANDUSDT", Side.SELL)
    return MonitorRecord(1, key, Role.MAIN, None, None, position_size=Decimal(size), stop=stop)


def stop(seen: PositionStop | None, reported: PositionStop | None = None) -> StopRecord:
    """A stop that is wanted at 0.714."""
    wanted = Stop.of(percent=5)
    return StopRecord(wanted, cycle=1, asked=at("0.714"), rule=RULE, seen=seen, reported=reported)


def events_of(record: MonitorRecord) -> tuple[Event, ...]:
    """What happened; nothing more is reported afterwards."""
    events, reported = what_happened_to_the_stop(record, AT)
    assert what_happened_to_the_stop(reported, AT) == ((), reported)
    return events


def test_a_new_position_got_its_stop() -> None:
    first = replace(stop(at("0.714")), unreported=(intent(NONE, at("0.714")),))
    assert events_of(short(first)) == (StopMoved(NONE, at("0.714"), RULE),)


def test_a_request_that_was_sent_twice_moved_the_stop_once() -> None:
    again, first_time = intent(NONE, at("0.714"), 2), intent(NONE, at("0.714"))
    first = stop(at("0.714")).with_unreported(again).with_unreported(first_time)
    assert first.unreported == (again,)
    assert events_of(short(first)) == (StopMoved(NONE, at("0.714"), RULE),)


def test_a_request_that_is_not_confirmed_is_no_event() -> None:
    waiting = replace(intent(at("0.72"), at("0.714")), status=IntentStatus.SENT)
    open_ = replace(stop(at("0.714"), at("0.72")), intents=(waiting,))
    assert events_of(short(open_)) == ()


def test_what_was_there_when_the_position_was_seen_first_is_no_event() -> None:
    assert events_of(short(stop(at("0.7")))) == ()


def test_a_stop_that_was_removed_and_set_again_says_both() -> None:
    again = replace(stop(at("0.714"), at("0.714")), unreported=(intent(NONE, at("0.714")),))
    assert events_of(short(again)) == (
        StopMovedByOthers(at("0.714"), NONE),
        StopMoved(NONE, at("0.714"), RULE),
    )


def test_a_stop_that_is_gone_was_removed_by_somebody_else() -> None:
    gone = replace(stop(NONE, at("0.714")), unprotected_since=AT, problem="refused")
    assert events_of(short(gone)) == (
        StopMovedByOthers(at("0.714"), NONE),
        Unprotected(AT, Decimal(100), "refused"),
    )


def test_a_stop_that_somebody_moved_stays_where_the_record_says_so() -> None:
    moved = replace(stop(at("0.72"), at("0.714")), asked=at("0.72"), rule=BY_HAND)
    assert events_of(short(moved)) == (StopMovedByOthers(at("0.714"), at("0.72"), stays=True),)
    elsewhere = stop(at("0.72"), at("0.714"))
    assert events_of(short(elsewhere)) == (StopMovedByOthers(at("0.714"), at("0.72")),)


def test_a_request_that_took_effect_late_is_ours() -> None:
    late = stop(at("0.714"), at("0.72"))
    assert events_of(short(late)) == (StopMoved(at("0.72"), at("0.714"), RULE),)


def test_a_read_that_does_not_say_is_no_event_and_forgets_nothing() -> None:
    unsaid = short(stop(None, at("0.714")))
    events, record = what_happened_to_the_stop(unsaid, AT)
    assert (events, record) == ((), unsaid)


def test_a_position_is_unprotected_until_it_is_not() -> None:
    since = AT - timedelta(minutes=3)
    bare = replace(stop(NONE, NONE), unprotected_since=since, problem="refused")
    events, record = what_happened_to_the_stop(short(bare), AT)
    assert events == (Unprotected(since, Decimal(100), "refused"),)
    assert record.stop is not None
    closed = replace(record, position_size=Decimal(0))
    over = replace(record.stop, unprotected_since=None, seen=None)
    assert events_of(replace(closed, stop=over)) == (ProtectedAgain(since, timedelta(minutes=3)),)


def test_the_stop_of_the_last_position_says_nothing_of_the_next_one() -> None:
    since = AT - timedelta(minutes=3)
    last = replace(stop(at("0.714"), at("0.714")), reported_since=since)
    new = replace(for_position(last, 2), seen=NONE)
    assert events_of(short(new)) == (ProtectedAgain(since, timedelta(minutes=3)),)


PRICES = st.sampled_from(["0.7", "0.714", "0.72"]).map(at) | st.just(NONE)


@given(st.lists(st.tuples(PRICES, st.booleans()), max_size=6), st.integers(0, 5))
def test_reporting_later_reports_the_same_requests(
    moves: list[tuple[PositionStop, bool]], cut: int
) -> None:
    """Whether one run reports all confirmed requests, or a run that died leaves them to the next.

    Between two requests somebody else may have removed the stop.
    """
    seen, done = NONE, list[StopIntent]()
    for generation, (asked, removed) in enumerate(moves):
        before = NONE if removed else seen
        if asked != before:
            done.append(intent(before, asked, generation))
            seen = asked

    def reported(record: StopRecord, *intents: StopIntent) -> tuple[list[Event], StopRecord]:
        now = intents[-1].asked if intents else record.seen
        changed = replace(record, seen=now, asked=now, unreported=intents)
        events, after = what_happened_to_the_stop(short(changed), AT)
        assert after.stop is not None
        return list(events), after.stop

    all_at_once, _ = reported(stop(NONE, NONE), *done)
    first, record = reported(stop(NONE, NONE), *done[:cut])
    second, _ = reported(record, *done[cut:])
    assert first + second == all_at_once
