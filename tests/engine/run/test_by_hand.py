"""TPs that a person moves, resizes or cancels in the app: put back, or followed."""

from collections.abc import Callable

import pytest

from tests.engine.contesting import BAND, Engine, Venue
from trueup import ByHand, Ladder, LadderChanged, RunOutcome, RunSettings, Side
from trueup.domain.model.instrument import plain
from trueup.domain.stopping.control import ControlKind

OURS = Ladder.of(("0.7100", 85), ("0.7200", 10), ("0.7300", 5))


@pytest.fixture
def venue() -> Venue:
    """An exchange with a long."""
    return Venue()


def engine_on(venue: Venue, by_hand: ByHand) -> Engine:
    """An engine whose ladder rests."""
    engine = Engine(venue.sim, OURS, settings=RunSettings(by_hand=by_hand))
    assert engine.run().outcome is RunOutcome.SUCCESS
    return engine


def ladder(venue: Venue) -> list[str]:
    """What rests, nearest first."""
    return [f"{plain(order.price)} {plain(order.leaves)}" for order in venue.orders]


WHOLE = ["0.71 850", "0.72 100", "0.73 50"]


def test_what_is_put_back_is_said_to_be(venue: Venue) -> None:
    engine = engine_on(venue, ByHand.RESTORE)
    venue.amend(1, price="0.7250")
    assert engine.run().events == ()
    assert ladder(venue) == WHOLE
    assert "somebody else moved TP2 from 0.72 to 0.725: put back" in engine.alerts[-1].text
    venue.amend(2, qty="20")
    engine.run()
    assert ladder(venue) == WHOLE
    assert "somebody else resized TP3 from 50 to 20: put back" in engine.alerts[-1].text


def test_what_is_placed_again_is_said_to_be(venue: Venue) -> None:
    engine = engine_on(venue, ByHand.RESTORE)
    venue.sim.cancel_by_hand("main", venue.orders[1].order_id)
    venue.pass_by(10)
    engine.run()
    assert ladder(venue) == WHOLE
    assert "somebody else cancelled TP2: placed again" in engine.alerts[-1].text


def test_a_price_is_followed_and_nothing_is_sent(venue: Venue) -> None:
    engine = engine_on(venue, ByHand.ADOPT)
    venue.amend(1, price="0.7250")
    venue.sent()
    report = engine.run()
    followed = Ladder.of(("0.7100", 85), ("0.7250", 10), ("0.7300", 5))
    assert (report.outcome, report.events) == (
        RunOutcome.IN_SYNC,
        (LadderChanged("exchange", OURS, followed),),
    )
    assert venue.sent() == 0
    text = engine.alerts[-1].text
    assert text.startswith("🪜 LADDER CHANGED\n")
    assert "somebody else moved TP2 from 0.72 to 0.725: the ladder follows" in text
    assert engine.run().alert is None
    assert report.record.contests == 0


def test_a_level_that_passes_another_one_keeps_its_order_and_its_share(venue: Venue) -> None:
    engine = engine_on(venue, ByHand.ADOPT)
    venue.amend(0, price="0.7400")
    venue.sent()
    report = engine.run()
    assert venue.sent() == 0
    assert ladder(venue) == ["0.72 100", "0.73 50", "0.74 850"]
    assert [order.level for order in report.record.resting] == [1, 2, 3]


def test_a_price_that_makes_no_ladder_is_put_back(venue: Venue) -> None:
    engine = engine_on(venue, ByHand.ADOPT)
    venue.amend(1, price="0.7300")
    assert engine.run().events == ()
    assert ladder(venue) == WHOLE
    text = engine.alerts[-1].text
    assert "the price 0.73 is not adopted: two levels have the same price" in text
    assert "somebody else moved TP2 from 0.72 to 0.73" in text


def test_a_quantity_is_never_followed(venue: Venue) -> None:
    engine = engine_on(venue, ByHand.ADOPT)
    venue.amend(1, price="0.7250", qty="20")
    engine.run()
    assert ladder(venue) == ["0.71 850", "0.725 100", "0.73 50"]


def test_the_same_ladder_given_again_undoes_nothing_and_another_one_does(venue: Venue) -> None:
    """As a restart gives it, from the configuration file."""
    engine = engine_on(venue, ByHand.ADOPT)
    venue.amend(1, price="0.7250")
    engine.run()
    engine.restart()
    engine.reconciler.watch("main", BAND, Side.BUY, OURS)
    engine.run()
    assert ladder(venue) == ["0.71 850", "0.725 100", "0.73 50"]
    other = Ladder.of(("0.7150", 85), ("0.7200", 10), ("0.7300", 5))
    engine.reconciler.watch("main", BAND, Side.BUY, other)
    engine.run()
    assert ladder(venue) == ["0.715 850", "0.72 100", "0.73 50"]


@pytest.mark.parametrize("how", ["moved", "resized", "cancelled"])
def test_a_change_pauses_the_monitor_and_stays_as_it_is(venue: Venue, how: str) -> None:
    engine = engine_on(venue, ByHand.PAUSE)
    changes: dict[str, Callable[[], object]] = {
        "moved": lambda: venue.amend(1, price="0.7250"),
        "resized": lambda: venue.amend(1, qty="70"),
        "cancelled": lambda: venue.sim.cancel_by_hand("main", venue.orders[1].order_id),
    }
    changes[how]()
    venue.pass_by(10)
    there = ladder(venue)
    venue.sent()
    for _ in range(3):
        assert engine.run().outcome is RunOutcome.SKIPPED
    assert (venue.sent(), ladder(venue)) == (0, there)
    (pause,) = engine.store.controls()
    assert (pause.kind, pause.by, pause.is_in_force) == (ControlKind.PAUSE, "trueup", True)
    assert pause.reason.startswith(f"somebody else {how} TP2")
    assert "paused by trueup since" in engine.alerts[-1].text
    engine.reconciler.resume("main", BAND, "Buy")
    engine.run()
    assert ladder(venue) == WHOLE


def test_fills_and_writes_of_our_own_pause_nothing(venue: Venue) -> None:
    engine = engine_on(venue, ByHand.PAUSE)
    venue.sim.set_position("main", BAND, "Buy", "2000", "0.7000")
    assert engine.run().outcome is RunOutcome.SUCCESS
    assert engine.run().outcome is RunOutcome.IN_SYNC
    assert engine.store.controls() == ()


def test_a_level_that_has_filled_does_not_come_back_when_another_one_is_moved(
    venue: Venue,
) -> None:
    engine = engine_on(venue, ByHand.ADOPT)
    venue.amend(1, price="0.6900")
    engine.run()
    assert [one for one in ladder(venue) if one.startswith("0.72")] == []
    venue.amend(0, price="0.7150")
    venue.sent()
    engine.run()
    assert (venue.sent(), ladder(venue)) == (0, ["0.715 850", "0.73 50"])


def test_a_preview_says_that_a_run_would_pause_and_pauses_nothing(venue: Venue) -> None:
    engine = engine_on(venue, ByHand.PAUSE)
    venue.amend(1, price="0.7250")
    shown = engine.reconciler.preview(engine.monitor)
    assert shown.event == "unrecoverable"
    assert "somebody else moved TP2 from 0.72 to 0.725" in shown.detail
    assert engine.store.controls() == ()
