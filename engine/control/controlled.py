"""Pausing, halting and resuming, as methods of the reconciler."""

from collections.abc import Mapping
from datetime import timedelta

from ...domain.model.errors import ConfigurationError
from ...domain.model.identity import Side
from ...domain.ports import Clock
from ...domain.stopping.control import EVERYTHING, Control, ControlKind, Scope
from ...domain.store import Store
from ...domain.venue.account import Account
from .known import known_scope
from .person import this_person
from .stops import Stops

PATIENCE = timedelta(seconds=30)


class Controlled:
    """What stops writes, and lets them go on; whoever asks from another process does the same."""

    _store: Store
    _clock: Clock
    _accounts: Mapping[str, Account]
    _stops: Stops

    def pause(
        self,
        account: str = "",
        symbol: str = "",
        side: Side | str | None = None,
        *,
        by: str = "",
        reason: str = "",
        patience: timedelta = PATIENCE,
    ) -> Control:
        """Stops the writes of a monitor, of an account, or of all accounts, until :meth:`resume`.

        It returns once that is durable and every request that was sent before has its answer or has
        timed out; from then on no write leaves, across restarts. Runs go on observing and alerting.

        Args:
            account: the account's name; empty for all accounts.
            symbol: of the monitor; empty for all monitors of the account.
            side: of the monitor's position; None for all monitors of the account.
            by: who asks; this process's user and machine by default.
            reason: why.
            patience: how long to wait for requests that were sent before.

        Returns:
            What is on record. Its ``acknowledged_at`` is None where a request that was sent before
            has had no answer within ``patience``.

        Raises:
            ConfigurationError: an unknown account, side or monitor; nothing was changed.
            StoreError: the database cannot be written.
        """
        scope = self._scope(account, symbol, side)
        return self._ask(ControlKind.PAUSE, scope, by, reason, patience)

    def halt(self, *, by: str = "", reason: str = "", patience: timedelta = PATIENCE) -> Control:
        """Stops every write of every account, until :meth:`resume` with ``everything``.

        See :meth:`pause`; a narrower resume is refused.

        Raises:
            StoreError: the database cannot be written.
        """
        return self._ask(ControlKind.HALT, EVERYTHING, by, reason, patience)

    def resume(
        self,
        account: str = "",
        symbol: str = "",
        side: Side | str | None = None,
        *,
        by: str = "",
        reason: str = "",
        everything: bool = False,
    ) -> Control:
        """Ends the pauses of a monitor, of an account and its monitors, or all; they run again.

        Args:
            account: the account's name; empty for all accounts.
            symbol: of the monitor; empty for all monitors of the account.
            side: of the monitor's position; None for all monitors of the account.
            by: who asks; this process's user and machine by default.
            reason: why.
            everything: whether to end a halt, too, which nothing narrower does.

        Returns:
            What is on record; its ``ended`` has the pauses and halts that it ended, and no other
            resume did.

        Raises:
            ConfigurationError: an unknown account, side or monitor; or more than that is paused
                or halted. Nothing was changed.
            StoreError: the database cannot be written.
        """
        scope = self._scope(account, symbol, side)
        if everything and scope != EVERYTHING:
            raise ConfigurationError("everything is resumed at once, or what is named: not both")
        kind = ControlKind.RESUME_ALL if everything else ControlKind.RESUME
        return self._ask(kind, scope, by, reason, timedelta(0))

    def _ask(
        self, kind: ControlKind, scope: Scope, by: str, reason: str, patience: timedelta
    ) -> Control:
        asked = Control(kind, scope, self._clock.now(), by or this_person(), reason)
        return self._stops.settled(self._store.control(asked), patience)

    def _scope(self, account: str, symbol: str, side: Side | str | None) -> Scope:
        monitors = {record.key for record in self._store.monitors()}
        return known_scope(account, symbol, side, self._accounts, monitors)
