"""A ladder by rule becomes prices: once, or whenever the average entry moves."""

from decimal import Decimal, localcontext

from ..model.errors import LadderError
from ..model.identity import Side
from ..model.instrument import Instrument, plain
from ..model.ladder import Ladder
from ..model.stop.ladder_rule import LadderBasis, LevelUnit, RuleLadder
from .facts import StopFacts
from .prices import EXACT, in_profit, on_tick, percent_of, tighter


def resolved_ladder(
    rule: RuleLadder,
    side: Side,
    entry: Decimal,
    first_stop: Decimal | None,
    instrument: Instrument,
) -> Ladder:
    """The ladder of a rule, in prices. Each is rounded to the tick, away from the entry.

    Args:
        rule: the ladder by rule.
        side: of the position.
        entry: its entry price.
        first_stop: the first stop of the position, for a ladder in R; None if there is none.
        instrument: the contract's rules.

    Raises:
        LadderError: the ladder is in R and the first stop is not on the losing side of the entry;
            two levels come to one price; or the exchange takes no order at one of them.

    In R, a Buy position at 100 whose first stop is at 98 has R = 2:

    >>> rule = RuleLadder.of(("1", 50), ("2.6", 50), unit="r")
    >>> tick = Instrument("X", Decimal("0.5"), Decimal(1), Decimal(1), Decimal(9))
    >>> ladder = resolved_ladder(rule, Side.BUY, Decimal(100), Decimal(98), tick)
    >>> [str(level.price) for level in ladder.levels]
    ['102.0', '105.5']
    """
    with localcontext(EXACT):
        unit = _unit(rule.unit, side, entry, first_stop)
        prices = (
            on_tick(side, in_profit(side, entry, unit * level.gain), instrument.tick)
            for level in rule.levels
        )
        ladder = Ladder.of(
            *((price, level.share) for price, level in zip(prices, rule.levels, strict=True)),
            runner=rule.runner,
        )
    ladder.check_instrument(instrument)
    return ladder


def followed_ladder(rule: RuleLadder, facts: StopFacts) -> Ladder:
    """The ladder that is wanted now of a rule.

    By the first fill, the ladder on record stays. By the average, the levels that have not filled
    follow the average entry, and those up to the farthest that has filled keep their price. If a
    level would come to lie before one of these, all stay where they are.

    Raises:
        LadderError: the rule cannot be resolved; see :func:`resolved_ladder`.
    """
    old = facts.ladder
    if old is not None and rule.basis is LadderBasis.FIRST_FILL:
        return old
    new = resolved_ladder(rule, facts.side, facts.entry, facts.first, facts.instrument)
    if old is None or not facts.highest:
        return new
    levels = tuple(
        old.level(level.number) or level if level.number <= facts.highest else level
        for level in new.levels
    )
    prices = [level.price for level in levels]
    runs_on = sorted(prices, reverse=facts.side is Side.SELL) == prices
    return Ladder(levels) if runs_on and len(set(prices)) == len(prices) else old


def reckoned(rule: RuleLadder, facts: StopFacts, ladder: Ladder) -> str:
    """How the prices of a ladder by rule came to be, for people.

    >>> from trueup.domain.model.instrument import Instrument
    >>> rule = RuleLadder.of(("1", 50), ("2.6", 50), unit="r")
    >>> tick = Instrument("X", Decimal("0.5"), Decimal(1), Decimal(1), Decimal(9))
    >>> facts = StopFacts(Side.BUY, Decimal(100), Decimal(4), tick, first=Decimal(98))
    >>> reckoned(rule, facts, followed_ladder(rule, facts))
    'from the entry 100 with R = 2 to the first stop 98: TP1 1 R = 102, TP2 2.6 R = 105.5'
    """
    in_r, start = rule.unit is LevelUnit.R, f"from the entry {plain(facts.entry)}"
    if in_r and facts.first is not None:
        distance = abs(facts.entry - facts.first)
        start = f"{start} with R = {plain(distance)} to the first stop {plain(facts.first)}"
    gains = {level.number: f"{plain(level.gain)} {'R' if in_r else '%'}" for level in rule.levels}
    levels = (f"TP{one.number} {gains[one.number]} = {plain(one.price)}" for one in ladder.levels)
    runner = (f"a runner of {plain(rule.runner)} %",) if rule.runner else ()
    return f"{start}: {', '.join((*levels, *runner))}"


def _unit(unit: LevelUnit, side: Side, entry: Decimal, first_stop: Decimal | None) -> Decimal:
    """What a gain of 1 is in quote coin."""
    if not entry:
        raise LadderError("the entry is not known: a ladder by rule is reckoned from it")
    if unit is LevelUnit.PERCENT:
        return percent_of(entry, Decimal(1))
    if first_stop is None or not tighter(side, entry, first_stop):
        found = "there is none" if first_stop is None else f"it is at {plain(first_stop)}"
        raise LadderError(
            f"a ladder in R needs a first stop on the losing side of the entry {plain(entry)}: "
            f"{found}"
        )
    return abs(entry - first_stop)
