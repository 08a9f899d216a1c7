"""The tape of a pass: everything that it learns of the world, in sequence.

All that a run learns, it learns through its ports. Each of them *learns* it from a tape. Under way,
a :class:`~.recording.Recording` asks the world and keeps the answer; in a replay, a
:class:`~.playing.Playing` gives what was kept. The same ports stand on both sides, so nothing that
reaches a decision is left out unnoticed: a replay would lack it.

The clocks are part of it. For a run they stand still until it has asked the world something, waited
or committed; then both are read once. While a write is under way they go on: whether it may leave
is judged by the time at which it does.
"""

from collections.abc import Callable
from typing import Final, Protocol, TypeVar

from ...domain.model.record import MonitorRecord
from ...domain.ports import Clock
from ...domain.recording.codec import Form
from ...domain.store import Step

_T = TypeVar("_T")
WAITED: Final = "waited"
COMMITTED: Final = "committed"
RAISED: Final = "!"
"""Ends the name of an entry whose call raised."""


class Tape(Clock, Protocol):
    """Where a run's ports take what they return."""

    def learn(self, name: str, form: Form[_T], call: Callable[[], _T]) -> _T:
        """What the call returns; in a replay, what it returned when the run was recorded.

        Args:
            name: of what is asked.
            form: of what is returned.
            call: asks it.
        """
        ...

    def effect(self, name: str, call: Callable[[], object]) -> None:
        """Has something done of which the run learns only whether it raises; not so in a replay."""
        ...

    def waited(self) -> None:
        """Notes that the run has waited: what the clocks show is known anew."""
        ...

    def commit(self, step: Step, call: Callable[[Step], MonitorRecord]) -> MonitorRecord:
        """Commits a step by the call, with what was recorded since the last; not so in a replay.

        Raises:
            StoreError: what the call raises.
        """
        ...
