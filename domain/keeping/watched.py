"""What a monitor's record becomes once somebody gives it a ladder or a stop: pure functions."""

from ..copies import replace
from ..model.identity import MonitorKey, Role
from ..model.ladder import Ladder
from ..model.protection import ADOPTED, StopEnd, StopRecord
from ..model.record import MonitorRecord, Source
from ..model.stop import AnyLadder, NoStop, RuleLadder, RuleRecord, Stop
from ..planning.remap_levels import remap_levels


def first_watched(
    key: MonitorKey,
    role: Role,
    follows: str | None,
    ladder: AnyLadder | None,
    source: Source,
    stop: Stop | NoStop | None,
) -> MonitorRecord:
    """A monitor that is not stored yet."""
    kept = _given_stop(None, stop, cycle=1)
    record = MonitorRecord(0, key, role, follows, None, source=source, stop=kept)
    if isinstance(ladder, RuleLadder):
        return replace(record, ladder_rule=RuleRecord(ladder))
    return replace(record, ladder=ladder)


def watched(
    stored: MonitorRecord,
    role: Role,
    follows: str | None,
    ladder: AnyLadder | None,
    source: Source,
    stop: Stop | NoStop | None = None,
) -> MonitorRecord:
    """The monitor as it should be stored; equal to the stored one if there is nothing to write."""
    wanted = replace(stored, role=role, follows=follows, source=source)
    if (kept := _given_stop(stored.stop, stop, stored.cycle)) != stored.stop:
        wanted = replace(wanted, stop=kept, last_outcome=None)
    rule = stored.ladder_rule
    if ladder is None or (rule is None and ladder in (stored.ladder, stored.instead_of)):
        return wanted
    # No run has seen this ladder yet: the next one is due, whenever the engine starts again.
    if isinstance(ladder, Ladder):
        mapped = remap_levels(wanted, ladder)
        return replace(mapped, last_outcome=None, instead_of=None, ladder_rule=None)
    if rule is not None and rule.wanted == ladder:
        return replace(wanted, ladder_rule=replace(rule, source="given"))
    return replace(wanted, last_outcome=None, ladder_rule=RuleRecord(ladder))


def _given_stop(
    stored: StopRecord | None, stop: Stop | NoStop | None, cycle: int
) -> StopRecord | None:
    """The stop on record once this one was given; ``NO_STOP`` takes it off, None keeps it."""
    if stop is None:
        return stored
    if isinstance(stop, NoStop):
        # What was never wanted need not be reported as over; nothing is adopted or copied either.
        never = StopRecord(Stop(), cycle=cycle, ended=StopEnd.SAID)
        return stored.taken_off() if stored else never
    if stored is None:
        return StopRecord(stop, cycle=cycle)
    is_kept = stored.wanted == stop and stored.ended is None and stored.source != ADOPTED
    return stored if is_kept else stored.given(stop)
