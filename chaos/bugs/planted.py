"""Planted bugs: small changes of trueup's behaviour, in force while the engine runs.

They prove that the campaign proves something: a bug that no history notices is a hole in the checks
of the promises. The judge watches from outside and is never changed.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from trueup.domain.model.identity import MonitorKey

from ..speed.patching import Patch, Patches
from ..world.engine import Engine, Parts, Trueup
from ..world.live_engine import LiveTrueup


@dataclass(frozen=True, slots=True)
class Bug:
    """One planted bug.

    Attributes:
        name: what it does wrong.
        breaks: the promises that it breaks; being caught by another one proves nothing.
        patches: what to change for it, given the world's parts and the engine.
        first_seed: the first seed of a history in which the bug may show.
    """

    name: str
    breaks: tuple[str, ...]
    patches: Callable[[Parts, Trueup], tuple[Patch, ...]]
    first_seed: int = 1

    def start(self, parts: Parts) -> Engine:
        """Starts trueup with the bug in it."""
        engine = (_BuggedLive if parts.scene.is_live else _Bugged)(parts, self)
        engine.open()
        return engine


class _Bugged(Trueup):
    """trueup with a bug in it."""

    def __init__(self, parts: Parts, bug: Bug) -> None:
        super().__init__(parts)
        self._patches = bug.patches(parts, self)

    def open(self) -> None:
        """Puts the monitors under watch, wrongly."""
        with Patches(self._patches):
            super().open()

    def reconcile(self, key: MonitorKey) -> None:
        """Runs one monitor once, wrongly."""
        with Patches(self._patches):
            super().reconcile(key)


class _BuggedLive(LiveTrueup):
    """Live trueup with a bug in it, which is also in force while stream events are handled."""

    def __init__(self, parts: Parts, bug: Bug) -> None:
        self._patches = bug.patches(parts, self)
        super().__init__(parts)

    def open(self) -> None:
        """Puts the monitors under watch and starts, wrongly."""
        with Patches(self._patches):
            super().open()

    def run_next(self) -> bool:
        """Does one job, wrongly."""
        with Patches(self._patches):
            return super().run_next()

    def handling_events(self) -> AbstractContextManager[object]:
        """Handles stream events, wrongly."""
        return Patches(self._patches)
