"""Commands to a running service: who asked for what, what it was to change, and the answer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from .control import Scope

UNDER_WAY = "it is under way, and has no answer yet"
UNANSWERED = (
    "no answer is on record: it is under way, or the service ended before it could answer; it may "
    "have been done, wholly or in part, and is not done again"
)


class CommandKind(StrEnum):
    """What a service can be asked to do.

    ``WATCH`` and ``UNWATCH`` a position; give its monitor another ``LADDER`` or ``STOP``; bring its
    stop to ``BREAKEVEN``; ``CLOSE`` it; ``PAUSE``, ``RESUME`` and ``HALT`` as
    :class:`~.control.ControlKind`; ``RECONCILE`` now; ``RELOAD`` the configuration.
    """

    WATCH = "watch"
    UNWATCH = "unwatch"
    LADDER = "ladder"
    STOP = "stop"
    BREAKEVEN = "breakeven"
    CLOSE = "close"
    PAUSE = "pause"
    RESUME = "resume"
    HALT = "halt"
    RECONCILE = "reconcile"
    RELOAD = "reload"


class Became(StrEnum):
    """What became of what was asked for.

    ``DONE``; ``UNCHANGED``: it was so already, and nothing was done; ``REFUSED``: nothing was
    changed; ``UNKNOWN``: it may have been done, wholly or in part.
    """

    DONE = "done"
    UNCHANGED = "unchanged"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Command:
    """What somebody asks for.

    Attributes:
        id: drawn by whoever asks; a second one with the same id is the same command.
        kind: what to do.
        scope: for which monitor, account, or all of them.
        by: who asks.
        at: when.
        reason: why; empty where nobody said so.
        arguments: what belongs to its kind, such as the levels of a ladder, as JSON has it.
    """

    id: str
    kind: CommandKind
    scope: Scope
    by: str
    at: datetime
    reason: str = ""
    arguments: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """What a command changes of one monitor, or of what else it names.

    Attributes:
        scope: the monitor, the account, or all.
        before: how it is, for people.
        after: how it is to be.
        refusal: why nothing is changed; empty where something is.
        sends: the requests that would follow, as far as a plan has foreseen them.
        notes: what whoever asks should know before it is done.
    """

    scope: Scope
    before: str
    after: str
    refusal: str = ""
    sends: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def changes(self) -> bool:
        """Whether there is something to do."""
        return not self.refusal and self.before != self.after


@dataclass(frozen=True, slots=True)
class Part:
    """The answer for one monitor, or for what else a command names.

    Attributes:
        scope: the monitor, the account, or all.
        became: what became of it.
        detail: why, or what is so now.
    """

    scope: Scope
    became: Became
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a command.

    Attributes:
        parts: one for each monitor, or for what else it names.
        at: when it was given.
    """

    parts: tuple[Part, ...]
    at: datetime

    @property
    def became(self) -> Became:
        """What became of all of it: the worst of its parts."""
        return worst(part.became for part in self.parts)

    @property
    def accounts(self) -> Mapping[str, Became]:
        """What became of it on each account, ``""`` for all of them; the worst of its parts."""
        names = dict.fromkeys(part.scope.account for part in self.parts)
        return {
            name: worst(part.became for part in self.parts if part.scope.account == name)
            for name in names
        }


@dataclass(frozen=True, slots=True)
class CommandRecord:
    """A command on record.

    Attributes:
        command: what was asked for.
        changes: what it was to change, from what to what.
        answer: None where the service has given none: it works on it, or died meanwhile.
    """

    command: Command
    changes: tuple[Change, ...] = ()
    answer: Answer | None = None


def worst(parts: Iterable[Became]) -> Became:
    """The one that matters most to whoever asked; ``UNCHANGED`` where there is none.

    >>> worst([Became.DONE, Became.UNKNOWN, Became.REFUSED]).value
    'unknown'
    """
    order = (Became.UNCHANGED, Became.DONE, Became.REFUSED, Became.UNKNOWN)
    return max(parts, key=order.index, default=Became.UNCHANGED)
