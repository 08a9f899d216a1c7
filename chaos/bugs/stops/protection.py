"""Bugs in where trueup has the stop of a position, and in what it says of it."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from trueup.domain.flow import Flow
from trueup.domain.happenings.stops import what_happened_to_the_stop
from trueup.domain.model.events import Event
from trueup.domain.model.identity import MonitorKey
from trueup.domain.model.instrument import Instrument
from trueup.domain.model.intent import IntentStatus
from trueup.domain.model.protection import (
    PlaceStop,
    PositionStop,
    SetStop,
    StopCommand,
    StopIntent,
    StopRecord,
)
from trueup.domain.model.record import MonitorRecord
from trueup.domain.model.stop_events import StopMoved
from trueup.domain.protection import setting
from trueup.domain.protection.facts import StopFacts
from trueup.domain.protection.setting import StopChange
from trueup.domain.protection.wanted import WantedStop
from trueup.states import validating
from trueup.states.ending import events, protecting
from trueup.states.protection import deciding, sending, settling
from trueup.states.work.findings import Findings
from trueup.states.work.run import Run

from ...histories.stops.stop_drawing import FIRST_SEED
from ...judge.protection.kept import NeverLoosened, RightPlace
from ...judge.protection.runner import RunnerTrails
from ...judge.protection.said import BareIsAlerted, StopNeverLies
from ...judge.protection.settled import StopRests
from ...scene.runners import FIRST_SEED as FIRST_RUNNER_SEED
from ...speed.patching import Patch
from ...world.engine import Parts, Trueup
from ..planted import Bug

_facts_of = setting.facts_of
_wanted_of = setting.wanted_of
_with_stop_asked = setting.with_stop_asked
_needs_stop = deciding.needs_stop
_command = sending._command  # noqa: SLF001 - the bug is in there
_what_happened = what_happened_to_the_stop


def _stale_entry(_parts: Parts, _engine: Trueup) -> tuple[Patch, ...]:
    """Reckons from the entry that the position had when it was read first."""
    entries: dict[tuple[int, int], Decimal] = {}

    def facts_of(
        record: MonitorRecord, stop: StopRecord | None, instrument: Instrument
    ) -> StopFacts:
        facts = _facts_of(record, stop, instrument)
        return replace(facts, entry=entries.setdefault((record.id, record.cycle), facts.entry))

    return ((setting, "facts_of", facts_of),)


def _entry_of_the_main(parts: Parts, _engine: Trueup) -> tuple[Patch, ...]:
    """Reckons a mirror's stop from the entry of the account that it follows."""

    def facts_of(
        record: MonitorRecord, stop: StopRecord | None, instrument: Instrument
    ) -> StopFacts:
        facts = _facts_of(record, stop, instrument)
        key = MonitorKey(record.follows or "", record.key.symbol, record.key.side)
        main = parts.store.load(key) if record.follows else None
        return replace(facts, entry=main.entry_price) if main and main.entry_price else facts

    return ((setting, "facts_of", facts_of),)


def _in_memory(_parts: Parts, _engine: Trueup) -> tuple[Patch, ...]:
    """Knows the tightest that a stop has been only as long as the process lives."""
    known: set[int] = set()

    def facts_of(
        record: MonitorRecord, stop: StopRecord | None, instrument: Instrument
    ) -> StopFacts:
        facts = _facts_of(record, stop, instrument)
        return facts if record.id in known else replace(facts, tightest=None)

    def wanted_of(record: MonitorRecord, instrument: Instrument) -> WantedStop | None:
        wanted = _wanted_of(record, instrument)
        return wanted if wanted is None or record.id in known else replace(wanted, loosens=True)

    def with_stop_asked(record: MonitorRecord, intent: StopIntent) -> MonitorRecord:
        known.add(record.id)
        return _with_stop_asked(record, intent)

    return (
        (setting, "facts_of", facts_of),
        (setting, "wanted_of", wanted_of),
        (settling, "with_stop_asked", with_stop_asked),
    )


