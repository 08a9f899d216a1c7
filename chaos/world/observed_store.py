"""The store of a history, which reports its commits to the judge, and may be away for a while."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from trueup.domain.model.alert import Alert, PendingAlert
from trueup.domain.model.errors import StoreUnavailable
from trueup.domain.model.events import UnwatchedPosition
from trueup.domain.model.identity import MonitorKey, PositionMode, Role
from trueup.domain.model.ladder import Ladder
from trueup.domain.model.record import MonitorRecord, Source
from trueup.domain.model.stop import AnyLadder, NoStop, Stop
from trueup.domain.reporting.account_status import AccountStatus
from trueup.domain.store import Step

from ..judge.judge import Judge
from ..ledger.book import Claim
from ..scene.scene import Scene


class ObservedStore:
    """Another store, and a report of every commit, watch and wake to the judge.

    Attributes:
        is_away: whether what the engine writes fails, as while another program holds the file.
    """

    def __init__(
        self,
        store: Any,  # noqa: ANN401 - any Store
        judge: Judge,
        scene: Scene,
        log: Callable[[str], None] | None,
    ) -> None:
        self._store = store
        self.is_away = False
        self._log = log
        self._judge = judge
        self._twin = None if scene.twin is None else scene.twin.name
        self._first = scene.accounts[0].name
        self._modes: dict[str, PositionMode] = {a.name: a.position_mode for a in scene.accounts}

    def watch(
        self,
        key: MonitorKey,
        role: Role,
        follows: str | None,
        ladder: AnyLadder | None,
        *,
        source: Source = Source.CALLER,
        stop: Stop | NoStop | None = None,
    ) -> MonitorRecord:
        """Puts a monitor under watch: see the port."""
        record: MonitorRecord = self._store.watch(
            key, role, follows, ladder, source=source, stop=stop
        )
        self._judge.watched(record, self._modes[key.account].position_index(key.side))
        return record

    def watch_aside(self, key: MonitorKey, ladder: Ladder) -> None:
        """Puts a monitor of the second name under watch: the judge keeps no book of it."""
        self._store.watch(key, Role.MAIN, None, ladder)

    def commit(self, step: Step) -> MonitorRecord:
        """Makes a step durable: see the port."""
        self._check(step.record.key)
        written: MonitorRecord = self._store.commit(step)
        if step.record.key.account == self._twin:
            self._judge.committed_aside(self._first, step, written)
            return written
        if self._log is not None:
            _log_step(self._log, step)
        self._judge.committed(step, written)
        return written

    def waits(self, monitor_id: int, until: datetime, why: str) -> None:
        """Notes that a run waits: see the port."""
        self._check()
        self._store.waits(monitor_id, until, why)

    def swept(self, status: AccountStatus) -> None:
        """Stores an account's last sweep: see the port."""
        self._check()
        self._store.swept(status)

    def note_unwatched(
        self, key: MonitorKey, event: UnwatchedPosition, at: datetime, alert: Alert | None = None
    ) -> None:
        """Records a position without a monitor: see the port."""
        self._check()
        self._store.note_unwatched(key, event, at, alert)

    def note_deliveries(self, alerts: Sequence[PendingAlert]) -> None:
        """Notes how far alerts have got: see the port."""
        self._check()
        self._store.note_deliveries(alerts)
        self._judge.marked(alerts)

    def _check(self, of: MonitorKey | None = None) -> None:
        if self.is_away:
            self._judge.refused_a_write(of)
            raise StoreUnavailable("the database cannot be used: database is locked")

    def wake(self, key: MonitorKey) -> None:
        """Wakes a monitor: see the port."""
        self._store.wake(key)
        self._judge.woken(key)

    def claim(self, key: MonitorKey, level: int, link_id: str) -> None:
        """Registers an order as ours, for an engine that sends requests before it records them."""
        self._judge.ledger.claims[key.account, link_id] = Claim(key, level, 1)

    def close(self) -> None:
        """Does nothing: the owner of the inner store closes it."""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - everything else passes through
        return getattr(self._store, name)


def _log_step(log: Callable[[str], None], step: Step) -> None:
    for decision in step.decisions:
        log(f"    {decision.text}")
    for one in step.transitions:
        log(f"   {one.source.value} → {one.event} → {one.target.value}: {one.detail}")
    if step.alert is not None:
        log("    " + step.alert.text.replace("\n", " | "))
