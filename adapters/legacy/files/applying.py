"""Putting legacy monitors on record, with one commit for each.

A crash leaves the monitors so far complete, and at most one with its ladder but no orders. Running
the import again keeps the complete ones and completes that one.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from ....domain.model.identity import MonitorKey
from ....domain.model.intent import Intent
from ....domain.model.record import MonitorRecord, Source
from ....domain.store import Step, Store
from ..rules.consider import Considered, Verdict, kept_because


class Records(Protocol):
    """What the import reads from the database first: a store, or a read-only reader."""

    def load(self, key: MonitorKey) -> MonitorRecord | None:
        """The monitor, or None."""
        ...

    def open_intents(self, monitor_id: int) -> tuple[Intent, ...]:
        """Intents of the monitor that are not settled, oldest first."""
        ...


def against(records: Records, considered: Sequence[Considered]) -> tuple[Considered, ...]:
    """The same, with those marked as kept that the database has already."""
    return tuple(_against(records, one) for one in considered)


def apply(store: Store, considered: Sequence[Considered]) -> tuple[Considered, ...]:
    """Puts taken monitors on record, unless the database has them already.

    Raises:
        Fenced: another writer changed a monitor in the meantime.
        StoreError: the database cannot be written; monitors written before stay on record.
    """
    return tuple(_apply(store, one) for one in against(store, considered))


def _against(records: Records, one: Considered) -> Considered:
    if one.verdict is not Verdict.TAKEN or one.key is None:
        return one
    stored = records.load(one.key)
    in_flight = stored is not None and bool(records.open_intents(stored.id))
    reason = kept_because(stored, one, has_open_intents=in_flight)
    return replace(one, verdict=Verdict.KEPT, reason=reason) if reason else one


def _apply(store: Store, one: Considered) -> Considered:
    if one.verdict is not Verdict.TAKEN or one.key is None or one.owner is None:
        return one
    taken = one.taken
    ladder = taken.ladder if taken else None
    stop = taken.stop.stop if taken and taken.stop else None
    record = store.watch(
        one.key, one.owner.role, one.owner.follows, ladder, source=Source.IMPORTED, stop=stop
    )
    store.commit(Step(record=one.on(record)))
    return replace(one, verdict=Verdict.WRITTEN)
