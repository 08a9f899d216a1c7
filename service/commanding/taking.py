"""Taking commands: each is on record before anything of it is done, and is done once."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Condition

from ...domain.model.errors import ConfigurationError, TrueupError
from ...domain.stopping.command import (
    UNANSWERED,
    UNDER_WAY,
    Answer,
    Became,
    Command,
    CommandKind,
    CommandRecord,
    Part,
)
from ..running import RunningEngine
from . import stopping, watching
from .deeds import Asked, Deed
from .foreseeing import Foreseer

_AT_ONCE = 16
_DIED = (
    "the service ended before it could answer: it may have been done, wholly or in part, and is "
    "not done again; look at the status"
)
KINDS: Mapping[CommandKind, Callable[[Asked], Iterable[Deed]]] = {
    CommandKind.WATCH: watching.watch,
    CommandKind.UNWATCH: watching.unwatch,
    CommandKind.LADDER: watching.ladder,
    CommandKind.STOP: watching.stop,
    CommandKind.BREAKEVEN: watching.breakeven,
    CommandKind.CLOSE: stopping.close,
    CommandKind.PAUSE: stopping.pause,
    CommandKind.RESUME: stopping.resume,
    CommandKind.HALT: stopping.halt,
    CommandKind.RECONCILE: stopping.reconcile,
    CommandKind.RELOAD: stopping.reload,
}


@dataclass(frozen=True, slots=True)
class Taken:
    """A command with its answer.

    Attributes:
        record: what is on record.
        answer: the answer.
        is_repeated: whether it was taken before, and nothing was done now.
    """

    record: CommandRecord
    answer: Answer
    is_repeated: bool = False


class Taker:
    """Takes commands, from whichever thread asks.

    Args:
        running: what runs.
    """

    def __init__(self, running: RunningEngine) -> None:
        self._running = running
        self._foreseer = Foreseer(running)
        self._under_way: set[str] = set()
        self._changed = Condition()

    def plan(self, command: Command) -> CommandRecord:
        """What a command would change, and what would be sent for it; nothing is done.

        Of one whose id is on record that is what it was to change as it was taken: it is not taken
        again.

        Raises:
            ConfigurationError: its id is that of another command.
            NotRunning: no engine runs at this moment.
            StoreError: the database cannot be read.
        """
        with self._running.using() as (reconciler, host):
            known = reconciler.store.command(command.id)
            if known is not None:
                _check_same(known.command, command)
                return known
            deeds = _deeds(Asked(command, reconciler, host))
        return CommandRecord(command, self._foreseer.of(deeds))

    def handle(self, command: Command) -> Taken:
        """Does what a command asks for, once; one whose id is on record is answered from there.

        Raises:
            ConfigurationError: its id is that of another command; nothing was done.
            NotRunning: no engine runs at this moment; nothing was done.
            StoreError: the database cannot be read or written. What was done is on record as
                unknown once its id is asked for again.
        """
        with self._changed:
            self._changed.wait_for(lambda: command.id not in self._under_way)
            self._under_way.add(command.id)
        try:
            return self._handle(command)
        finally:
            with self._changed:
                self._under_way.discard(command.id)
                self._changed.notify_all()

    def look_up(self, command_id: str) -> Taken | None:
        """What became of the command of that id, from the record alone; None if none has it.

        One that has no answer is unknown: it is under way, or the service ended before its answer.

        Raises:
            NotRunning: no engine runs at this moment.
            StoreError: the database cannot be read.
        """
        with self._running.using() as (reconciler, _):
            is_under_way = command_id in self._under_way
            known = reconciler.store.command(command_id)
        if known is None:
            return None
        why = UNDER_WAY if is_under_way else UNANSWERED
        answer = known.answer or _answer(Part(known.command.scope, Became.UNKNOWN, why))
        return Taken(known, answer, is_repeated=True)

    def _handle(self, command: Command) -> Taken:
        with self._running.using() as (reconciler, host):
            store = reconciler.store
            known = store.command(command.id)
            deeds: Sequence[Deed] = ()
            if known is None:
                deeds = _deeds(Asked(command, reconciler, host))
                known = store.begin_command(_record(command, deeds))
            if known is not None:
                _check_same(known.command, command)
                answer = known.answer or _answer(Part(known.command.scope, Became.UNKNOWN, _DIED))
                if known.answer is None:
                    store.answer_command(command.id, answer)
                return Taken(known, answer, is_repeated=True)
            answer = _answer(*_done(deeds))
            store.answer_command(command.id, answer)
            return Taken(_record(command, deeds), answer)


def _deeds(asked: Asked) -> Sequence[Deed]:
    try:
        return tuple(KINDS[asked.command.kind](asked))
    except ConfigurationError as error:
        return (Deed.refused(asked.command.scope, error.message),)


def _record(command: Command, deeds: Iterable[Deed]) -> CommandRecord:
    return CommandRecord(command, tuple(deed.change for deed in deeds))


def _done(deeds: Sequence[Deed]) -> Iterable[Part]:
    """Does them side by side: an account that hangs holds up no other."""
    with ThreadPoolExecutor(min(len(deeds), _AT_ONCE) or 1, "trueup-command") as pool:
        return tuple(pool.map(_do, deeds))


def _do(deed: Deed) -> Part:
    try:
        return deed.part()
    except TrueupError as error:
        return Part(deed.change.scope, Became.UNKNOWN, str(error))


def _answer(*parts: Part) -> Answer:
    return Answer(parts, datetime.now(UTC))


def _check_same(known: Command, command: Command) -> None:
    kind, scope, given = known.kind.value, known.scope, dict(known.arguments)
    if (known.kind, scope, given) == (command.kind, command.scope, dict(command.arguments)):
        return
    asked = f"{kind} of {scope}" + (f" with {json.dumps(given)}" if given else "")
    raise ConfigurationError(
        f"the id {command.id} is that of another command, {asked}, by {known.by} at "
        f"{known.at:%F %T} UTC: nothing was done; draw a new id for a new command"
    )
