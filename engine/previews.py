"""What a run would do, as a method of the reconciler."""

from decimal import Decimal

from ..domain.keeping.watched import first_watched, watched
from ..domain.model.close.closing import CloseCause, CloseCommand
from ..domain.model.identity import MonitorKey
from ..domain.model.record import MonitorRecord, Source
from ..domain.model.stop import AnyLadder, NoStop, Stop
from .control.closing import share_of
from .run.preview import Preview
from .served import Served, key_of


class Previews(Served):
    """What shows what a run would do, before anything is sent."""

    def preview(
        self,
        monitor: MonitorRecord | MonitorKey,
        ladder: AnyLadder | None = None,
        stop: Stop | NoStop | None = None,
        *,
        share: Decimal | str | int | None = None,
        unwatched: bool = False,
    ) -> Preview:
        """What a run would do now; sends no write, stores nothing.

        It reads the exchange itself, also while the service has a live view: it shows the market,
        too. Of what somebody has paused or halted, it is what a run would do if it were resumed;
        then ``Preview.stopped`` says why it does not.

        Args:
            monitor: it is watched.
            ladder: another one that it might be given; None keeps its own.
            stop: the same.
            share: how much of the position somebody might command to close, in percent.
            unwatched: it need not be watched: what a run would do once it came under watch.

        Raises:
            ConfigurationError: the monitor is not watched, or its account is not configured; or
                what it might be given is refused, as :meth:`~.reconciler.Reconciler.watch` and
                :meth:`~.closes.Closes.close_position` refuse it.
        """
        key = key_of(monitor)
        if ladder is not None or stop is not None or unwatched:
            self._watchlist.check_account(key.account)
            self._watchlist.check(key, ladder, stop)
        record = self._as_watched(key, ladder, stop, unwatched=unwatched)
        close = None
        if share is not None:
            number = record.closing.taken + 1
            close = CloseCommand(CloseCause.COMMAND, record.cycle, share_of(share), number=number)
        return self._run_factory.preview(record, self._exchanges.get(key.account), close)

    def _as_watched(
        self,
        key: MonitorKey,
        ladder: AnyLadder | None,
        stop: Stop | NoStop | None,
        *,
        unwatched: bool,
    ) -> MonitorRecord:
        """The record with what the monitor might be given."""
        if not unwatched:
            record = self._run_factory.load(key)
            return watched(record, record.role, record.follows, ladder, record.source, stop)
        account = self._accounts[key.account]
        role, follows, source = account.role, account.follows, Source.CALLER
        stored = self._store.load(key)
        if stored is None:
            return first_watched(key, role, follows, ladder, source, stop)
        return watched(stored, role, follows, ladder, source, stop)
