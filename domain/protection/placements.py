"""Where each rule of a stop would have it, from the facts alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, localcontext

from ..model.identity import Side
from ..model.instrument import ZERO, Instrument, plain
from ..model.stop import Breakeven, Stop, Trailing
from ..model.stop.parts import UNKNOWN_FEES_PERCENT
from .facts import StopFacts
from .prices import EXACT, in_profit, losing_tick, on_tick, percent_of, tighter
from .wanted import WantedTrailing

_FEES_UNKNOWN = (
    f"the fees of the entries are not known: breakeven is {plain(UNKNOWN_FEES_PERCENT)} % beyond "
    f"the entry"
)


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a rule would have the stop.

    Attributes:
        price: on the tick; None where the rule cannot say.
        rule: its short words.
        note: what people should know of it; empty for nothing.
    """

    price: Decimal | None
    rule: str
    note: str = ""


def first_placement(stop: Stop, facts: StopFacts) -> Placement | None:
    """Where the stop starts: at its price, or so far from the entry.

    A price on the winning side of the entry locks a profit in: it counts once the market has been
    beyond it, and not before, as it would close the position at once.
    """
    if stop.percent is not None:
        loss = percent_of(facts.entry, stop.percent)
        price = in_profit(facts.side, facts.entry, -loss)
        rounded = losing_tick(facts.side, price, facts.entry, facts.instrument.tick)
        return Placement(rounded, f"{plain(stop.percent)} % from the entry")
    if stop.price is None:
        return None
    rule = f"the price {plain(stop.price)}"
    is_lock = not tighter(facts.side, facts.entry, stop.price)
    if is_lock and not (facts.best and tighter(facts.side, facts.best, stop.price)):
        return Placement(
            None,
            rule,
            f"the stop's price {plain(stop.price)} is on the winning side of the entry "
            f"{plain(facts.entry)}, and the market has not been beyond it: it is not used",
        )
    if is_lock:
        return _placed(facts, stop.price, rule)
    tick = facts.instrument.tick
    return Placement(losing_tick(facts.side, stop.price, facts.entry, tick), rule)


def tightening(stop: Stop, facts: StopFacts) -> Iterator[Placement]:
    """Where the rules that tighten would have the stop, those that apply."""
    if stop.breakeven is not None and (after := _even_after(stop.breakeven, facts)):
        yield _even(stop.breakeven, facts, f"breakeven after {after}")
    if stop.moving_target is not None:
        yield from _targets_behind(stop, facts, stop.moving_target)
    if stop.behind_target is not None and facts.highest:
        words = f"{plain(stop.behind_target)} % behind TP{facts.highest}"
        yield _behind_level(facts, facts.highest, stop.behind_target, words)


def wanted_trailing(trailing: Trailing, facts: StopFacts) -> WantedTrailing | None:
    """The trailing stop, where it has started or waits for its activation price.

    Its distance stays what it was in this position: a wider one would loosen it. It is rounded down
    to the tick, which the exchange may have changed, and is a tick at least. None, too, where the
    exchange does not take the activation price: `why_untrailed` says so.
    """
    if why_untrailed(trailing, facts.instrument):
        return None
    if trailing.after_level is not None and facts.highest < trailing.after_level:
        return None
    distance = facts.trail or trailing.distance
    if distance is None and trailing.percent is not None:
        level = None if trailing.after_level is None else facts.level_price(trailing.after_level)
        distance = percent_of(trailing.activation or level or facts.entry, trailing.percent)
    if distance is None:
        return None
    tick = facts.instrument.tick
    return WantedTrailing(max(distance // tick * tick, tick), trailing.activation)


def why_untrailed(trailing: Trailing | None, instrument: Instrument) -> str:
    """Why the exchange would not take the activation price, for people; empty if it would."""
    start = None if trailing is None else trailing.activation
    why = "" if start is None else instrument.refuses(start)
    return f"trailing from {plain(start)} on: {plain(start)} {why}" if start and why else ""


def needs_fees(stop: Stop, facts: StopFacts) -> bool:
    """Whether the stop is due at breakeven, which goes by what the entries have paid in fees."""
    even, behind = stop.breakeven, stop.moving_target
    if even is None or not even.fees or not (facts.size and facts.entry):
        return False
    with localcontext(EXACT):
        is_behind = behind is not None and facts.highest >= behind
        return is_behind or bool(_even_after(even, facts))


def _even_after(rule: Breakeven, facts: StopFacts) -> str:
    """What has made the rule apply, such as ``TP1``; empty if it does not."""
    if rule.after_level is not None and facts.highest >= rule.after_level:
        return f"TP{rule.after_level}"
    if rule.after_percent is None or not facts.best:
        return ""
    gain = percent_of(facts.entry, rule.after_percent)
    is_reached = not tighter(facts.side, in_profit(facts.side, facts.entry, gain), facts.best)
    return f"{plain(rule.after_percent)} % in profit" if is_reached else ""


def _even(rule: Breakeven | None, facts: StopFacts, words: str) -> Placement:
    """The entry, and beyond it what the fees take."""
    if rule is not None and rule.fees and facts.fees is not None:
        return _placed(facts, _without_loss(facts, facts.fees), words)
    offset, note = (rule and rule.offset) or ZERO, ""
    if rule is not None and rule.fees:
        offset, note = UNKNOWN_FEES_PERCENT, _FEES_UNKNOWN
    gain = percent_of(facts.entry, offset)
    return _placed(facts, in_profit(facts.side, facts.entry, gain), words, note)


def _without_loss(facts: StopFacts, fees: Decimal) -> Decimal:
    """The price at which a unit brings what its entries have paid, and what closing it costs there.

    That is a part of the closing price itself, as of a market order that takes. What was received
    brings the stop to the entry, and no further.
    """
    kept = 1 - facts.taker_rate if facts.side is Side.BUY else 1 + facts.taker_rate
    price = in_profit(facts.side, facts.entry, fees) / kept
    return facts.entry if tighter(facts.side, facts.entry, price) else price


def _targets_behind(stop: Stop, facts: StopFacts, behind: int) -> Iterator[Placement]:
    """Breakeven once so many levels have filled, and the price of the level so many behind.

    Breakeven goes on counting beside the level's price: with a wide offset for fees it may be the
    tighter one, and a fill that becomes known late must not change that.
    """
    if facts.highest < behind:
        return
    words = f"{behind} {'target' if behind == 1 else 'targets'} behind TP{facts.highest}"
    yield _even(stop.breakeven, facts, f"breakeven, {words}")
    if facts.highest == behind:
        return
    yield _behind_level(facts, facts.highest - behind, ZERO, words)


def _behind_level(facts: StopFacts, number: int, percent: Decimal, words: str) -> Placement:
    """The price of a level, or so many per cent of it on the losing side."""
    price = facts.level_price(number)
    if price is None:
        return Placement(None, words, f"the ladder has no TP{number}, which the stop follows")
    return _placed(facts, in_profit(facts.side, price, -percent_of(price, percent)), words)


def _placed(facts: StopFacts, price: Decimal, rule: str, note: str = "") -> Placement:
    return Placement(on_tick(facts.side, price, facts.instrument.tick), rule, note)
