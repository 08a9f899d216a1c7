"""Planted bugs: each a small change of trueup's behaviour, in force while the engine runs.

They are the proof that the campaign proves something: one that no history notices is a hole in
the promises as they are checked. The judge looks on from outside and is never changed.
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
        name: what is done wrong.
        breaks: the promises that it breaks; to be caught by any other proves nothing of it.
        swaps: what has to be changed for it, given the world's parts and the engine.
    """

    name: str
    breaks: tuple[str, ...]
    patches: Callable[[Parts, Trueup], tuple[Patch, ...]]

    def start(self, parts: Parts) -> Engine:
        """Starts trueup with the bug in it."""
        return (_BuggedLive if parts.scene.is_live else _Bugged)(parts, self)


class _Bugged(Trueup):
    """trueup with a bug."""

    def __init__(self, parts: Parts, bug: Bug) -> None:
        super().__init__(parts)
        self._patches = bug.patches(parts, self)

    def reconcile(self, key: MonitorKey) -> None:
        """One pass, done wrong."""
        with Patches(self._patches):
            super().reconcile(key)


class _BuggedLive(LiveTrueup):
    """The same, of one that runs by itself; what it hears between two jobs it hears wrong, too."""

    def __init__(self, parts: Parts, bug: Bug) -> None:
        self._patches = bug.patches(parts, self)
        super().__init__(parts)

    def run_next(self) -> bool:
        """One job, done wrong."""
        with Patches(self._patches):
            return super().run_next()

    def handling_events(self) -> AbstractContextManager[object]:
        """While news are taken."""
        return Patches(self._patches)
