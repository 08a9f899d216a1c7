"""The eight stops that paid services sell, on one price path; each final stop is by hand.

The position opens at 100 with four take-profits, 2 apart. The price dips below the entry, goes
1.2 in profit and back to 0.4, fills TP1, TP2 and TP3 with a pullback after each, and ends 5.3 in
profit. No stop of the eight is hit on the way.
"""

from dataclasses import replace
from decimal import Decimal

import pytest

from trueup import Side
from trueup.domain.model.stop import Breakeven, Stop, Trailing
from trueup.domain.protection.facts import StopFacts
from trueup.domain.protection.prices import tighter
from trueup.domain.protection.rules import wanted_stop

from .positions import BUY, SELL, kept

D = Decimal
GAINS = [D(gain) for gain in ("0", "-0.5", "1.2", "0.4", "2.3", "1.5", "4.6", "3.7", "6.1", "5.3")]
EVEN = Breakeven.of(after_level=1, offset="0.08")
IN_PROFIT = Breakeven.of(after_percent="1.2", offset=0)
TRAILING = Trailing.of(percent=1, after_level=1)

FINAL = {
    # name: (the stop, Buy, Sell)
    # A price stays where it is: 100 - 2.5, and 100 + 2.5.
    "fixed price of a Buy": (Stop.of(price="97.50"), "97.50", None),
    "fixed price of a Sell": (Stop.of(price="102.50"), None, "102.50"),
    # 2 % of 100 is 2.
    "percent from the entry": (Stop.of(percent=2), "98.00", "102.00"),
    # TP1 has filled; 0.08 % of 100 is 0.08.
    "breakeven after TP1": (Stop.of(percent=2, breakeven=EVEN), "100.08", "99.92"),
    # 1.2 % of 100 is 1.2: the price has been exactly there.
    "breakeven in profit": (Stop.of(percent=2, breakeven=IN_PROFIT), "100.00", "100.00"),
    # TP3 has filled; one behind is TP2, at 100 ± 4.
    "moving target, 1": (Stop.of(percent=2, moving_target=1), "104.00", "96.00"),
    # Two behind TP3 is TP1, at 100 ± 2.
    "moving target, 2": (Stop.of(percent=2, moving_target=2), "102.00", "98.00"),
    # 1.5 % of 106 is 1.59, and 106 - 1.59 = 104.41; 1.5 % of 94 is 1.41, and 94 + 1.41 = 95.41.
    "percent behind the last target": (Stop.of(percent=2, behind_target="1.5"), "104.41", "95.41"),
}


def walk(stop: Stop, facts: StopFacts) -> StopFacts:
    """The facts at the end of the path, with every stop on record as it became wanted."""
    sign = 1 if facts.side is Side.BUY else -1
    for gain in GAINS:
        price = 100 + sign * gain
        assert facts.ladder is not None
        reached = {one.number for one in facts.ladder.levels if sign * (one.price - 100) <= gain}
        best = facts.best
        if not best or tighter(facts.side, price, best):
            best = price
        facts = kept(stop, replace(facts, best=best, done=facts.done | reached))
        assert facts.tightest is not None
        assert tighter(facts.side, price, facts.tightest), f"the stop is hit at {price}"
    return facts


@pytest.mark.parametrize(("stop", "buy", "sell"), FINAL.values(), ids=FINAL)
def test_the_final_stop_is_the_one_by_hand(stop: Stop, buy: str | None, sell: str | None) -> None:
    for facts, price in ((BUY, buy), (SELL, sell)):
        if price is not None:
            assert walk(stop, facts).tightest == D(price)


def test_trailing_after_the_first_target() -> None:
    """The exchange moves it: 1 % of TP1's price behind the best price of since TP1.

    A Buy: 1 % of 102 is 1.02, the best is 106.1, the stop 105.08. A Sell: 1 % of 98 is 0.98, the
    best is 93.9, the stop 94.88.
    """
    stop = Stop.of(percent=2, trailing=TRAILING)
    for facts, first, distance, final in (
        (BUY, "98", "1.02", "105.08"),
        (SELL, "102", "0.98", "94.88"),
    ):
        assert wanted_stop(stop, facts).trailing is None
        end = walk(stop, facts)
        wanted = wanted_stop(stop, end)
        assert wanted.trigger == D(first)
        assert wanted.trailing is not None
        assert (wanted.trailing.distance, wanted.trailing.activation) == (D(distance), None)
        behind = -wanted.trailing.distance if end.side is Side.BUY else wanted.trailing.distance
        assert end.best + behind == D(final)
