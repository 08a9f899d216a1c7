"""The ladder and the stop that a mirror may copy from its main, or why there is none.

Nothing but prices and shares, and the rule of the stop, is copied from another account (promise
P8). The side of the main's last known position can only rule a ladder out: when the main has turned
from long to short, the ladder that it had for the long position is not the mirror's. In hedge mode
the two sides are independent, and nothing is ruled out.
"""

from collections.abc import Mapping

from ...domain.copies import replace
from ...domain.happenings.divergence import MainStands, main_stands
from ...domain.model.identity import MonitorKey, PositionMode
from ...domain.model.ladder import Ladder
from ...domain.model.protection import StopRecord
from ...domain.model.record import MonitorRecord
from ...domain.store import Store
from ...domain.venue.account import Account


class MainLadders:
    """Reads the ladders of main accounts from the database.

    Args:
        store: the database.
        accounts: the configured accounts, by name.
    """

    def __init__(self, store: Store, accounts: Mapping[str, Account]) -> None:
        self._store = store
        self._accounts = accounts

    def of(self, key: MonitorKey, main: str) -> Ladder | None:
        """The ladder of the main's monitor of the same symbol and side; None if there is none."""
        own, other = self._records(key, main)
        return None if own is None or self._has_turned(own, other) else own.ladder

    def with_stop(self, record: MonitorRecord) -> MonitorRecord:
        """The record with the stop's rule of its main: that, and nothing else of it (promise P8).

        A monitor that was given a stop of its own keeps it. One whose main no longer has a stop
        keeps what it copied: nobody has asked to loosen it.
        """
        main, stop = record.follows, record.stop
        if main is None or (stop is not None and stop.source != main):
            return record
        own = self._store.known(MonitorKey(main, record.key.symbol, record.key.side))
        wanted = own.stop.wanted if own is not None and own.stop is not None else None
        if wanted is None or (stop is not None and stop.wanted == wanted):
            return record
        copied = stop.given(wanted, main) if stop else StopRecord(wanted, main, cycle=record.cycle)
        return replace(record, stop=copied)

    def why_none(self, key: MonitorKey, main: str) -> str:
        """Why :meth:`of` returned None, for people."""
        own, other = self._records(key, main)
        turned = own is None or self._has_turned(own, other)
        if turned and other is not None and other.position_size:
            return f"the position of {main} is on the other side: {other.key.side.value}"
        if own is None:
            return f"{main} does not watch {key.symbol} {key.side.value}"
        return f"{main} has no ladder either"

    def stands(self, key: MonitorKey, main: str) -> MainStands | None:
        """Whether the main's position is open, and on which side: for MirrorDiverged alone."""
        own, other = self._records(key, main)
        return main_stands(own, None if self.is_hedged(main) else other)

    def is_hedged(self, main: str) -> bool:
        """Whether the main's two sides are independent."""
        account = self._accounts.get(main)
        return account is not None and account.position_mode is PositionMode.HEDGE

    def _records(
        self, key: MonitorKey, main: str
    ) -> tuple[MonitorRecord | None, MonitorRecord | None]:
        """The main's monitors of this side and of the other one."""
        sides = (key.side, key.side.opposite)
        own, other = (self._store.known(MonitorKey(main, key.symbol, side)) for side in sides)
        return own, other

    def _has_turned(self, own: MonitorRecord, other: MonitorRecord | None) -> bool:
        """Whether the main was last seen flat on this side, and open on the other one."""
        one_way = not self.is_hedged(own.key.account)
        was_seen_flat = own.last_run_at is not None and not own.position_size
        return one_way and was_seen_flat and other is not None and bool(other.position_size)
