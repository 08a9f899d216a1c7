"""Records a pass: asks the world, and keeps the answers for the journal."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from ...aio.log import logger
from ...domain.copies import replace
from ...domain.model.record import MonitorRecord
from ...domain.ports import Clock, Moment
from ...domain.recording.codec import Form, to_text
from ...domain.recording.segments import Place, Segment, pack, unpack
from ...domain.recording.stamps import Stamp
from ...domain.store import Step
from .base import Base
from .tape import COMMITTED, RAISED, WAITED

_T = TypeVar("_T")
_APART = 64
"""A whole base serves so many passes: they share what it costs, and it is kept as long as they."""


@dataclass(slots=True)
class Shelf:
    """The last whole base of a monitor that this process has stored.

    Attributes:
        run_id: its run; empty for none.
        packed: its segment's text, compressed: an account may have a thousand monitors.
        uses: how many bases were stored since as what differs from it.
    """

    run_id: str = ""
    packed: bytes = b""
    uses: int = 0


class Recording:
    """The tape of a pass under way.

    Nothing that goes wrong with the record stops the run: the rest of the pass has none then.

    Args:
        clock: the time.
        shelf: what earlier passes of the monitor have left; changed by what is committed.
    """

    def __init__(self, clock: Clock, shelf: Shelf) -> None:
        self._clock = clock
        self._shelf = shelf
        self._is_asking = False
        self._is_broken = False
        self._last = Stamp(clock.now(), clock.moment())
        self._entries: list[object] = []
        self._first = ""
        self._text = ""
        self._segment: Segment | None = None

    def begin(self, base: Base) -> None:
        """Notes what the pass starts from; called once, before anything is taken."""
        self._entries.append(base)

    # -- the clock ------------------------------------------------------------------------

    def now(self) -> datetime:
        """The wall clock's time when the world answered last."""
        return self._clock.now() if self._is_asking else self._last.now

    def moment(self) -> Moment:
        """The moment at which the world answered last."""
        return self._clock.moment() if self._is_asking else self._last.moment

    def sleep(self, duration: timedelta) -> None:
        """Waits."""
        self._clock.sleep(duration)

    # -- what the run learns --------------------------------------------------------------

    def learn(self, name: str, form: Form[_T], call: Callable[[], _T]) -> _T:
        """What the call returns; what it asks on its way is part of that."""
        del form
        if self._is_asking:
            return call()
        self._is_asking = True
        try:
            value = call()
        except BaseException as error:
            self._note(name + RAISED, type(error).__name__)
            raise
        finally:
            self._is_asking = False
        self._note(name, value)
        return value

    def effect(self, name: str, call: Callable[[], object]) -> None:
        """Makes the call; only that it raises is noted."""
        try:
            call()
        except BaseException as error:
            self._note(name + RAISED, type(error).__name__)
            raise

    def waited(self) -> None:
        """Notes that the run has waited."""
        self._note(WAITED, None)

    def commit(self, step: Step, call: Callable[[Step], MonitorRecord]) -> MonitorRecord:
        """Commits the step, with the segment of what was noted since the last commit."""
        run_id = step.transitions[0].run_id
        stored = call(replace(step, inputs=self._cut(run_id)))
        self._store_segment(run_id)
        self._note(COMMITTED, None)
        return stored

    def _note(self, name: str, value: object) -> None:
        before, self._last = self._last, Stamp(self._clock.now(), self._clock.moment())
        self._entries.append((name, value, *before.until(self._last)))

    # -- the record -----------------------------------------------------------------------

    def _cut(self, run_id: str) -> bytes | None:
        """The segment of what was noted since the last commit; None where there can be none."""
        if self._is_broken:
            return None
        try:
            self._text = to_text(self._entries)
            self._segment = self._packed()
            return self._segment.to_bytes()
        except Exception as error:  # noqa: BLE001 - no record is worth a run
            self._is_broken = True
            logger.warning("the run {} goes on without a record: {}", run_id, error)
            return None

    def _store_segment(self, run_id: str) -> None:
        """Notes that what was cut last is stored."""
        self._entries.clear()
        segment = self._segment
        if segment is None or self._first:
            return
        self._first = self._text
        shelf = self._shelf
        if segment.place is Place.WHOLE:
            shelf.run_id, shelf.packed, shelf.uses = run_id, segment.packed, 0
        else:
            # Where hardly anything is the same any more, the next pass has a base of its own.
            differs = 2 * len(segment.packed) > len(shelf.packed)
            shelf.uses = _APART if differs else shelf.uses + 1

    def _packed(self) -> Segment:
        shelf = self._shelf
        if self._first:
            return Segment(Place.FURTHER, "", pack(self._text, self._first))
        if not shelf.run_id or shelf.uses >= _APART:
            return Segment(Place.WHOLE, "", pack(self._text))
        return Segment(Place.DELTA, shelf.run_id, pack(self._text, unpack(shelf.packed)))
