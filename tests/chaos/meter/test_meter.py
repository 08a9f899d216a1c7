"""The meter: intervals begin with writes of ours, end when the cover is right, and miss nothing."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from chaos import draw_history
from chaos.judge.judge import Judge
from chaos.ledger.book import Book, Claim
from chaos.ledger.effects import record_changes
from chaos.ledger.ledger import Cause, Ledger
from chaos.meter.figures import Figures
from chaos.meter.interval import Interval, Side
from chaos.meter.meter import Meter, metered
from trueup.domain.model.identity import MonitorKey, Role
from trueup.domain.model.identity import Side as PositionSide
from trueup.domain.model.record import MonitorRecord
from trueup.simulator import Change, InstrumentSpec, VirtualClock
from trueup.testing import InProcessSimulator

KEY = MonitorKey("main", "BANDUSDT", PositionSide.BUY)
CONTRACT = InstrumentSpec(symbol="BANDUSDT", tick="0.1", step=1, min_quantity=1, max_quantity=1000)


class Bench:
    """One position of 100 on a simulated exchange, and the meter beside it."""

    def __init__(self) -> None:
        self.clock = VirtualClock(1_700_000_000_000)
        self.simulator = InProcessSimulator(self.clock)
        self.ledger = Ledger()
        record = MonitorRecord(1, KEY, Role.MAIN, None, None)
        self.book = self.ledger.books[KEY] = Book(KEY, "Sell", 0, record)
        self.meter = Meter(self.ledger, lambda *_: None)
        self.simulator.listen(self._changed)
        self.simulator.add_account(uid="main", api_key="key", api_secret="secret")
        self.simulator.add_instrument(CONTRACT, Decimal("0.5"))
        self.by_others(self.hold, 100)

    def ours(self, act: Callable[..., object], *given: object) -> None:
        """Something that our write does, now."""
        self._as(Cause.REQUEST, act, given)

    def by_others(self, act: Callable[..., object], *given: object) -> None:
        """Something that the world does, now."""
        self._as(Cause.WORLD, act, given)

    def after(self, milliseconds: int) -> "Bench":
        """Time passes."""
        self.clock.advance(milliseconds)
        return self

    def hold(self, size: int) -> None:
        """The position has this size."""
        self.simulator.set_position("main", "BANDUSDT", "Buy", Decimal(size), Decimal("0.5"))

    def place(self, link_id: str, quantity: int) -> None:
        """An owned take-profit appears in the book."""
        self.ledger.claims["main", link_id] = Claim(KEY, 1, 1)
        self.simulator.record_order(
            "main",
            symbol="BANDUSDT",
            side="Sell",
            orderType="Limit",
            qty=Decimal(quantity),
            price=Decimal("0.6"),
            reduceOnly=True,
            orderLinkId=link_id,
        )

    def cancel(self, link_id: str) -> None:
        """An owned take-profit leaves the book."""
        self.simulator.cancel_by_hand("main", self._id(link_id))

    def fill(self, link_id: str, quantity: int) -> None:
        """An owned take-profit fills."""
        self.simulator.fill("main", self._id(link_id), Decimal(quantity))

    def ends(self) -> list[Interval]:
        """What the meter measured, when the history is over."""
        self.meter.at_rest(self.book, self.clock.now_ms())
        return self.meter.intervals

    def _id(self, link_id: str) -> str:
        return next(o.order_id for o in self.simulator.orders("main") if o.link_id == link_id)

    def _as(self, cause: Cause, act: Callable[..., object], given: tuple[object, ...]) -> None:
        self.ledger.cause = cause
        act(*given)

    def _changed(self, changes: tuple[Change, ...]) -> None:
        self.meter.on_effect(record_changes(self.ledger, changes))


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_a_place_beyond_the_position_is_above_until_a_fill_or_a_write_ends_it(
    bench: Bench,
) -> None:
    bench.ours(bench.place, "A", 100)
    bench.after(500).ours(bench.place, "B", 60)
    bench.after(2000).by_others(bench.hold, 120)
    bench.after(1000).ours(bench.cancel, "B")
    assert bench.ends() == [
        Interval(Side.ABOVE, 3000, Decimal("0.6"), Decimal("1.2") + Decimal(40) / 120)
    ]


def test_what_the_world_does_begins_nothing(bench: Bench) -> None:
    bench.ours(bench.place, "A", 100)
    bench.after(10).by_others(bench.hold, 50)
    bench.after(1000).by_others(bench.cancel, "A")
    bench.after(1000)
    assert bench.ends() == []


def test_a_cancel_is_below_until_as_much_is_covered_again(bench: Bench) -> None:
    bench.ours(bench.place, "A", 60)
    bench.ours(bench.place, "B", 40)
    bench.after(10).ours(bench.cancel, "A")
    bench.after(80).ours(bench.place, "C", 30)
    bench.after(20).ours(bench.place, "D", 30)
    assert bench.ends() == [Interval(Side.BELOW, 100, Decimal("0.6"), Decimal("0.054"))]


def test_what_filled_meanwhile_need_not_be_covered_again(bench: Bench) -> None:
    bench.ours(bench.place, "A", 50)
    bench.ours(bench.place, "B", 50)
    bench.after(10).ours(bench.cancel, "A")
    bench.after(100).by_others(bench.fill, "B", 50)
    bench.after(100).ours(bench.place, "C", 50)
    (interval,) = bench.ends()
    assert (interval.side, interval.length_ms, interval.depth) == (Side.BELOW, 200, Decimal(1))


def test_what_never_ends_is_measured_to_the_end_of_the_history(bench: Bench) -> None:
    bench.ours(bench.place, "A", 100)
    bench.after(10).ours(bench.cancel, "A")
    bench.after(5000)
    assert bench.ends() == [Interval(Side.BELOW, 5000, Decimal(1), Decimal(5))]


def test_what_ends_within_its_millisecond_is_not_counted(bench: Bench) -> None:
    bench.ours(bench.place, "A", 100)
    bench.after(10).ours(bench.cancel, "A")
    bench.ours(bench.place, "B", 100)
    assert bench.ends() == []


def test_the_figures_of_no_history_are_zeros() -> None:
    assert dict(Figures.of(Side.ABOVE, []).rows()) == {
        "histories with one": "0",
        "intervals": "0",
        "total length": "0.0 s",
        "length p50, p95, longest": "0.000 s · 0.000 s · 0.000 s",
        "depth p50, p95, deepest": "0 % · 0 % · 0 %",
        "depth × length": "0.00 positions × s",
    }


def test_a_history_is_measured_as_it_is_played(monkeypatch: pytest.MonkeyPatch) -> None:
    seeds = [seed for seed in range(1, 40) if metered(draw_history(seed))]
    assert seeds
    monkeypatch.setattr(Judge, "_found", lambda *_: pytest.fail("the meter judges nothing"))
    first = draw_history(seeds[0])
    assert metered(first) == metered(first)
