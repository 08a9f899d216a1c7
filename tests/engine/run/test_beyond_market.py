"""Levels whose price the market has passed: filled at once, waited with, or refused."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from tests.engine.contesting import BAND, OURS, Engine, Venue
from trueup import BeyondMarket, Ladder, LevelFilled, Recovered, RunOutcome, RunSettings, Uncovered
from trueup.domain.model.instrument import plain
from trueup.domain.model.observation import Observation
from trueup.domain.tracking.drift import drift_of
from trueup.simulator.api import rows
from trueup.testing import in_process_exchange

WAITS = "TP1's 850 at 0.71 waits: the market has passed that price"
REFUSED = "TP1's 850 at 0.71 is withheld: the market has passed that price, and it would fill"
UNKNOWN = "TP1's 850 at 0.71 is withheld: the mark price is unknown, and it might fill at once"


@pytest.fixture
def venue() -> Venue:
    """A long whose market has passed TP1, and not TP2."""
    venue = Venue()
    venue.sim.set_price(BAND, "0.7150")
    return venue


def engine_on(venue: Venue, verdict: BeyondMarket, ladder: Ladder = OURS) -> Engine:
    return Engine(venue.sim, ladder, settings=RunSettings(beyond_market=verdict))


def ladder(venue: Venue) -> list[str]:
    """What rests, nearest first."""
    return [f"{plain(order.price)} {plain(order.leaves)}" for order in venue.orders]


REST = ["0.72 50", "0.73 50", "0.74 50"]
WHOLE = ["0.71 850", *REST]


def test_by_default_it_fills_at_once(venue: Venue) -> None:
    report = engine_on(venue, BeyondMarket.FILL).run()
    fills = [event for event in report.events if isinstance(event, LevelFilled)]
    assert [(one.level, one.quantity, one.at_once) for one in fills] == [(1, Decimal(850), True)]
    assert ladder(venue) == REST


def test_a_level_that_waits_is_placed_when_the_market_has_come_back(venue: Venue) -> None:
    engine = engine_on(venue, BeyondMarket.WAIT)
    report = engine.run()
    assert report.outcome is RunOutcome.SUCCESS
    assert ladder(venue) == REST
    lines = engine.alerts[-1].text.splitlines()
    assert lines.count(f"  {WAITS}") == 1
    assert lines.count("  150 of 1000 is covered, 850 is not") == 1
    (bare,) = [event for event in report.events if isinstance(event, Uncovered)]
    assert (bare.quantity, bare.why) == (Decimal(850), WAITS)
    venue.sent()
    assert engine.run().outcome is RunOutcome.IN_SYNC
    assert (venue.sent(), len(engine.alerts)) == (0, 1)
    venue.sim.set_price(BAND, "0.7099")
    report = engine.run()
    assert report.outcome is RunOutcome.SUCCESS
    assert ladder(venue) == WHOLE
    assert any(isinstance(event, Recovered) for event in report.events)
    assert report.record.withheld == ()


def test_at_the_mark_price_it_waits(venue: Venue) -> None:
    venue.sim.set_price(BAND, "0.7100")
    engine_on(venue, BeyondMarket.WAIT).run()
    assert ladder(venue) == REST


def test_where_nothing_else_is_to_be_done_one_alert_says_that_a_level_waits(venue: Venue) -> None:
    engine = engine_on(venue, BeyondMarket.WAIT, Ladder.of(("0.7100", 100)))
    report = engine.run()
    assert report.outcome is RunOutcome.IN_SYNC
    assert len(engine.alerts) == 1
    assert "TP1's 1000 at 0.71 waits: the market has passed that price" in engine.alerts[0].text
    assert "0 of 1000 is covered, 1000 is not" in engine.alerts[0].text
    venue.pass_by(7 * 3600 * 1000)
    engine.run()
    assert len(engine.alerts) == 1


def test_a_refusal_is_partial_until_the_market_has_come_back(venue: Venue) -> None:
    engine = engine_on(venue, BeyondMarket.REFUSE)
    assert engine.run().outcome is RunOutcome.PARTIAL
    assert ladder(venue) == REST
    assert REFUSED in engine.alerts[-1].text
    assert "give the monitor another ladder, or set beyond_market" in engine.alerts[-1].text
    again = engine.run()
    assert (again.outcome, again.record.attempts) == (RunOutcome.PARTIAL, 2)
    alerted = len(engine.alerts)
    engine.run()
    assert len(engine.alerts) == alerted
    venue.sim.set_price(BAND, "0.7050")
    assert engine.run().outcome is RunOutcome.SUCCESS
    assert ladder(venue) == WHOLE


@pytest.mark.parametrize("verdict", [BeyondMarket.WAIT, BeyondMarket.REFUSE])
@pytest.mark.parametrize("shown", ["", "0"])
def test_an_unknown_mark_price_withholds_and_is_said(
    venue: Venue, verdict: BeyondMarket, shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "position_row", without_mark(rows.position_row, shown))
    engine = engine_on(venue, verdict)
    report = engine.run()
    assert report.outcome is RunOutcome.PARTIAL
    assert ladder(venue) == []
    assert UNKNOWN in engine.alerts[-1].text
    monkeypatch.undo()
    venue.sim.set_price(BAND, "0.7000")
    assert engine.run().outcome is RunOutcome.SUCCESS
    assert ladder(venue) == WHOLE


def without_mark(
    row: Callable[..., dict[str, object]], shown: str
) -> Callable[..., dict[str, object]]:
    def shows_none(*args: object, **named: object) -> dict[str, object]:
        return {**row(*args, **named), "markPrice": shown}

    return shows_none


def test_an_order_that_rests_is_resized_wherever_the_market_is(venue: Venue) -> None:
    venue.sim.set_price(BAND, "0.7000")
    engine = engine_on(venue, BeyondMarket.WAIT)
    engine.run()
    venue.sim.open_position("main", BAND, "Buy", "1000", "0.7000")
    engine.run()
    assert ladder(venue) == ["0.71 1700", "0.72 100", "0.73 100", "0.74 100"]


def test_an_order_that_would_be_moved_beyond_the_market_stays_where_it_is(venue: Venue) -> None:
    engine = engine_on(venue, BeyondMarket.WAIT, Ladder.of(("0.7300", 60), ("0.7400", 40)))
    engine.run()
    engine.monitor = engine.reconciler.watch(
        "main", BAND, "Buy", Ladder.of(("0.7100", 70), ("0.7400", 30))
    )
    assert engine.run().outcome is RunOutcome.SUCCESS
    assert ladder(venue) == ["0.73 700", "0.74 300"]
    assert "TP1's 700 at 0.71 waits" in engine.alerts[-1].text
    venue.sent()
    assert engine.run().outcome is RunOutcome.IN_SYNC
    assert venue.sent() == 0
    venue.sim.set_price(BAND, "0.7000")
    engine.run()
    assert ladder(venue) == ["0.71 700", "0.74 300"]


def test_nothing_shrinks_for_a_level_that_waits(venue: Venue) -> None:
    engine = engine_on(venue, BeyondMarket.WAIT, Ladder.of(("0.7300", 60), ("0.7400", 40)))
    engine.run()
    three = Ladder.of(("0.7100", 50), ("0.7300", 30), ("0.7400", 20))
    engine.monitor = engine.reconciler.watch("main", BAND, "Buy", three)
    venue.sent()
    assert engine.run().outcome is RunOutcome.IN_SYNC
    assert (venue.sent(), ladder(venue)) == (0, ["0.73 600", "0.74 400"])
    venue.sim.set_price(BAND, "0.7000")
    engine.run()
    assert ladder(venue) == ["0.71 500", "0.73 300", "0.74 200"]


def test_the_parts_of_a_split_level_wait_together(venue: Venue) -> None:
    venue = Venue(max_quantity="500")
    venue.sim.set_price(BAND, "0.7150")
    engine = engine_on(venue, BeyondMarket.WAIT)
    engine.run()
    assert ladder(venue) == REST
    assert WAITS in engine.alerts[-1].text
    venue.sim.set_price(BAND, "0.7000")
    engine.run()
    assert ladder(venue) == ["0.71 500", "0.71 350", *REST]


def test_a_level_that_is_merged_goes_by_the_price_of_the_other(venue: Venue) -> None:
    tiny = Ladder.of(("0.7100", "0.005"), ("0.7200", "99.995"))
    engine = engine_on(venue, BeyondMarket.WAIT, tiny)
    assert engine.run().outcome is RunOutcome.SUCCESS
    assert ladder(venue) == ["0.72 1000"]
    assert engine.run().record.withheld == ()


def test_a_sweep_sees_nothing_before_the_market_has_come_back(venue: Venue) -> None:
    engine = engine_on(venue, BeyondMarket.WAIT)
    record = engine.run().record

    def drift() -> str | None:
        seen = in_process_exchange(engine.account, venue.sim).survey((BAND,))
        assert isinstance(seen, Observation)
        return drift_of(record, seen)

    assert drift() is None
    venue.sim.set_price(BAND, "0.7100")
    assert drift() is None
    venue.sim.set_price(BAND, "0.7099")
    assert drift() == "the market has come back: TP1 at 0.71 may be placed"
    record = engine.run().record
    assert drift() is None


def test_a_mirror_goes_by_the_market_of_its_own_position() -> None:
    """Its environment may show another mark price; nothing of its main's is asked for."""
    beyond, before = Venue(), Venue()
    beyond.sim.set_price(BAND, "0.7150")
    for venue, rests in ((beyond, REST), (before, WHOLE)):
        engine_on(venue, BeyondMarket.WAIT).run()
        assert ladder(venue) == rests


def test_a_preview_says_what_is_withheld(venue: Venue) -> None:
    engine = engine_on(venue, BeyondMarket.WAIT)
    shown = engine.reconciler.preview(engine.monitor)
    assert shown.actions == (
        "place TP2 50 at 0.72",
        "place TP3 50 at 0.73",
        "place TP4 50 at 0.74",
    )
    assert shown.targets is not None
    assert [str(one) for one in shown.targets.withheld] == [WAITS]
