"""Which ladder a monitor's rule comes to, by what is on record of its position; pure."""

from dataclasses import dataclass
from decimal import Decimal

from ..copies import replace
from ..model.instrument import Instrument
from ..model.ladder import Ladder
from ..model.record import MonitorRecord
from ..model.stop import BY_RULE, RuleRecord
from .rule_ladders import followed_ladder, reckoned
from .setting import facts_of, wanted_of


@dataclass(frozen=True, slots=True)
class Ruled:
    """What a ladder by rule comes to, where that is not the ladder on record.

    Attributes:
        ladder: the ladder.
        rule: the record of the rule, once that ladder is on record.
        first: the first stop, which R is the distance to; None where nobody knows one.
        words: how the prices came to be, for people.
        is_new: whether it is the position's first by that rule: orders go with their prices. Else
            the same levels have moved, and each order stays with its level.
    """

    ladder: Ladder
    rule: RuleRecord
    first: Decimal | None
    words: str
    is_new: bool


def ruled_ladder(record: MonitorRecord, instrument: Instrument) -> Ruled | None:
    """The ladder that the monitor's rule comes to; None where the ladder on record stays.

    It does where no ladder by rule is wanted, or no position is open; and where prices of somebody
    else were adopted in this position, which the rule does not move.

    Raises:
        LadderError: the rule cannot be reckoned; see :func:`.resolved_ladder`.
    """
    rule = record.ladder_rule
    if rule is None or not record.position_size:
        return None
    is_new = rule.cycle != record.cycle
    if not is_new and record.ladder_source != BY_RULE:
        return None
    facts = replace(facts_of(record, record.stop, instrument), first=_first(record, instrument))
    if is_new:
        facts = replace(facts, ladder=None)
    ladder = followed_ladder(rule.wanted, facts)
    if not is_new and ladder == record.ladder:
        return None
    words = reckoned(rule.wanted, facts, ladder)
    return Ruled(ladder, replace(rule, cycle=record.cycle), facts.first, words, is_new)


def without_reckoned(record: MonitorRecord) -> MonitorRecord:
    """The record whose ladder by rule is reckoned anew for the next position."""
    rule = record.ladder_rule
    if rule is None or not rule.cycle:
        return record
    return replace(record, ladder_rule=replace(rule, cycle=0))


def _first(record: MonitorRecord, instrument: Instrument) -> Decimal | None:
    """The position's first stop: on record, or the one that is to be set now.

    It is not known while nobody says whether the position has a stop: none can be set then.
    """
    stop = record.stop
    if stop is None or stop.seen is None or stop.first is not None:
        return stop.first if stop else None
    wanted = wanted_of(record, instrument)
    return wanted.first if wanted else None
