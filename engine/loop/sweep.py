"""Sweeps: one read of an account tells which of its monitors have anything to do."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from ...domain.model.identity import MonitorKey
from ...domain.model.ladder import Ladder
from ...domain.model.observation import Observation, OrdersUnread, Reading
from ...domain.model.record import MonitorRecord
from ...domain.ports import Exchange
from ...domain.tracking.drift import drift_of
from ..run.main_ladders import MainLadders


@dataclass(frozen=True, slots=True)
class Sweep:
    """What a sweep of an account found.

    Attributes:
        at: when it began.
        monitors: how many it looked at.
        drifted: the monitors that have something to do, and what.
        unreadable: why the account could not be read; empty if it was.
    """

    account: str
    at: datetime
    monitors: int
    drifted: Mapping[MonitorKey, str] = field(default_factory=dict)
    unreadable: str = ""


class Sweeper:
    """Compares accounts with the records of their monitors.

    It keeps the records, as the last commit of their runs left them: nobody else writes them
    while the database is ours.

    Args:
        mains: gives a mirror its main's ladder.
    """

    def __init__(self, mains: MainLadders) -> None:
        self._mains = mains
        self._records: dict[MonitorKey, MonitorRecord] = {}

    def take(self, record: MonitorRecord) -> None:
        """Takes a record as it is stored now."""
        self._records[record.key] = record

    def record(self, key: MonitorKey) -> MonitorRecord | None:
        """The record that was taken last."""
        return self._records.get(key)

    def drop(self, key: MonitorKey) -> None:
        """Lets a monitor go."""
        self._records.pop(key, None)

    def followers(self, key: MonitorKey) -> tuple[MonitorKey, ...]:
        """The mirrors' monitors that may take this one's ladder."""
        return tuple(
            record.key
            for record in list(self._records.values())
            if record.follows == key.account
            and (record.key.symbol, record.key.side) == (key.symbol, key.side)
        )

    def sweep(self, exchange: Exchange, keys: Iterable[MonitorKey], at: datetime) -> Sweep:
        """Reads the account once and says which of these monitors have something to do.

        Where it cannot be read all have: their runs do what can be done, and tell of it.
        """
        own = tuple(keys)
        reading = exchange.survey(tuple(dict.fromkeys(key.symbol for key in own)) or None)
        if not isinstance(reading, Observation):
            why = _why(reading)
            return Sweep(exchange.account, at, len(own), dict.fromkeys(own, why), why)
        drifts = ((key, self.drift(key, reading)) for key in own if not self._ran_since(key, at))
        drifted = {key: why for key, why in drifts if why is not None}
        return Sweep(exchange.account, at, len(own), drifted)

    def drift(self, key: MonitorKey, reading: Observation) -> str | None:
        """What the monitor has to do by a reading; None for nothing."""
        record = self._records.get(key)
        if record is None:
            return "it never ran"
        return drift_of(record, reading, self._main_ladder(record))

    def _ran_since(self, key: MonitorKey, at: datetime) -> bool:
        """Whether a run has ended since: it has seen more than a reading that began then."""
        record = self._records.get(key)
        return record is not None and record.last_run_at is not None and record.last_run_at > at

    def _main_ladder(self, record: MonitorRecord) -> Ladder | None:
        """The ladder of the monitor's main, asked of the store only where it may be another."""
        main = record.follows
        if main is None:
            return None
        own = self._records.get(MonitorKey(main, record.key.symbol, record.key.side))
        if own is not None and own.ladder == record.ladder:
            return own.ladder
        return self._mains.of(record.key, main)


def _why(reading: Reading) -> str:
    reason = "" if isinstance(reading, Observation) else reading.reason
    part = "the orders" if isinstance(reading, OrdersUnread) else "the account"
    return f"{part} could not be read: {reason}"
