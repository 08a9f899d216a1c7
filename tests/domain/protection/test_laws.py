"""What holds for every stop, in whatever order the facts become known."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from trueup import Ladder, Side
from trueup.domain.model.instrument import Instrument
from trueup.domain.model.stop import Breakeven, Stop, Trailing
from trueup.domain.protection.facts import StopFacts
from trueup.domain.protection.prices import tighter
from trueup.domain.protection.rules import wanted_stop

from .positions import kept, on_record

D = Decimal
SIDES = st.sampled_from(Side)
LEVELS = st.integers(1, 4)
PERCENTS = st.decimals("0.01", 9, places=2)
EVENS = st.builds(Breakeven, LEVELS, st.none() | PERCENTS, st.none() | st.decimals(0, 1, places=2))
BY_FEES = st.builds(Breakeven, LEVELS, st.none() | PERCENTS, fees=st.sampled_from([True]))
TRAILINGS = st.builds(Trailing, percent=PERCENTS, after_level=st.none() | LEVELS) | st.builds(
    Trailing, distance=st.just(D(1))
)
STARTS = st.builds(Stop, percent=PERCENTS) | st.builds(Stop, price=st.decimals(80, 120, places=2))


@st.composite
def stops(draw: st.DrawFn) -> Stop:
    """A first stop with any of the rules that tighten it."""
    return replace(
        draw(STARTS),
        breakeven=draw(st.none() | EVENS | BY_FEES),
        moving_target=draw(st.none() | LEVELS),
        behind_target=draw(st.none() | PERCENTS),
        trailing=draw(st.none() | TRAILINGS),
    )


@st.composite
def positions(draw: st.DrawFn) -> StopFacts:
    """A position near 100 with four levels, on a coarse or a fine tick."""
    side = draw(SIDES)
    tick = draw(st.sampled_from([D("0.01"), D("0.05"), D("0.5")]))
    entry = draw(st.decimals(99, 101, places=6))
    gains = draw(st.lists(st.integers(3, 30), min_size=4, max_size=4, unique=True).map(sorted))
    sign = 1 if side is Side.BUY else -1
    prices = [100 + sign * gain for gain in gains]
    ladder = Ladder.of(*((price, 25) for price in prices))
    rules = Instrument("BANDUSDT", tick, D(1), D(1), D(1000))
    fees = draw(st.none() | st.decimals(0, "0.1", places=4))
    return StopFacts(side, entry, D(40), rules, ladder, fees=fees)


def best_of(side: Side, one: Decimal, other: Decimal) -> Decimal:
    """The better of two prices of the market; 0 is none."""
    if not one or not other:
        return one or other
    return one if tighter(side, one, other) else other


PRICES = st.decimals(70, 130, places=2)
CHANGES = st.lists(LEVELS | PRICES, max_size=8)


def learned(facts: StopFacts, change: Decimal | int) -> StopFacts:
    """The facts once a fill of a level, or a price of the market, is known as well."""
    if isinstance(change, int):
        return replace(facts, done=facts.done | {change})
    return replace(facts, best=best_of(facts.side, facts.best, change))


@given(stop=stops(), facts=positions(), changes=CHANGES, data=st.data())
def test_the_order_in_which_facts_become_known_makes_no_difference(
    stop: Stop, facts: StopFacts, changes: list[Decimal | int], data: st.DataObject
) -> None:
    start = kept(stop, facts)
    at_once = start
    for change in changes:
        at_once = learned(at_once, change)
    one_by_one = start
    for change in data.draw(st.permutations(changes + changes[:2])):
        one_by_one = kept(stop, learned(one_by_one, change))
    assert kept(stop, one_by_one) == kept(stop, at_once)


@given(stop=stops(), facts=positions(), changes=CHANGES, entries=st.lists(PRICES, max_size=8))
def test_no_rule_loosens_the_stop(
    stop: Stop, facts: StopFacts, changes: list[Decimal | int], entries: list[Decimal]
) -> None:
    for change in (None, *changes):
        before = facts.tightest
        if change is not None:
            facts = learned(facts, change)
        if entries:
            facts = replace(facts, entry=entries.pop(), best=D(0), size=facts.size + 1)
        wanted = wanted_stop(stop, facts)
        assert not wanted.loosens
        if before is not None:
            assert wanted.trigger is not None
            assert not tighter(facts.side, before, wanted.trigger)
        facts = on_record(facts, wanted)


@given(stop=stops(), facts=positions(), changes=CHANGES, follows=st.booleans())
def test_on_record_it_changes_nothing_more(
    stop: Stop, facts: StopFacts, changes: list[Decimal | int], *, follows: bool
) -> None:
    stop = replace(stop, follow_average=follows and stop.percent is not None)
    for change in changes:
        facts = learned(facts, change)
    facts = kept(stop, facts)
    assert kept(stop, facts) == facts
    assert not wanted_stop(stop, facts).loosens


@given(stop=stops(), facts=positions(), changes=CHANGES)
def test_the_stop_is_on_the_tick(
    stop: Stop, facts: StopFacts, changes: list[Decimal | int]
) -> None:
    for change in changes:
        facts = learned(facts, change)
    wanted = wanted_stop(stop, facts)
    tick = facts.instrument.tick
    assert wanted.trigger is None or wanted.trigger % tick == 0
    if wanted.trailing is not None and stop.trailing and stop.trailing.percent:
        assert wanted.trailing.distance % tick == 0


@given(percent=PERCENTS, facts=positions())
def test_a_percentage_loses_but_no_more_than_was_asked(percent: Decimal, facts: StopFacts) -> None:
    trigger = wanted_stop(Stop(percent=percent), facts).trigger
    assert trigger is not None
    assert tighter(facts.side, facts.entry, trigger)
    loss = abs(facts.entry - trigger)
    assert loss <= max(facts.entry * percent / 100, facts.instrument.tick)


@given(
    even=BY_FEES,
    facts=positions(),
    paid=st.decimals("-0.1", 1, places=4),
    rate=st.decimals(0, "0.002", places=5),
)
def test_breakeven_by_fees_never_loses_where_the_market_fills_it_at_its_price(
    even: Breakeven, facts: StopFacts, paid: Decimal, rate: Decimal
) -> None:
    facts = replace(facts, done=frozenset({4}), fees=paid, taker_rate=rate)
    trigger = wanted_stop(Stop(percent=D(2), breakeven=even), facts).trigger
    assert trigger is not None
    sign = 1 if facts.side is Side.BUY else -1

    def left(price: Decimal) -> Decimal:
        return sign * (price - facts.entry) - paid - rate * price

    assert left(trigger) >= 0
    looser = trigger - sign * facts.instrument.tick
    assert left(looser) < 0 or tighter(facts.side, facts.entry, looser), "no farther than it has to"


@given(even=EVENS | BY_FEES, facts=positions())
def test_breakeven_never_loses(even: Breakeven, facts: StopFacts) -> None:
    facts = replace(facts, done=frozenset({4}))
    trigger = wanted_stop(Stop(percent=D(2), breakeven=even), facts).trigger
    assert trigger is not None
    assert not tighter(facts.side, facts.entry, trigger)


@given(
    percent=PERCENTS,
    even=st.none() | EVENS,
    target=st.none() | LEVELS,
    facts=positions(),
    changes=CHANGES,
)
def test_a_sell_position_mirrors_a_buy_position(
    percent: Decimal,
    even: Breakeven | None,
    target: int | None,
    facts: StopFacts,
    changes: list[Decimal | int],
) -> None:
    stop = Stop(percent=percent, breakeven=even, moving_target=target)
    facts = replace(facts, entry=D(100))
    assert facts.ladder is not None
    mirrored = replace(
        facts,
        side=facts.side.opposite,
        ladder=Ladder.of(*((200 - level.price, level.share) for level in facts.ladder.levels)),
    )
    for change in changes:
        facts = learned(facts, change)
        mirrored = learned(mirrored, change if isinstance(change, int) else 200 - change)
    one, other = wanted_stop(stop, facts), wanted_stop(stop, mirrored)
    assert one.trigger is not None
    assert other.trigger == 200 - one.trigger
    assert other.rule == one.rule
