"""What the engine would send for a command: planned as a run plans it, before anybody agrees."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotInTime
from itertools import chain
from time import monotonic

from ...domain.copies import replace
from ...domain.model.close.closing import CloseEnd
from ...domain.model.errors import ConfigurationError, TrueupError
from ...domain.model.identity import MonitorKey
from ...domain.model.ladder import HUNDRED
from ...domain.model.stop import AnyLadder, NoStop, Stop
from ...domain.stopping.command import Change
from ...engine.run.preview import Preview
from ..running import RunningEngine
from .deeds import Asked, Deed, Foresight, Seen, scope_of

PATIENCE_SECONDS = 3.0
"""So long a plan waits for the exchange: people decide on it, also while that does not answer."""
MOST_IN_DETAIL = 12
"""Of so many monitors at most a plan foresees the requests: each costs reads."""
_LEFT_OUT = (
    f"its requests are not foreseen: a plan does that for {MOST_IN_DETAIL} monitors at most, those "
    "with an open position first; name an account or a monitor"
)
_ALL = "its take-profits that rest are cancelled once it is closed"
_PART = "its take-profits then follow what is left of it"
_UNPLANNED = ("blind", "unrecoverable")
_Looks = Mapping[MonitorKey, Future[Seen]]


class Foreseer:
    """Foresees what a command sends, for so long as whoever asks may wait.

    Args:
        running: what runs.
    """

    def __init__(self, running: RunningEngine) -> None:
        self._running = running
        self._threads = ThreadPoolExecutor(MOST_IN_DETAIL, "trueup-foresee")

    def of(self, deeds: Sequence[Deed]) -> tuple[Change, ...]:
        """The changes of deeds, with what would be sent for them."""
        asked = [one for deed in deeds if deed.change.changes for one in deed.foresights]
        asked.sort(key=lambda one: not one.is_open)
        looks = {
            one.key: self._threads.submit(self._look, one.look) for one in asked[:MOST_IN_DETAIL]
        }
        until = monotonic() + PATIENCE_SECONDS
        return tuple(_with_foreseen(deed, looks, until) for deed in deeds)

    def _look(self, look: Callable[[], Seen]) -> Seen:
        with self._running.using():  # the engine does not end under it
            return look()


def _with_foreseen(deed: Deed, looks: _Looks, until: float) -> Change:
    """The change of a deed with what is seen of its monitors until then."""
    change = deed.change
    if not change.changes or not deed.foresights:
        return change
    try:
        seen = [(one.key, _seen(one, looks, until)) for one in deed.foresights]
    except ConfigurationError as error:
        return replace(change, refusal=error.message)
    if [scope_of(key) for key, _ in seen] != [change.scope]:
        seen = [(key, _named(key, one)) for key, one in seen]
    sends = chain.from_iterable(one.sends for _, one in seen)
    notes = chain.from_iterable(one.notes for _, one in seen)
    return replace(change, sends=tuple(sends), notes=(*change.notes, *notes))


def _seen(foresight: Foresight, looks: _Looks, until: float) -> Seen:
    """What is seen of one monitor.

    Raises:
        ConfigurationError: the command would be refused.
    """
    look = looks.get(foresight.key)
    if look is None:
        return Seen(notes=(_LEFT_OUT,))
    try:
        return look.result(max(until - monotonic(), 0))
    except NotInTime:
        look.cancel()
        why = f"the exchange has not answered within {PATIENCE_SECONDS:g} s"
    except ConfigurationError:
        raise
    except TrueupError as error:
        why = error.message
    return Seen(notes=(f"what would be sent is not known: {why}",))


def _named(key: MonitorKey, seen: Seen) -> Seen:
    """What is seen, each line with the monitor's name."""
    sends = tuple(f"{key}: {line}" for line in seen.sends)
    return Seen(sends, tuple(f"{key}: {note}" for note in seen.notes))


def of_run(
    asked: Asked,
    key: MonitorKey,
    ladder: AnyLadder | None = None,
    stop: Stop | NoStop | None = None,
    *,
    unwatched: bool = False,
) -> Seen:
    """The requests of the run that would follow.

    Args:
        asked: the command.
        key: the monitor.
        ladder: the one it would be given; None keeps its own.
        stop: the same.
        unwatched: it comes under watch first.

    Raises:
        ConfigurationError: it would be refused.
        TrueupError: there can be no plan.
    """
    shown = asked.reconciler.preview(key, ladder, stop, unwatched=unwatched)
    return Seen(shown.actions, (*_notes(shown), *_why_stopped(shown)))


def of_resume(asked: Asked, key: MonitorKey) -> Seen:
    """The requests of the run that would follow once nothing stops the monitor.

    Raises:
        TrueupError: there can be no plan.
    """
    shown = asked.reconciler.preview(key)
    return Seen(shown.actions, tuple(_notes(shown)))


def of_close(asked: Asked, key: MonitorKey, share: str | int) -> Seen:
    """The request that would close a position, or why nothing of it would be closed.

    Raises:
        TrueupError: there can be no plan.
    """
    shown = asked.reconciler.preview(key, share=share)
    closing = shown.record.closing.last
    if closing is not None and shown.close is not None:
        return Seen(shown.actions, (_ALL if closing.command.share == HUNDRED else _PART,))
    if closing is not None and closing.end is CloseEnd.REFUSED:
        return Seen(notes=(f"nothing would be closed: {closing.detail}",))
    return Seen(notes=(f"as it stands, nothing can be closed: {shown.detail}",))


def _notes(shown: Preview) -> Iterator[str]:
    if shown.event in _UNPLANNED:
        yield f"as it stands, no order can be placed or changed: {shown.detail}"
    elif not shown.actions:
        yield f"nothing would be sent now: {shown.detail}"
    yield from shown.at_once
    if shown.targets is not None:
        yield from shown.adjusted
        yield from map(str, shown.targets.withheld)


def _why_stopped(shown: Preview) -> Iterator[str]:
    if shown.stopped:
        yield f"nothing is sent while {shown.stopped}"
