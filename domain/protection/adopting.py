"""Adopting the stop that rests: it becomes the one that the monitor keeps; pure."""

from ..copies import replace
from ..model.order import Position
from ..model.protection import ADOPTED, PositionStop, StopEnd, StopRecord
from ..model.record import MonitorRecord
from ..model.stop import Stop, Trailing

_RULE = "adopted as it rests"


def with_adopted_stop(record: MonitorRecord, position: Position, *, adopts: bool) -> MonitorRecord:
    """The record after a read of the position, as far as stops that rest are adopted.

    A monitor whose user, or whose main, wants a stop keeps that; so does one whose user has taken
    it off. What was adopted is of one position: a price of the last one says nothing of the next,
    which may have a stop of its own.

    Args:
        record: the monitor's, of the position's cycle.
        position: as it was read.
        adopts: whether the settings ask for it.
    """
    stop = record.stop
    if stop is not None and stop.source != ADOPTED:
        return record
    if stop is not None and stop.cycle != record.cycle:
        stop = replace(stop, ended=StopEnd.SAID)
        record = replace(record, stop=stop)
    may_adopt = adopts and (stop is None or stop.ended is not None) and position.size
    if not may_adopt or position.stop is None or not position.stop.is_set:
        return record
    return replace(record, stop=_adopted(position.stop, stop, record.cycle))


def wants_stop_alone(record: MonitorRecord) -> bool:
    """Whether the monitor has a stop that was given, and no ladder: an adopted one is no wish."""
    has_ladder = record.ladder is not None or record.ladder_rule is not None
    is_given = record.stop is not None and record.stop.source != ADOPTED
    return is_given and record.wants_stop and not has_ladder


def wanted_as_it_rests(stop: PositionStop) -> Stop:
    """The settings of a stop that stays where it is: its price, its distance, or both."""
    trailing = Trailing.of(distance=stop.trailing) if stop.trailing else None
    return Stop.of(price=stop.price or None, trailing=trailing)


def _adopted(seen: PositionStop, before: StopRecord | None, cycle: int) -> StopRecord:
    return StopRecord(
        wanted_as_it_rests(seen),
        ADOPTED,
        cycle=cycle,
        asked=seen,
        rule=_RULE,
        seen=seen,
        generation=before.generation if before else 0,
        intents=before.intents if before else (),
        unreported=before.unreported if before else (),
        cancelled=before.cancelled if before else (),
    )
