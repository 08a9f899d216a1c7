"""What the engine would send for a command: planned as a run plans it, before anybody agrees."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotInTime

from ...domain.copies import replace
from ...domain.model.errors import TrueupError
from ...domain.model.identity import MonitorKey
from ...domain.model.stop import AnyLadder, NoStop, Stop
from ...domain.stopping.command import Change
from ...engine.run.preview import Preview
from ..running import RunningEngine
from .deeds import Asked, Deed

_PATIENCE_SECONDS = 3.0
"""So long a plan waits for the exchange: people decide on it, also while that does not answer."""
_AT_ONCE = 4
_UNPLANNED = ("blind", "unrecoverable")


class Foreseer:
    """Foresees what a command sends, for so long as whoever asks may wait.

    Args:
        running: what runs.
    """

    def __init__(self, running: RunningEngine) -> None:
        self._running = running
        self._threads = ThreadPoolExecutor(_AT_ONCE, "trueup-foresee")

    def of(self, deed: Deed) -> Change:
        """The change of a deed, with what would be sent for it."""
        change, foresee = deed.change, deed.foresee
        if foresee is None or not change.changes:
            return change

        def foreseen() -> Change:
            with self._running.using():  # the engine does not end under it
                return foresee()

        try:
            return self._threads.submit(foreseen).result(_PATIENCE_SECONDS)
        except NotInTime:
            why = f"the exchange has not answered within {_PATIENCE_SECONDS:g} s"
        except TrueupError as error:
            why = error.message
        return replace(change, notes=(*change.notes, f"what would be sent is not known: {why}"))


def foreseen(
    asked: Asked,
    key: MonitorKey,
    change: Change,
    ladder: AnyLadder | None = None,
    stop: Stop | NoStop | None = None,
) -> Change:
    """The change of one monitor, with the requests of the run that would follow.

    Args:
        asked: the command.
        key: the monitor.
        change: from what to what.
        ladder: the one it would be given; None keeps its own.
        stop: the same.

    Raises:
        TrueupError: there can be no plan.
    """
    shown = asked.reconciler.preview(key, ladder, stop)
    notes = (*change.notes, *_notes(shown))
    return replace(change, sends=shown.actions, notes=notes)


def _notes(shown: Preview) -> Iterator[str]:
    if shown.event in _UNPLANNED:
        yield f"as it stands, no order can be placed or changed: {shown.detail}"
    elif not shown.actions:
        yield f"nothing would be sent now: {shown.detail}"
    yield from shown.at_once
    if shown.targets is not None:
        yield from shown.adjusted
        yield from map(str, shown.targets.withheld)
    if shown.stopped:
        yield f"nothing is sent while {shown.stopped}"
