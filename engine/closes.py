"""Closing positions by command, as a method of the reconciler."""

from datetime import timedelta
from decimal import Decimal

from ..domain.model.close.closing import Closing
from ..domain.model.identity import MonitorKey, Side
from .control.closing import command_to_close
from .control.controlled import PATIENCE
from .control.known import known_scope
from .control.stops import Stops
from .jobs.reasons import CONTROL
from .run.driving import run_flow
from .served import Served


class Closes(Served):
    """What closes a position at the market, once; another process may command it as well."""

    _stops: Stops

    def close_position(
        self,
        account: str,
        symbol: str,
        side: Side | str,
        *,
        share: Decimal | str | int = 100,
        by: str = "",
        reason: str = "",
        patience: timedelta = PATIENCE,
    ) -> Closing | None:
        """Closes a watched position at the market, or a share of it, exactly once.

        The command is durable before anything is sent, and so is each request, whose lost reply is
        looked up by its order link id. So it is done once, whatever dies meanwhile, and only to the
        position that is open now: one that is opened later is never closed by it. What is to be
        closed is reckoned from the size at which a run takes the command, rounded down to the
        quantity step. The ladder then follows the smaller position.

        While the service runs, it closes; else a run in the calling thread does.

        Args:
            account: the account's name.
            symbol: of the monitor.
            side: of the position.
            share: how much of it, in percent, above 0 and at most 100; no float.
            by: who asks; this process's user and machine by default.
            reason: why.
            patience: how long to wait for the service.

        Returns:
            What became of it: where it is still open, the next run goes on. None where no run has
            taken the command yet, as the exchange could not be read: it stays on record, and the
            next run takes it.

        Raises:
            ConfigurationError: an unknown account, side or monitor, or a share out of range; the
                monitor is not watched, or somebody has stopped it; or a close of its position is
                open or commanded already. Nothing was changed.
            StoreError: the database cannot be written.
        """
        keys = {record.key for record in self._store.monitors()}
        scope = known_scope(account, symbol, side, self._accounts, keys)
        key = MonitorKey(scope.account, scope.symbol, Side(side))
        record = self._run_factory.load(key)
        asked = command_to_close(record, share, self._clock.now(), by, reason, record.cycle)
        if self._service is not None:
            made = self._store.control(asked)
            self._stops.refresh()
            self._stops.wait_until(lambda: self._is_over(key, made.number), patience)
            return self._became(key, made.number)
        # Nothing has kept the record up to date: which position is open now, a read says.
        now = self._run_factory.preview(record).record
        made = self._store.control(
            command_to_close(record, share, self._clock.now(), by, reason, now.cycle)
        )
        run_flow(self._run_factory.run(key, CONTROL), self._clock)
        self._outbox.deliver()
        return self._became(key, made.number)

    def _is_over(self, key: MonitorKey, number: int) -> bool:
        """Whether it has ended, and the next close of the position may be commanded."""
        closing = self._became(key, number)
        is_untaken = any(
            one.is_untaken_close and one.number == number for one in self._store.controls()
        )
        return closing is not None and not closing.is_open and not is_untaken

    def _became(self, key: MonitorKey, number: int) -> Closing | None:
        record = self._store.load(key)
        return None if record is None else record.closing.of(number)
