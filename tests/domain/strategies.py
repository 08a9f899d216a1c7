"""Random instruments, ladders and positions for the laws."""

from decimal import Decimal
from itertools import pairwise

from hypothesis import strategies as st

from trueup import Ladder, Side
from trueup.domain.model.instrument import Instrument
from trueup.domain.planning.targets import LevelProgress


@st.composite
def instruments(draw: st.DrawFn, *, roomy: bool = False) -> Instrument:
    """Rules from step 0.001 to 1000, with small or absent minimums and maximums."""
    step = Decimal(1).scaleb(draw(st.integers(-3, 3)))
    minimum = step * draw(st.integers(1, 1 if roomy else 30))
    most = step * (10**9 if roomy else draw(st.integers(60, 100_000)))
    return Instrument(
        symbol="BANDUSDT",
        tick=Decimal("0.0001"),
        quantity_step=step,
        min_quantity=minimum,
        max_quantity=max(most, minimum * 4),
        min_notional=Decimal(0) if roomy else Decimal(draw(st.sampled_from([0, 5]))),
    )


@st.composite
def ladders(draw: st.DrawFn, side: Side = Side.BUY) -> Ladder:
    """One to six levels, shares of whole percents."""
    count = draw(st.integers(1, 6))
    cuts = draw(st.lists(st.integers(1, 99), min_size=count - 1, max_size=count - 1, unique=True))
    edges = [0, *sorted(cuts), 100]
    shares = [high - low for low, high in pairwise(edges)]
    ticks = sorted(
        draw(st.lists(st.integers(1000, 90_000), min_size=count, max_size=count, unique=True)),
        reverse=side is Side.SELL,
    )
    return Ladder.of(
        *((Decimal(t) * Decimal("0.0001"), s) for t, s in zip(ticks, shares, strict=True))
    )


@st.composite
def progresses(draw: st.DrawFn, ladder: Ladder, instrument: Instrument) -> dict[int, LevelProgress]:
    """Any mix of untouched, partly filled and finished levels."""
    states: dict[int, LevelProgress] = {}
    for level in ladder.levels:
        filled = instrument.quantity_step * draw(st.integers(0, 500))
        kind = draw(st.sampled_from(["untouched", "resting", "closed", "done"]))
        if kind == "resting":
            states[level.number] = LevelProgress(filled, parts=((1, filled),))
        elif kind == "closed":
            states[level.number] = LevelProgress(filled)
        elif kind == "done":
            states[level.number] = LevelProgress(filled, done=True)
    return states
