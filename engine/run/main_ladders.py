"""The ladder and the stop that a mirror may copy from its main, or why there is none.

Nothing but prices and shares, and the rules of ladder and stop, is copied from another account
(promise P8). The side of the main's last known position can only rule a ladder out: when the main
has turned from long to short, the ladder that it had for the long position is not the mirror's. In
hedge mode the two sides are independent, and nothing is ruled out.
"""

from collections.abc import Mapping

from ...domain.copies import replace
from ...domain.happenings.divergence import MainStands, main_stands
from ...domain.model.identity import MonitorKey, PositionMode
from ...domain.model.ladder import Ladder
from ...domain.model.protection import ADOPTED, StopRecord
from ...domain.model.record import MonitorRecord
from ...domain.model.stop import RuleRecord
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
        """The ladder of the main's monitor of the same symbol and side; None if there is none.

        The prices of a ladder by rule are no mirror's: it reckons its own, see :meth:`with_rules`.
        """
        own, other = self._records(key, main)
        if own is None or own.ladder_rule is not None or self._has_turned(own, other):
            return None
        return own.ladder

    def has_rule(self, key: MonitorKey, main: str) -> bool:
        """Whether a mirror would reckon its ladder by the rule of its main's."""
        own, other = self._records(key, main)
        return bool(own and own.ladder_rule and not self._has_turned(own, other))

    def with_rules(self, record: MonitorRecord) -> MonitorRecord:
        """The record with the rules of its main's ladder and stop: no more of it (promise P8).

        A monitor that was given a ladder or a stop of its own keeps it.
        """
        main = record.follows
        return record if main is None else self._with_stop(self._with_ladder(record, main))

    def _with_ladder(self, record: MonitorRecord, main: str) -> MonitorRecord:
        """The record with the ladder by rule of its main, if the main has one.

        Where it has a ladder in prices again, these are copied by the run.
        """
        rule = record.ladder_rule
        copies_prices = record.ladder is None or record.ladder_source == main
        if not (rule.source == main if rule else copies_prices):
            return record
        own, other = self._records(record.key, main)
        theirs = own.ladder_rule if own else None
        if own is None or (theirs is None and (rule is None or own.ladder is None)):
            return record
        if theirs is None:
            return replace(record, ladder_rule=None, ladder_source=main)
        if (rule and rule.wanted == theirs.wanted) or self._has_turned(own, other):
            return record
        return replace(record, ladder_rule=RuleRecord(theirs.wanted, main))

    def _with_stop(self, record: MonitorRecord) -> MonitorRecord:
        """The record with the stop's rule of its main.

        Where the main no longer has a stop, what was copied stays: nobody has asked to loosen it.
        """
        main, stop = record.follows, record.stop
        if main is None or (stop is not None and stop.source not in (main, ADOPTED)):
            return record
        own = self._store.known(MonitorKey(main, record.key.symbol, record.key.side))
        wanted = own.stop.wanted if own and own.stop and _is_copied(own.stop) else None
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
        if own.ladder_rule is not None:
            return f"the ladder of {main} is by rule: each position has prices of its own"
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


def _is_copied(stop: StopRecord) -> bool:
    """Whether a mirror takes the stop's rule: what its main's position had by chance is no rule."""
    return stop.ended is None and stop.source != ADOPTED
