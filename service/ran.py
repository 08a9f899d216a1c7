"""What the runs of this process have added up to; plain numbers, which need no library."""

import time
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from threading import Lock

from ..domain.keeping.durations import Durations
from ..domain.model.identity import MonitorKey
from ..engine.run.report import RunReport

BOUNDS_S = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
"""The upper bounds of the buckets of the times to true."""


@dataclass(slots=True)
class Exposure:
    """A quantity that lacks something, added up over the time that it does."""

    quantity: float = 0.0
    since: float = 0.0
    quantity_seconds: float = 0.0

    def at(self, now: float) -> float:
        """The quantity times the seconds, up to now."""
        return self.quantity_seconds + self.quantity * (now - self.since)

    def set(self, quantity: float, now: float) -> None:
        """From now on it is so much."""
        self.quantity_seconds, self.quantity, self.since = self.at(now), quantity, now


class Ran:
    """Adds up the runs, from whichever thread reports them.

    Args:
        monotonic: seconds, for durations.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._lock = Lock()
        self.outcomes: Counter[tuple[str, str]] = Counter()
        self.refusals: Counter[tuple[str, str]] = Counter()
        self.times: dict[str, Durations] = {}
        self._uncovered: dict[MonitorKey, Exposure] = {}
        self._unprotected: dict[MonitorKey, Exposure] = {}

    def ran(self, report: RunReport) -> None:
        """A pass has ended."""
        account, now, record = report.key.account, self._monotonic(), report.record
        stop = record.stop
        lacks_stop = stop is not None and stop.unprotected_since is not None
        with self._lock:
            self.outcomes[account, report.outcome.value] += 1
            for call in report.calls:
                if call.code:
                    self.refusals[account, str(call.code)] += 1
            if report.writes and report.is_true and report.transitions:
                first, *_, last = (*report.transitions, report.transitions[-1])
                seconds = (last.at - first.at).total_seconds()
                self.times.setdefault(account, Durations(BOUNDS_S)).add(seconds)
            uncovered = max(float(record.position_size - report.covered), 0.0)
            self._uncovered.setdefault(report.key, Exposure()).set(uncovered, now)
            unprotected = float(record.position_size) if lacks_stop else 0.0
            self._unprotected.setdefault(report.key, Exposure()).set(unprotected, now)

    def keeps(self, watched: Collection[MonitorKey]) -> None:
        """Only these are under watch: what others lack adds nothing up any more."""
        with self._lock:
            for exposures in (self._uncovered, self._unprotected):
                for key in exposures.keys() - set(watched):
                    exposures[key].set(0.0, self._monotonic())

    def uncovered(self) -> dict[MonitorKey, float]:
        """Quantity times seconds without a take-profit, of every monitor that has run."""
        return self._added_up(self._uncovered)

    def unprotected(self) -> dict[MonitorKey, float]:
        """Quantity times seconds without the stop that is wanted."""
        return self._added_up(self._unprotected)

    def _added_up(self, exposures: dict[MonitorKey, Exposure]) -> dict[MonitorKey, float]:
        with self._lock:
            now = self._monotonic()
            return {key: exposure.at(now) for key, exposure in exposures.items()}
