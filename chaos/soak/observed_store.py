"""The store of a soak, which reports its commits to the observer."""

from typing import Any

from trueup.domain.model.identity import MonitorKey, PositionMode, Role
from trueup.domain.model.record import MonitorRecord, Source
from trueup.domain.model.stop import AnyLadder, NoStop, Stop
from trueup.domain.store import Step

from ..scene.scene import Scene
from .observer import Observer


class ObservedStore:
    """The real database, with a report of every commit and watch to the observer."""

    def __init__(self, store: Any, observer: Observer, scene: Scene) -> None:  # noqa: ANN401 - any Store
        self._store = store
        self._watcher = observer
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
        self._watcher.watched(record, self._modes[key.account].position_index(key.side))
        return record

    def commit(self, step: Step) -> MonitorRecord:
        """Makes a step durable: see the port."""
        with self._watcher.committing(step):
            written: MonitorRecord = self._store.commit(step)
        self._watcher.committed(step, written)
        return written

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - everything else passes through
        return getattr(self._store, name)
