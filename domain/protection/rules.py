"""The stop that is wanted now: the tightest of its rules, and never looser than it was."""

from decimal import Decimal, localcontext

from ..copies import replace
from ..model.identity import Side
from ..model.instrument import ZERO, plain
from ..model.stop import Stop
from .facts import StopFacts
from .placements import (
    Placement,
    first_placement,
    tightening,
    wanted_trailing,
    why_untrailed,
)
from .prices import EXACT, on_tick, tighter
from .wanted import WantedStop

_KEPT = "where it was, as no rule loosens it"


def wanted_stop(stop: Stop, facts: StopFacts) -> WantedStop:
    """What should protect the position now.

    The tightest of the rules that apply wins. It is no looser than the stop on record, except where
    ``follow_average`` lets a percentage follow the average entry, which ends with the first level
    that fills and the first rule that tightens. Put on record, the result changes nothing more.
    Whether the market is past it already is another question.

    A Buy position at 100 with a stop 2 % below, and breakeven after TP1:

    >>> from trueup import Ladder, Side
    >>> from trueup.domain.model.instrument import Instrument
    >>> from trueup.domain.model.stop import Breakeven
    >>> def position(entry, *done, tightest=None):
    ...     rules = Instrument("X", Decimal("0.5"), Decimal(1), Decimal(1), Decimal(9))
    ...     ladder = Ladder.of((102, 50), (104, 50))
    ...     return StopFacts(
    ...         Side.BUY, Decimal(entry), Decimal(4), rules, ladder, frozenset(done),
    ...         tightest=tightest and Decimal(tightest),
    ...     )
    >>> stop = Stop.of(percent=2, breakeven=Breakeven.of(after_level=1, offset="0.08"))
    >>> def where(facts):
    ...     wanted = wanted_stop(stop, facts)
    ...     return f"{wanted.trigger}: {wanted.rule}"
    >>> where(position(100))
    '98.0: 2 % from the entry'

    TP1 fills, or TP2 is the first fill that becomes known. 100.08 is rounded up to the tick:

    >>> where(position(100, 1, tightest=98))
    '100.5: breakeven after TP1'
    >>> where(position(100, 2, tightest=98))
    '100.5: breakeven after TP1'

    An entry fills at a lower price, and the average goes down: the stop stays.

    >>> where(position(99, 1, tightest="100.5"))
    '100.5: where it was, as no rule loosens it'
    """
    if not facts.size:
        return WantedStop(None, "no position is open")
    if not facts.entry:
        note = "the entry is not known: the rules cannot say where the stop belongs"
        return WantedStop(
            facts.tightest, _KEPT, first=facts.first, tightened=facts.tightened, notes=(note,)
        )
    with localcontext(EXACT):
        return _wanted(stop, facts)


def placements_of(stop: Stop, facts: StopFacts) -> tuple[Placement, ...]:
    """Where each rule that applies would have the stop, and where it was and began, tightest first.

    Where it began, or would have been after a level before the last one that has filled, is no
    tighter than where it is wanted, but the market may be past that.
    """
    with localcontext(EXACT):
        start = first_placement(stop, facts)
        been = (one for one in (facts.tightest, facts.first) if one is not None)
        kept = [Placement(_on_tick(facts, one), _KEPT) for one in been]
        found = [*kept, *([start] if start else []), *tightening(stop, facts)]
        found += _by_earlier_levels(stop, facts)
        possible = [one for one in found if one.price and not facts.instrument.refuses(one.price)]
    is_long = facts.side is Side.BUY
    return tuple(sorted(possible, key=lambda one: one.price or ZERO, reverse=is_long))


def _wanted(stop: Stop, facts: StopFacts) -> WantedStop:
    start = first_placement(stop, facts)
    placements = [*([start] if start else []), *tightening(stop, facts)]
    if any(each.price and facts.instrument.refuses(each.price) for each in placements):
        placements = list(dict.fromkeys([*placements, *_by_earlier_levels(stop, facts)]))
    notes = [each.note for each in placements if each.note]
    chosen: Placement | None = None
    tightened = facts.tightened or bool(facts.done)
    for each in placements:
        if each.price is None:
            continue
        if why := facts.instrument.refuses(each.price):
            notes.append(f"{each.rule}: {plain(each.price)} {why}")
            continue
        tightened = tightened or each is not start
        if chosen is None or _is_tighter(facts, each.price, chosen.price):
            chosen = each
    if untrailed := why_untrailed(stop.trailing, facts.instrument):
        notes.append(untrailed)
    follows = stop.follow_average and not tightened
    kept = None if facts.tightest is None else _on_tick(facts, facts.tightest)
    if chosen is None or (not follows and _is_tighter(facts, kept, chosen.price)):
        chosen = Placement(kept, _KEPT if kept is not None else "no rule says where")
    return WantedStop(
        chosen.price,
        chosen.rule,
        None if stop.trailing is None else wanted_trailing(stop.trailing, facts),
        _first(facts, start),
        tightened,
        _is_tighter(facts, kept, chosen.price),
        tuple(notes),
        untrailed,
    )


def _by_earlier_levels(stop: Stop, facts: StopFacts) -> list[Placement]:
    """Where the rules had the stop by the levels before the last one that has filled, last first.

    That is no tighter. But the exchange may not take the stop by the last one: the market may be
    past that, or its price is out of the exchange's range.
    """
    passed = range(facts.highest - 1, 0, -1)
    found = (tightening(stop, replace(facts, done=frozenset([level]))) for level in passed)
    return list(dict.fromkeys(one for level in found for one in level))


def _first(facts: StopFacts, start: Placement | None) -> Decimal | None:
    """The first stop of the position: on record, or the one that loses now."""
    if facts.first is not None or start is None or start.price is None:
        return facts.first
    return start.price if tighter(facts.side, facts.entry, start.price) else None


def _is_tighter(facts: StopFacts, price: Decimal | None, other: Decimal | None) -> bool:
    """Whether there is a price and it is the tighter one, if there are two."""
    return price is not None and (other is None or tighter(facts.side, price, other))


def _on_tick(facts: StopFacts, price: Decimal) -> Decimal:
    return on_tick(facts.side, price, facts.instrument.tick)
