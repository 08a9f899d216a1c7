"""Somebody else keeps changing orders that trueup owns: one alert, ever longer pauses, no fight."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.engine.contesting import BAND, OURS, THEIRS, Engine, Venue
from trueup import Ladder, MonitorRecord, RunOutcome
from trueup.simulator import Fault, FaultKind

FIGHT = "somebody else keeps changing TP orders of main BANDUSDT Buy"
OVER = "nobody else has changed a TP order of main BANDUSDT Buy for 10 min"
MINUTE_MS = 60_000


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


def drag(venue: Venue) -> None:
    """Somebody drags the nearest take-profit, a little farther each time."""
    venue.amend(0, price=str(venue.orders[0].price + Decimal("0.0011")))


def cancel(venue: Venue) -> None:
    """Somebody cancels the nearest take-profit."""
    venue.sim.cancel_by_hand("main", venue.orders[0].order_id)
    venue.pass_by(10)


def shrink(venue: Venue) -> None:
    """Somebody takes a part of the nearest take-profit off."""
    venue.amend(0, qty=str(venue.orders[0].leaves - 10))


HANDS = [drag, cancel, shrink]


@pytest.mark.parametrize("hand", HANDS)
def test_what_a_person_changes_once_or_twice_is_repaired_at_once(
    venue: Venue, engine: Engine, hand: Callable[[Venue], None]
) -> None:
    for _ in range(2):
        hand(venue)
        assert engine.run().outcome is RunOutcome.SUCCESS
        assert venue.covered == 1000
    assert engine.named(FIGHT) == []
    assert engine.run().outcome is RunOutcome.IN_SYNC


@pytest.mark.parametrize("hand", HANDS)
def test_the_third_change_in_a_row_is_alerted_and_waits(
    venue: Venue, engine: Engine, hand: Callable[[Venue], None]
) -> None:
    contest(venue, engine, hand)
    assert [alert.status for alert in engine.named(FIGHT)] == [RunOutcome.SKIPPED]
    alert = engine.named(FIGHT)[0].text
    assert "3 times in a row" in alert
    assert f"{venue.covered.normalize():f} of 1000 is covered" in alert
    assert "trueup repairs them in 30 s" in alert
    venue.sent()
    assert engine.run().outcome is RunOutcome.SKIPPED
    assert venue.sent() == 0
    assert len(engine.alerts) == 4
    venue.pass_by(30_000)
    assert engine.run().outcome is RunOutcome.SUCCESS
    assert venue.covered == 1000


def test_in_the_pause_what_ceases_to_be_covered_is_alerted_once(
    venue: Venue, engine: Engine
) -> None:
    contest(venue, engine)
    told = len(engine.alerts)
    for covered in ("150", "100", "50"):
        cancel(venue)
        venue.sent()
        requests = len(venue.sim.requests)
        for _ in range(3):
            report = engine.run()
            assert (report.outcome, report.writes) == (RunOutcome.SKIPPED, 0)
            assert report.covered == venue.covered == Decimal(covered)
            venue.pass_by(1000)
        assert len(venue.sim.requests) - requests <= 15
        told += 1
        assert len(engine.alerts) == told
        assert f"{covered} of 1000 is covered" in engine.alerts[-1].text
    assert not venue.sent()


def contest(venue: Venue, engine: Engine, hand: Callable[[Venue], None] = drag) -> MonitorRecord:
    """Three changes in a row, of which two are repaired."""
    for _ in range(2):
        hand(venue)
        assert engine.run().outcome is RunOutcome.SUCCESS
    hand(venue)
    report = engine.run()
    assert report.outcome is RunOutcome.SKIPPED
    due = report.record.next_try_at
    assert due is not None
    assert timedelta(seconds=29) < due - venue.sim.clock.now() <= timedelta(seconds=30)
    return report.record


def test_orders_in_no_list_are_left_alone_until_the_cool_down_is_over(
    venue: Venue, engine: Engine
) -> None:
    """To ask them to stay as they are would undo what somebody has changed meanwhile."""
    contest(venue, engine)
    venue.sent()
    venue.sim.inject(Fault(kind=FaultKind.ROWS_LEFT_OUT, path="order/realtime", times=None))
    assert engine.run().outcome is RunOutcome.FAILED
    assert venue.sent() == 0
    venue.pass_by(30_000)
    engine.run()
    assert venue.sent() == 1


def test_what_orders_in_no_list_cover_is_left_as_somebody_has_made_it(
    venue: Venue, engine: Engine
) -> None:
    """Seed 1514494: one was made as large as on record beside one that had grown: above all."""
    venue.sim.inject(Fault(kind=FaultKind.ROWS_LEFT_OUT, path="order/realtime", times=None))
    venue.amend(1, qty="80")
    venue.amend(2, qty="20")
    engine.run()
    assert venue.sent() == 1
    assert [str(order.leaves) for order in venue.orders] == ["850", "80", "20", "50"]


def test_what_of_too_much_no_order_fits_waits_like_any_repair(venue: Venue, engine: Engine) -> None:
    """Seed 1836606: one order that was too many went, the rest stayed, and all counted as well."""
    contest(venue, engine)
    engine.reconciler.watch("main", BAND, "Buy", Ladder.of(("0.7100", 100)))
    venue.amend(0, qty=str(1070 - venue.covered + venue.orders[0].leaves))
    report = engine.run()
    assert venue.covered == 1020
    assert report.outcome is RunOutcome.PARTIAL
    assert report.record.next_try_at is not None


def test_changes_that_are_far_apart_are_no_contest(venue: Venue, engine: Engine) -> None:
    for _ in range(6):
        drag(venue)
        assert engine.run().outcome is RunOutcome.SUCCESS
        venue.pass_by(10 * MINUTE_MS)
    assert engine.named(FIGHT) == []


def test_each_further_change_waits_twice_as_long_up_to_the_cap(
    venue: Venue, engine: Engine
) -> None:
    waits = [30]
    due = contest(venue, engine).next_try_at
    while len(waits) < 8:
        assert due is not None
        venue.pass_by(int((due - venue.sim.clock.now()) / timedelta(milliseconds=1)) + 1)
        assert engine.run().outcome is RunOutcome.SUCCESS
        drag(venue)
        due = engine.run().record.next_try_at
        assert due is not None
        waits.append(round((due - venue.sim.clock.now()).total_seconds()))
    assert waits == [30, 60, 120, 240, 480, 900, 900, 900]
    assert len(engine.named(FIGHT)) == 1
    assert len(engine.alerts) == 4


def test_a_restart_shortens_no_wait(venue: Venue, engine: Engine) -> None:
    due = contest(venue, engine).next_try_at
    engine.restart()
    again = engine.run()
    assert (again.outcome, again.writes) == (RunOutcome.SKIPPED, 0)
    assert again.record.next_try_at == due


def test_a_position_that_moved_is_followed_at_once(venue: Venue, engine: Engine) -> None:
    contest(venue, engine, cancel)
    venue.sim.set_position("main", "BANDUSDT", "Buy", "1200", "0.7000")
    venue.pass_by(10)
    assert engine.run().outcome is RunOutcome.SUCCESS
    assert venue.covered == 1200


def test_a_position_that_moved_there_and_back_is_followed_at_once(
    venue: Venue, engine: Engine
) -> None:
    """A TP fills and an entry follows: other orders have to rest, though it is as large again."""
    contest(venue, engine, cancel)
    venue.sim.set_position("main", "BANDUSDT", "Buy", "800", "0.7000")
    venue.pass_by(10)
    back = iter([True])

    def move_back(_changes: object) -> None:
        if next(back, False):
            venue.sim.set_position("main", "BANDUSDT", "Buy", "1000", "0.7000")

    venue.sim.listen(move_back)
    assert engine.run().outcome is RunOutcome.SUCCESS
    assert venue.covered == 1000


def test_cover_above_the_position_is_given_up_at_once_and_no_more_than_that(
    venue: Venue, engine: Engine
) -> None:
    contest(venue, engine)
    venue.amend(1, qty="250")
    assert venue.covered == 1200
    report = engine.run()
    assert venue.covered == 1000
    assert report.outcome is RunOutcome.PARTIAL
    assert min(venue.covers) >= 1000 - 850  # the hands' own doing, never a write of ours
    venue.pass_by(30_000)
    engine.run()
    assert [order.leaves for order in venue.orders] == [850, 50, 50, 50]


def test_when_it_stops_one_all_clear_says_so(venue: Venue, engine: Engine) -> None:
    contest(venue, engine)
    venue.pass_by(30_001)
    report = engine.run()
    assert report.outcome is RunOutcome.SUCCESS
    due = report.record.next_try_at
    assert due is not None
    venue.pass_by(int((due - venue.sim.clock.now()) / timedelta(milliseconds=1)) + 1)
    over = engine.run()
    assert (over.outcome, over.record.next_try_at) == (RunOutcome.IN_SYNC, None)
    assert engine.run().alert is None
    assert len(engine.named(OVER)) == 1
    drag(venue)
    assert engine.run().outcome is RunOutcome.SUCCESS


@pytest.mark.timeout(400)  # five thousand runs
def test_two_engines_with_different_ladders_do_not_fight(venue: Venue, engine: Engine) -> None:
    """Each wakes the other with every write; both look every second all the same."""
    rival = Engine(venue.sim, THEIRS)
    writes_of_a_minute: list[int] = []
    venue.covers.clear()
    for _ in range(40):
        for _ in range(60):
            for one in (rival, engine):
                one.run()
            venue.pass_by(1000)
        writes_of_a_minute.append(venue.sent())
    assert max(writes_of_a_minute) <= 20
    assert sum(writes_of_a_minute[10:]) <= 12
    for one in (engine, rival):
        assert len(one.named(FIGHT)) == 1
        assert len(one.alerts) <= 5
    # What one places for its third and fourth level, the other does not own.
    assert max(venue.covers) <= 1000 + 2 * 50
    assert venue.covered == 1000
    for _ in range(60):
        engine.run()
        venue.pass_by(MINUTE_MS)
    assert len(engine.named(OVER)) == 1
    assert [order.leaves for order in venue.orders] == [850, 50, 50, 50]
