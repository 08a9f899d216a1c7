"""Gives a run what was recorded, in the place of the world."""

from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from ...domain.copies import replace
from ...domain.model.record import MonitorRecord
from ...domain.ports import Moment
from ...domain.recording.codec import Form, Json
from ...domain.recording.stamps import Stamp
from ...domain.store import Step
from .base import Base
from .tape import COMMITTED, RAISED, WAITED

_T = TypeVar("_T")


class Stopped(BaseException):
    """The replay cannot go on: nothing that the run raises or catches is meant by it."""


class Ended(Stopped):
    """The record ends here: the process died, or could not write its database."""


class Parted(Stopped):
    """The run asks for something else than the recorded one did.

    Attributes:
        asked: what it asks for.
        recorded: what the recorded run learned next.
    """

    def __init__(self, asked: str, recorded: str) -> None:
        super().__init__(
            f"the replay ends here: the run asks for {asked!r}, where the recorded one went on "
            f"with {recorded!r}"
        )
        self.asked = asked
        self.recorded = recorded


class Playing:
    """The tape of a replay.

    Args:
        base: what the recorded pass started from.
        entries: what it learned, as it was written.

    Attributes:
        stopped: why the replay cannot go on; None while it can.
        steps: what the run has committed.
    """

    def __init__(self, base: Base, entries: Sequence[Json]) -> None:
        self.stopped: Stopped | None = None
        self.steps: list[Step] = []
        self._left = deque(entries)
        self._last = Stamp(base.now, base.moment)

    def now(self) -> datetime:
        """The wall clock's time when the world answered last."""
        return self._last.now

    def moment(self) -> Moment:
        """The moment at which the world answered last."""
        return self._last.moment

    def sleep(self, duration: timedelta) -> None:
        """Returns at once: what has passed is on the tape."""

    def learn(self, name: str, form: Form[_T], call: Callable[[], _T]) -> _T:
        """What the recorded run got.

        Raises:
            Stopped: it got nothing, or asked for something else.
            RuntimeError: the call raised then.
            ValueError: what is on the tape has another form.
        """
        del call
        recorded, value = self._next(name)
        if recorded.endswith(RAISED):
            raise _raised(value)
        return form.read(value)

    def effect(self, name: str, call: Callable[[], object]) -> None:
        """Does nothing.

        Raises:
            RuntimeError: the call raised when the run was recorded.
        """
        del call
        if self._left and self._left[0][0] == name + RAISED:
            raise _raised(self._next(name)[1])

    def waited(self) -> None:
        """Goes on to the time at which the recorded run had waited."""
        self._next(WAITED)

    def commit(self, step: Step, call: Callable[[Step], MonitorRecord]) -> MonitorRecord:
        """Keeps the step, and goes on to the time at which the recorded one was stored.

        Nothing is on record after the last commit, not even that.
        """
        del call
        self.steps.append(step)
        if self._left:
            self._next(COMMITTED)
        return replace(step.record, version=step.record.version + 1)

    def _next(self, name: str) -> tuple[str, Json]:
        if self.stopped is not None:
            raise self.stopped
        if not self._left:
            self.stopped = Ended("the record ends here")
            raise self.stopped
        recorded, value, *passed = self._left.popleft()
        if recorded.removesuffix(RAISED) != name:
            self.stopped = Parted(name, recorded)
            raise self.stopped
        self._last = self._last.after(*passed)
        return recorded, value


def _raised(kind: str) -> RuntimeError:
    return RuntimeError(f"{kind} was raised when the run was recorded")
