"""Where the stop of a monitor's position has to be, as one request would set it; pure."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import product

from ..copies import replace
from ..model.identity import Side
from ..model.instrument import ZERO, Instrument, plain
from ..model.protection import PositionStop, StopIntent, StopRecord
from ..model.record import MonitorRecord
from ..model.stop import Trailing
from .facts import StopFacts
from .following import BY_HAND, is_tighter
from .rules import placements_of, wanted_stop
from .stop_orders import in_form, is_lost
from .wanted import WantedStop

_KEPT = "tighter than its rules ask: it stays"
_STAYS = "no rule says where it belongs: it stays"


@dataclass(frozen=True, slots=True)
class StopChange:
    """The stop as it has to be, where it is not.

    Attributes:
        asked: what the request sets.
        rule: why, for people.
        wanted: what the rules come to.
    """

    asked: PositionStop
    rule: str
    wanted: WantedStop


def facts_of(record: MonitorRecord, stop: StopRecord | None, instrument: Instrument) -> StopFacts:
    """What the rules go by, as it is on record."""
    levels = record.ladder.levels if record.ladder else ()
    facts = StopFacts(
        side=record.key.side,
        entry=record.entry_price,
        size=record.position_size,
        instrument=instrument,
        ladder=record.ladder,
        done=frozenset(level.number for level in levels if record.is_done(level.number)),
    )
    if stop is None:
        return facts
    asked = _tightest_asked(record.key.side, stop)
    if stop.fees is not None:
        rate = stop.fees.taker_rate
        facts = replace(
            facts, fees=stop.fees.per_unit, taker_rate=facts.taker_rate if rate is None else rate
        )
    return replace(
        facts,
        best=stop.best,
        first=stop.first,
        tightest=asked.price or None,
        tightened=stop.tightened or any(record.has_filled_order(level.number) for level in levels),
        trail=asked.trailing or None,
    )


def _tightest_asked(side: Side, stop: StopRecord) -> PositionStop:
    """The tightest that the stop was asked to be: as it was shown, or may be any moment now."""
    tightest = stop.asked or PositionStop()
    for one in (intent.asked for intent in stop.intents if intent.cycle == stop.cycle):
        price = one.price if is_tighter(side, one.price, tightest.price) else tightest.price
        tightest = PositionStop(price, tightest.trailing or one.trailing)
    return tightest


def with_stop_asked(record: MonitorRecord, intent: StopIntent) -> MonitorRecord:
    """The record once a read shows what a request has set: from now on no rule loosens that.

    A request that never left, or was refused, has asked for nothing.
    """
    stop, asked = record.stop, intent.asked
    if stop is None or intent.cycle != stop.cycle:
        return record
    may_loosen = stop.loosens or stop.wanted.follow_average
    if stop.asked and not may_loosen and is_tighter(record.key.side, stop.asked.price, asked.price):
        asked = replace(asked, price=stop.asked.price)
    return replace(record, stop=replace(stop, asked=asked, rule=intent.rule, loosens=False))


def wanted_of(record: MonitorRecord, instrument: Instrument) -> WantedStop | None:
    """What the rules want for the record's position; None where no stop is wanted.

    Where somebody else has moved the stop, rules apply again once they ask for more than before.
    """
    stop = record.stop
    if stop is None or not record.wants_stop or not record.position_size:
        return None
    facts = facts_of(record, stop, instrument)
    wanted = wanted_stop(stop.wanted, facts)
    if stop.released is None or stop.asked is None:
        return wanted
    anew = wanted_stop(stop.wanted, replace(facts, tightest=None)).trigger or ZERO
    if is_tighter(record.key.side, anew, stop.released):
        return wanted
    return replace(wanted, trigger=stop.asked.price or None, rule=BY_HAND)


def stop_change(
    record: MonitorRecord, instrument: Instrument, refused: Collection[PositionStop] = ()
) -> StopChange | None:
    """What has to be set; None where the stop is as it has to be, or nobody knows what it is.

    A stop that somebody has set tighter than the rules ask stays. What no read shows is asked for
    anew once the user has changed what he wants. Where the exchange has refused what is wanted, as
    the market is past it or as it cannot trail from there, or takes no such price at all, the
    tightest of the rules that it takes protects meanwhile, if that is more than there is. Nothing
    is ever asked for that would leave the position without any stop, nor while a limit order that
    has triggered still rests.

    Args:
        record: the monitor's.
        instrument: the contract's rules.
        refused: what the exchange has refused to set in this run.
    """
    wanted, stop = wanted_of(record, instrument), record.stop
    if wanted is None or stop is None or stop.seen is None or stop.has_triggered:
        return None
    side, size = record.key.side, record.position_size
    seen, price, rule = stop.seen, wanted.trigger or ZERO, wanted.rule
    may_loosen = stop.loosens or wanted.loosens
    trails_at_once = stop.wanted.trailing is not None and stop.wanted.trailing.from_the_start
    if not price and not trails_at_once:
        # No rule says where: what rests is better than nothing, whatever the user wants later.
        price, rule = seen.price, _STAYS
    elif not may_loosen and is_tighter(side, seen.price, price):
        price, rule = seen.price, _KEPT
    trails, trailed, is_hidden = wanted.trailing, seen, False
    if trails is not None:
        is_hidden = stop.loosens and trails.activation is not None
        # What is less than a tick wider was set by an older tick. Set anew it would trail from the
        # market of now, which may be looser.
        is_kept = not may_loosen and ZERO < seen.trailing < trails.distance + instrument.tick
        if is_hidden or (trails.distance != seen.trailing and not is_kept):
            trailed = PositionStop(seen.price, trails.distance, trails.activation or ZERO)
            rule = ", ".join((rule, _how_it_trails(stop.wanted.trailing)))
    whole = in_form(stop, PositionStop(price, trailed.trailing), side, size, instrument)
    is_missing = is_hidden or is_lost(stop)
    if whole == seen and not is_missing:
        return None
    is_barred = bool(why_barred(seen, price, instrument))
    first = () if is_barred else ((price, rule),)
    easier = _easier(record, stop, instrument, price) if refused or is_barred else ()
    pairs = product((*first, *easier), (trailed, seen))
    for (each, why), trail in pairs:
        set_ = PositionStop(each, trail.trailing, trail.activation)
        asked = in_form(stop, set_, side, size, instrument)
        if asked.is_set and asked not in refused and (asked != seen or is_missing):
            return StopChange(asked, why, wanted)
    return None


def why_barred(seen: PositionStop, price: Decimal, instrument: Instrument) -> str:
    """Why the exchange takes no stop at that price, as a predicate for people; empty if it may.

    One that is there already is none of it: the exchange lowered its bounds, and left it.
    """
    return instrument.refuses(price) if price and price != seen.price else ""


def _easier(
    record: MonitorRecord, stop: StopRecord, instrument: Instrument, price: Decimal
) -> Iterator[tuple[Decimal, str]]:
    """Where else the stop could be by its rules, tightest first, and last of all where it is.

    Where somebody else has moved it, or it follows the average, it may be looser than it began.
    """
    side, there = record.key.side, stop.seen.price if stop.seen else ZERO
    facts = facts_of(record, stop, instrument)
    if stop.wanted.follow_average or stop.released is not None:
        facts = replace(facts, first=None)
    for each in placements_of(stop.wanted, facts):
        at = each.price or ZERO
        if is_tighter(side, price, at) and is_tighter(side, at, there):
            yield at, each.rule
    yield there, _KEPT


def _how_it_trails(trailing: Trailing | None) -> str:
    """When it starts to trail, in short words for people."""
    if trailing is not None and trailing.after_level is not None:
        return f"trailing after TP{trailing.after_level}"
    if trailing is not None and trailing.activation is not None:
        return f"trailing from {plain(trailing.activation)} on"
    return "trailing"


def agreed(record: MonitorRecord, instrument: Instrument) -> MonitorRecord:
    """The record where what is seen of the stop is what its rules want and nothing has to be set.

    No rule loosens that stop from now on, whoever has set it. One that is tighter than the rules
    ask is somebody else's: nobody has asked for it.
    """
    stop, wanted = record.stop, wanted_of(record, instrument)
    if stop is None or wanted is None or stop.seen is None or not stop.seen.is_set or stop.intents:
        return record
    if stop.seen.price != (wanted.trigger or ZERO) or stop_change(record, instrument) is not None:
        return record
    is_as_asked = stop.asked is not None and stop.asked.unsized == stop.seen.unsized
    rule = stop.rule if is_as_asked else wanted.rule
    kept = replace(
        stop,
        asked=stop.asked if is_as_asked else stop.seen,
        rule=rule,
        first=wanted.first,
        tightened=wanted.tightened,
        loosens=False,
    )
    return replace(record, stop=kept)
