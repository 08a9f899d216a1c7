"""What the one writer of a database knows of it, and need not read back."""

from collections.abc import Callable, Mapping
from threading import Lock
from typing import TypeAlias

from ...domain.model.alert import Alert
from ...domain.model.identity import MonitorKey
from ...domain.model.intent import Intent
from ...domain.model.record import MonitorRecord
from ..sql.phrases import Phrase

KeptIntents: TypeAlias = Mapping[str, tuple[int, Intent]]
"""The rows of a monitor's intents by their ids: each with its number, oldest first."""

_NONE: KeptIntents = {}
_MOST_PHRASES = 4096


class Cache:
    """Monitors with their intents, wakes and last alert, once they were read or written.

    Nobody else writes while the store is open, so what it last wrote is what is stored; a monitor
    whose version says otherwise is forgotten. A value that is read for the first time never takes
    the place of one that was written meanwhile.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._records: dict[MonitorKey, MonitorRecord | None] = {}
        self._intents: dict[int, KeptIntents] = {}
        self._wakes: dict[int, int] = {}
        self._alerts: dict[int, Alert | None] = {}
        self._phrases: dict[Phrase, int] = {}

    def record(
        self, key: MonitorKey, read: Callable[[], MonitorRecord | None]
    ) -> MonitorRecord | None:
        """The monitor of that key, None if there is none; read where that is not known yet."""
        try:
            return self._records[key]
        except KeyError:
            found = read()
            with self._lock:
                return self._records.setdefault(key, found)

    def intents(self, monitor_id: int, read: Callable[[], KeptIntents]) -> KeptIntents:
        """The monitor's rows of intents; read where they are not known yet."""
        known = self._intents.get(monitor_id)
        if known is None:
            found = read()
            with self._lock:
                known = self._intents.setdefault(monitor_id, found or _NONE)
        return known

    def wakes(self, monitor_id: int, read: Callable[[], int]) -> int:
        """The monitor's count of wakes; read where it is not known yet."""
        known = self._wakes.get(monitor_id)
        if known is None:
            found = read()
            with self._lock:
                known = self._wakes.setdefault(monitor_id, found)
        return known

    def last_alert(self, monitor_id: int, read: Callable[[], Alert | None]) -> Alert | None:
        """The monitor's newest alert; read where it is not known yet."""
        try:
            return self._alerts[monitor_id]
        except KeyError:
            found = read()
            with self._lock:
                return self._alerts.setdefault(monitor_id, found)

    @property
    def phrases(self) -> Mapping[Phrase, int]:
        """The numbers of phrases that are stored."""
        return self._phrases

    def wrote(self, record: MonitorRecord) -> None:
        """Notes a monitor as it was written; writes may be noted in another sequence."""
        with self._lock:
            known = self._records.get(record.key)
            if known is None or known.version <= record.version:
                self._records[record.key] = record

    def committed(
        self,
        record: MonitorRecord,
        intents: KeptIntents,
        alert: Alert | None,
        phrases: Mapping[Phrase, int],
    ) -> None:
        """Notes what a commit has left of a monitor and its intents, its alert, its phrases."""
        self.wrote(record)
        with self._lock:
            if len(self._phrases) < _MOST_PHRASES:
                self._phrases.update(phrases)
            self._intents[record.id] = intents or _NONE
            if alert is not None:
                self._alerts[record.id] = alert

    def saw(self, record: MonitorRecord) -> None:
        """Forgets a monitor whose version in the database is not the one that was last written."""
        known = self._records.get(record.key)
        if known is not None and known.version != record.version:
            self.forget(record)

    def forget(self, record: MonitorRecord) -> None:
        """Forgets a monitor that somebody else has written after all."""
        with self._lock:
            self._records.pop(record.key, None)
            for known in (self._intents, self._wakes, self._alerts):
                known.pop(record.id, None)

    def woken(self, monitor_id: int, wakes: int) -> None:
        """Notes that a monitor has been woken this many times: the count only grows."""
        with self._lock:
            self._wakes[monitor_id] = max(wakes, self._wakes.get(monitor_id, wakes))

    def alerted(self, monitor_id: int, alert: Alert) -> None:
        """Notes an alert that was written beside any run."""
        with self._lock:
            self._alerts[monitor_id] = alert
