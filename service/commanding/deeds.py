"""What a command is to change, of each monitor that it names, and how that is done."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ...composition import Reconciler
from ...domain.model.errors import ConfigurationError
from ...domain.model.identity import MonitorKey
from ...domain.model.record import MonitorRecord
from ...domain.stopping.command import Became, Change, Command, Part
from ...domain.stopping.control import Scope
from ...engine.control.known import known_scope
from ..host import Host


@dataclass(frozen=True, slots=True)
class Seen:
    """What a command would send for one monitor.

    Attributes:
        sends: the requests.
        notes: what whoever asks should know before it is done.
    """

    sends: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Foresight:
    """How to see beforehand what a command sends for one monitor.

    Attributes:
        key: the monitor.
        look: sees it; it reads the exchange. It raises ConfigurationError where the command would
            be refused, and TrueupError where there can be no plan.
        is_open: whether a position was open at the last read: such ones are looked at first.
    """

    key: MonitorKey
    look: Callable[[], Seen]
    is_open: bool = True


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that a command does.

    Attributes:
        change: from what to what.
        do: does it; returns what became of it and why. It raises ConfigurationError where nothing
            was changed.
        foresights: of the monitors whose requests can be foreseen; none where nobody can.
    """

    change: Change
    do: Callable[[], tuple[Became, str]]
    foresights: tuple[Foresight, ...] = ()

    @classmethod
    def refused(cls, scope: Scope, why: str) -> "Deed":
        """One that is not done."""
        return cls(Change(scope, "", "", refusal=why), lambda: (Became.REFUSED, why))

    def part(self) -> Part:
        """Does it, where there is something to do; the answer.

        Raises:
            TrueupError: it may have been done, wholly or in part.
        """
        change = self.change
        if not change.refusal and not change.changes:
            return Part(change.scope, Became.UNCHANGED, change.before)
        try:
            became, detail = self.do()
        except ConfigurationError as error:
            became, detail = Became.REFUSED, error.message
        return Part(change.scope, became, detail)


@dataclass(frozen=True, slots=True)
class Asked:
    """A command, and what it is given to."""

    command: Command
    reconciler: Reconciler
    host: Host

    def only(self, *names: str) -> None:
        """Checks that it has no other arguments.

        Raises:
            ConfigurationError: it has.
        """
        if unknown := self.command.arguments.keys() - set(names):
            known = f"it takes {' and '.join(names)}" if names else "it takes none"
            kind = self.command.kind.value
            raise ConfigurationError(f"{kind} has no {', '.join(sorted(unknown))}: {known}")

    def record(self) -> MonitorRecord:
        """The one watched monitor that it names.

        Raises:
            ConfigurationError: it names none, or more than one.
        """
        if self.command.scope.side is None:
            raise ConfigurationError(
                f"{self.command.kind.value} is for one monitor: name account, symbol and side"
            )
        (record,) = self.records()
        return record

    def records(self) -> Sequence[MonitorRecord]:
        """The watched monitors that it names.

        Raises:
            ConfigurationError: an account or a monitor is unknown, or it names one that is not
                watched.
        """
        records, scope = self.reconciler.monitors(), self.command.scope
        known_scope(
            scope.account,
            scope.symbol,
            scope.side,
            self.host.accounts,
            {record.key for record in records},
        )
        found = [record for record in records if record.is_watched and scope.covers(record.key)]
        if scope.side is not None and not found:
            raise ConfigurationError(f"{scope} is not watched")
        return found


def scope_of(key: MonitorKey) -> Scope:
    """The scope that is one monitor."""
    return Scope(key.account, key.symbol, key.side)
