"""What people stop, let go on and close: by whom and why (promise P14)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from ..model.errors import ConfigurationError
from ..model.identity import MonitorKey, Side


class ControlKind(StrEnum):
    """What somebody asks for.

    ``PAUSE``: no write leaves for a monitor, an account or all of them. ``HALT``: none leaves for
    anybody, until ``RESUME_ALL``. ``RESUME`` ends pauses; ``RESUME_ALL`` ends a halt, too.
    ``CLOSE``: a monitor's position is closed; it is acknowledged once a run has taken it.
    """

    PAUSE = "pause"
    HALT = "halt"
    RESUME = "resume"
    RESUME_ALL = "resume-all"
    CLOSE = "close"

    @property
    def stops(self) -> bool:
        """Whether it stops writes."""
        return self in (ControlKind.PAUSE, ControlKind.HALT)


@dataclass(frozen=True, slots=True)
class Scope:
    """What a control concerns: one monitor, one account, or everything.

    Attributes:
        account: its name; empty for all accounts.
        symbol: of the monitor; empty for all monitors of the account.
        side: of the monitor's position; None for all monitors of the account.

    Raises:
        ConfigurationError: only a part of a monitor is named, or no such side.
    """

    account: str = ""
    symbol: str = ""
    side: Side | None = None

    def __post_init__(self) -> None:
        if self.side is not None and type(self.side) is not Side:
            key = MonitorKey(self.account, self.symbol, self.side)
            object.__setattr__(self, "side", key.side)
        if bool(self.symbol) != (self.side is not None) or (self.symbol and not self.account):
            raise ConfigurationError(
                "name a monitor by account, symbol and side, an account by its name alone, "
                "or nothing for all accounts"
            )

    def __str__(self) -> str:
        """``main BANDUSDT Buy``, ``main``, or ``all accounts``."""
        names = (self.account, self.symbol, self.side.value if self.side else "")
        return " ".join(filter(None, names)) or "all accounts"

    def covers(self, key: MonitorKey) -> bool:
        """Whether the monitor belongs to it."""
        return self.contains(Scope(key.account, key.symbol, key.side))

    def contains(self, other: "Scope") -> bool:
        """Whether all that the other one concerns belongs to it."""
        return (
            self.account in ("", other.account)
            and self.symbol in ("", other.symbol)
            and self.side in (None, other.side)
        )


EVERYTHING = Scope()


@dataclass(frozen=True, slots=True)
class Control:
    """One pause, halt or resume.

    Attributes:
        kind: what was asked for.
        scope: for what.
        at: when.
        by: who asked for it.
        reason: why; empty where nobody said so.
        number: in the database, in the order in which they were asked for; 0 before it is there.
        ended_by: the number of the control that ended a pause or a halt; None while it is in force.
        acknowledged_at: since when an engine is known to go by it, with nothing under way that was
            sent before; None: not yet.
        share: of a close: how much of the position, in percent; else None.
        cycle: of a close: the position that is meant, as the monitor counts them; else None.
        ended: the pauses and halts that it ended; only of one that was just put on record.
    """

    kind: ControlKind
    scope: Scope
    at: datetime
    by: str
    reason: str = ""
    number: int = 0
    ended_by: int | None = None
    acknowledged_at: datetime | None = None
    share: Decimal | None = None
    cycle: int | None = None
    ended: tuple["Control", ...] = field(default=(), compare=False)

    @property
    def is_untaken_close(self) -> bool:
        """Whether it commands a close that no run has taken."""
        return self.kind is ControlKind.CLOSE and self.acknowledged_at is None

    @property
    def is_in_force(self) -> bool:
        """Whether it keeps writes from leaving."""
        return self.kind.stops and self.ended_by is None

    def __str__(self) -> str:
        """``main is paused by ann@host since 2026-01-31 12:00 UTC: rebalancing by hand``."""
        if self.kind is ControlKind.CLOSE:
            at = f"{self.at:%Y-%m-%d %H:%M} UTC"
            return f"{self.scope}: a close is commanded by {self.by} since {at}"
        verb = "are" if self.scope == EVERYTHING else "is"
        word = "halted" if self.kind is ControlKind.HALT else "paused"
        why = f": {self.reason}" if self.reason else ""
        return f"{self.scope} {verb} {word} by {self.by} since {self.at:%Y-%m-%d %H:%M} UTC{why}"


def why_stopped(controls: Iterable[Control], key: MonitorKey) -> str:
    """Why no write may leave for the monitor; empty if nobody has stopped it. A halt goes first."""
    stops = [one for one in controls if one.is_in_force and one.scope.covers(key)]
    stops.sort(key=lambda one: (one.kind is not ControlKind.HALT, one.number))
    return str(stops[0]) if stops else ""


def ends(asked: Control, in_force: Iterable[Control]) -> tuple[Control, ...]:
    """The pauses and halts that a new control ends.

    One of the same kind and scope takes the place of the one before. A resume ends the pauses
    within its scope.

    Example: a resume of ``main`` ends the pause of ``main BANDUSDT Buy``, and is refused while all
    accounts are paused.

    Raises:
        ConfigurationError: a resume that would change nothing, as more than its scope is stopped;
            or a close of what is stopped, or of a position for which one is commanded already.
    """
    in_force = tuple(in_force)
    if asked.kind is ControlKind.CLOSE:
        _check_may_close(asked, in_force)
        return ()
    stops = [one for one in in_force if one.is_in_force]
    if asked.kind.stops:
        return tuple(one for one in stops if (one.kind, one.scope) == (asked.kind, asked.scope))
    if asked.kind is ControlKind.RESUME:
        _check_nothing_wider(asked.scope, stops)
    return tuple(one for one in stops if asked.scope.contains(one.scope))


def _check_may_close(asked: Control, others: Sequence[Control]) -> None:
    stops = [one for one in others if one.is_in_force and one.scope.contains(asked.scope)]
    for one in sorted(stops, key=lambda one: one.kind is not ControlKind.HALT):
        raise ConfigurationError(f"{one}: nothing is closed before `{_ending(one)}`")
    for one in others:
        if one.is_untaken_close and one.scope == asked.scope:
            raise ConfigurationError(f"{one}: wait for it; nothing more was commanded")


def _check_nothing_wider(scope: Scope, stops: Iterable[Control]) -> None:
    for one in stops:
        if one.kind is ControlKind.HALT:
            raise ConfigurationError(f"{one}; `{_ending(one)}` ends that, and nothing else")
    for one in stops:
        if one.scope != scope and one.scope.contains(scope):
            raise ConfigurationError(f"{one}; `{_ending(one)}` ends that")


def _ending(stop: Control) -> str:
    """The command that ends it."""
    if stop.kind is ControlKind.HALT:
        return "trueup resume --all"
    return "trueup resume" if stop.scope == EVERYTHING else f"trueup resume {stop.scope}"
