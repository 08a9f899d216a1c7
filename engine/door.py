"""The door: the monitors that a file asks for come under watch, each for itself.

A monitor that is refused stops no other one (promise P8). Those on record need no request, so no
exchange can hold them up: after a crash they run at once. New ones are asked for account by
account, at the same time, while the others run already.
"""

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

from ..domain.model.errors import ConfigurationError, Unstorable
from ..domain.model.identity import MonitorKey
from ..domain.model.record import Source
from ..domain.model.stop import AnyLadder, NoStop, Stop
from .reconciler import Reconciler
from .run.grouping import by_account

Refusals = tuple["Refused", ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """A monitor that did not come under watch: its other settings and orders are as before.

    Attributes:
        reason: what is wrong with what was asked for.
    """

    key: MonitorKey
    reason: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a file asks for of a monitor.

    Attributes:
        ladder: its levels; None keeps the stored ladder.
        stop: its stop-loss; ``NO_STOP`` takes the stored one off, None keeps it.
    """

    ladder: AnyLadder | None = None
    stop: Stop | NoStop | None = None


class Door:
    """Puts the monitors of a file under watch.

    Args:
        reconciler: watches them.
        wanted: the monitors, each with what is asked for.
        follows: the accounts, each with the main account that it follows.
    """

    def __init__(
        self,
        reconciler: Reconciler,
        wanted: Mapping[MonitorKey, Wanted],
        follows: Mapping[str, str | None],
    ) -> None:
        self._reconciler = reconciler
        self._wanted = wanted
        self._follows = follows

    def watch_stored(self) -> Refusals:
        """Puts those under watch that are on record; asks the exchange for nothing.

        Raises:
            StoreError: the database cannot be written.
        """
        stored = {record.key for record in self._reconciler.monitors()}
        return self._watch(key for key in self._wanted if key in stored)

    def watch_new(self) -> Refusals:
        """Puts the others under watch, accounts in parallel.

        A mirror's monitor that copies its ladder waits for the monitors of its main account.

        Raises:
            StoreError: the database cannot be written.
        """
        stored = {record.key for record in self._reconciler.monitors()}
        new = by_account(key for key in self._wanted if key not in stored)
        tasks: dict[str, Future[Refusals]] = {}
        with ThreadPoolExecutor(max_workers=len(new) or 1) as pool:
            for account in sorted(new, key=lambda name: self._follows[name] is not None):
                main = tasks.get(self._follows[account] or "")
                tasks[account] = pool.submit(self._watch_account, new[account], main)
        return tuple(refused for task in tasks.values() for refused in task.result())

    def _watch_account(self, keys: Sequence[MonitorKey], main: Future[Refusals] | None) -> Refusals:
        copying = [key for key in keys if self._wanted[key].ladder is None]
        refused = self._watch(key for key in keys if key not in copying)
        if copying and main is not None:
            wait((main,))
        return (*refused, *self._watch(copying))

    def _watch(self, keys: Iterable[MonitorKey]) -> Refusals:
        found: list[Refused] = []
        for key in keys:
            wanted = self._wanted[key]
            try:
                self._reconciler.watch(
                    key.account,
                    key.symbol,
                    key.side,
                    wanted.ladder,
                    source=Source.CONFIGURED,
                    stop=wanted.stop,
                )
            except (ConfigurationError, Unstorable) as error:
                found.append(Refused(key, error.message))
        return tuple(found)