def _cleared_on_growth(run: Run, found: Findings) -> StopChange | None:
    """Takes the stop away before it sets the one of a position that has grown."""
    change, stop = _needs_stop(run, found), run.record.stop
    has_grown = run.record.position_size > run.before.position_size > 0
    if change is None and has_grown and stop and stop.seen and stop.seen.is_set:
        return StopChange(PositionStop(), "the position has grown", WantedStop(None, ""))
    return change


def _other_index(run: Run, intent: StopIntent) -> StopCommand:
    command = _command(run, intent)
    if not isinstance(command, SetStop | PlaceStop):
        return command
    indexes = {1: 2, 2: 1}
    return replace(command, position_index=indexes.get(command.position_index, 0))


def _believed(run: Run, found: Findings, _intent: StopIntent) -> Flow[Findings]:
    """Takes it that what was sent is there, without a look."""
    yield from ()
    stop = run.record.stop
    for intent in stop.intents if stop else ():
        run.put_stop(replace(intent, status=IntentStatus.CONFIRMED, resolved_at=run.now()))
        run.record = setting.with_stop_asked(run.record, intent)
        if run.record.stop is not None:
            seen = replace(run.record.stop, seen=intent.asked)
            run.record = replace(run.record, stop=seen)
    return found


def _moved_as_asked(record: MonitorRecord, at: datetime) -> tuple[tuple[Event, ...], MonitorRecord]:
    """Reports a stop as moved once it was asked for."""
    happened, after = _what_happened(record, at)
    asked = after.stop.intents if after.stop else ()
    moved = tuple(StopMoved(one.before, one.asked, one.rule) for one in asked)
    return (*happened, *moved), after


def _by_the_event(
    record: MonitorRecord, stop: StopRecord | None, instrument: Instrument
) -> StopFacts:
    """Counts a level as filled in the run that sees its fill, and in no later one."""
    facts = _facts_of(record, stop, instrument)
    seen_now = {order.level for order in record.orders if order.filled > order.reported}
    return replace(facts, done=facts.done & seen_now)


def _trails_unseen(_parts: Parts, _engine: Trueup) -> tuple[Patch, ...]:
    """Leaves the runner to a trailing stop that no read has shown."""
    return ((MonitorRecord, "trails", property(lambda _record: True)),)


PROTECTION_BUGS = (
    Bug("runner without a stop", (RunnerTrails.name,), _trails_unseen, FIRST_RUNNER_SEED),
    Bug(
        "stop reckoned from a stale entry",
        (RightPlace.name, StopRests.name),
        _stale_entry,
        FIRST_SEED,
    ),
    Bug(
        "a mirror's stop by the main's entry",
        (RightPlace.name, StopRests.name),
        _entry_of_the_main,
        FIRST_SEED,
    ),
    Bug(
        "stop moved back after a restart",
        (NeverLoosened.name,),
        _in_memory,
        FIRST_SEED,
    ),
    Bug(
        "stop cleared when the position grows",
        (NeverLoosened.name,),
        lambda *_: ((validating, "needs_stop", _cleared_on_growth),),
        FIRST_SEED,
    ),
    Bug(
        "stop of the other side in hedge mode",
        (RightPlace.name,),
        lambda *_: ((sending, "_command", _other_index),),
        FIRST_SEED,
    ),
    Bug(
        "stop believed without a look",
        (StopRests.name,),
        lambda *_: ((sending, "_read_back", _believed),),
        FIRST_SEED,
    ),
    Bug(
        "stop reported as moved before it is",
        (StopNeverLies.name,),
        lambda *_: ((events, "what_happened_to_the_stop", _moved_as_asked),),
        FIRST_SEED,
    ),
    Bug(
        "stop moved by the event of a fill",
        (StopRests.name,),
        lambda *_: ((setting, "facts_of", _by_the_event),),
        FIRST_SEED,
    ),
    Bug(
        "bare position in silence",
        (BareIsAlerted.name,),
        lambda *_: ((protecting, "_problem", lambda *_: ""),),
        FIRST_SEED,
    ),
)
