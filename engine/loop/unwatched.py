"""Positions that no monitor watches: sweeps see them, and they are reported once."""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta

from ...aio.log import logger
from ...domain.copies import replace
from ...domain.model.alert import Alert, AlertFacts
from ...domain.model.errors import ConfigurationError
from ...domain.model.events import EventKind, UnwatchedPosition
from ...domain.model.identity import MonitorKey
from ...domain.model.record import RunOutcome
from ...domain.model.stop import AutoWatch
from ...domain.ports import Clock, Moment
from ...domain.reporting.alert_text import refused_text, unwatched_text
from ...domain.store import Store
from ...domain.venue.account import Account
from ...states.work.settings import RunSettings
from .sweep import Sweep

_REFUSED = "auto_watch was refused"
_WATCHED = "a monitor watches it now"
_ON_PURPOSE = "it was unwatched on purpose"
_UNLISTED = "the exchange no longer lists it"


GivesWatch = Callable[[MonitorKey, AutoWatch], object]
"""Puts a position under watch with what its account's positions get."""
_FACTS = AlertFacts(kinds=(EventKind.UNWATCHED_POSITION,))


class UnwatchedPositions:
    """Finds positions without a monitor in what sweeps have read, and reports each once.

    Nothing is asked for. A position is reported when a sweep sees it a while after another one has:
    a monitor may be about to be added. So is its end: that a list lacks a position once proves
    little. Who has no second sweep has no such while either, and reads twice where :meth:`lacking`
    says so. One that has a monitor on record is not reported, whoever runs it, nor one that was
    unwatched on purpose. What is reported is on record, in one transaction with the alert; so a new
    start says nothing twice.

    On an account that puts positions under watch it goes on record at first sight, and comes under
    watch then. What its first run does is alerted by that run; before that, only a refusal is.

    Args:
        store: the database; read at once.
        accounts: the configured accounts, by name.
        settings: which kinds of events are alerted.
        clock: the time.
        watch: puts a position under watch, on accounts that are set so.

    Raises:
        StoreError: the database cannot be read.
    """

    def __init__(
        self,
        store: Store,
        accounts: Mapping[str, Account],
        settings: RunSettings,
        clock: Clock,
        watch: GivesWatch,
    ) -> None:
        self._store = store
        self._accounts = accounts
        self._settings = settings
        self._clock = clock
        self._watch = watch
        self._refused: set[MonitorKey] = set()
        self._open: dict[MonitorKey, UnwatchedPosition] = dict(store.unwatched())
        self._first: dict[MonitorKey, tuple[Moment, UnwatchedPosition]] = {}
        self._absent: dict[MonitorKey, Moment] = {}

    @property
    def auto_watched(self) -> tuple[str, ...]:
        """The accounts whose positions come under watch: they are swept without a monitor, too."""
        return tuple(name for name, account in self._accounts.items() if account.auto_watch)

    def awaits(self, key: MonitorKey) -> bool:
        """Whether a position is to come under watch as soon as it is seen."""
        is_given = self._accounts[key.account].auto_watch is not None
        return is_given and key not in self._refused and self._store.known(key) is None

    def symbols(self, account: str) -> tuple[str, ...]:
        """The symbols of what was reported of the account; a sweep has to cover them.

        Else it would lack a position because it settles in a coin that no monitor's contract does.
        """
        return tuple(
            dict.fromkeys(key.symbol for key in list(self._open) if key.account == account)
        )

    def lacking(self, sweep: Sweep) -> bool:
        """Whether the sweep lacks a position that was reported."""
        seen = {MonitorKey(sweep.account, one.symbol, one.side): one for one in sweep.unwatched}
        return any(why == _UNLISTED for _, why in self._ends(sweep, seen))

    def swept(
        self,
        sweep: Sweep,
        patience: timedelta,
        report: Callable[[MonitorKey, UnwatchedPosition], None],
    ) -> None:
        """Reports what a sweep shows, once it is on record.

        Args:
            sweep: of one account; one that could not be read says nothing.
            patience: how much later a second sweep has to see the same.
            report: called with each position that is reported.

        Raises:
            StoreError: the database cannot be used; the next sweep tries again.
        """
        if sweep.unreadable:
            return
        now, account = self._clock.moment(), sweep.account
        seen = {MonitorKey(account, one.symbol, one.side): one for one in sweep.unwatched}
        for key in [one for one in self._first if one.account == account and one not in seen]:
            del self._first[key]
        for key, position in seen.items():
            self._absent.pop(key, None)
            if self._store.load(key) is not None:
                continue
            if key in self._open:
                self._give(key)
                continue
            new = UnwatchedPosition(position.size, position.entry_price, sweep.at)
            since, event = self._first.setdefault(key, (now, new))
            if now - since >= patience or self._accounts[account].auto_watch is not None:
                self._put(key, event)
                report(key, event)
                self._give(key)
        for key, event in self._over(sweep, seen, now, patience):
            self._put(key, event)
            report(key, event)

    def _give(self, key: MonitorKey) -> None:
        """Puts what is reported under watch, where its account is set so; a refusal is alerted."""
        account = self._accounts[key.account]
        if account.auto_watch is None or key in self._refused:
            return
        try:
            self._watch(key, account.auto_watch)
        except ConfigurationError as error:
            self._refused.add(key)
            logger.bind(account=key.account).error("{}: auto_watch: {}", key, error.message)
            text = refused_text(key, account.role, error.message)
            at, event = self._clock.now(), self._open[key]
            alert = Alert("", key, RunOutcome.FAILED, text, at, facts=_FACTS)
            # One row says what it was reported as, the other that nobody watches it still.
            self._store.note_unwatched(key, replace(event, over=_REFUSED), at, alert)
            self._store.note_unwatched(key, event, at)

    def _over(
        self, sweep: Sweep, seen: Mapping[MonitorKey, object], now: Moment, patience: timedelta
    ) -> Iterator[tuple[MonitorKey, UnwatchedPosition]]:
        """What was reported of the account and is over."""
        for key, why in self._ends(sweep, seen):
            if why == _UNLISTED and now - self._absent.setdefault(key, now) < patience:
                continue
            event = self._open[key]
            yield key, UnwatchedPosition(event.size, event.entry_price, event.since, why)

    def _ends(
        self, sweep: Sweep, seen: Mapping[MonitorKey, object]
    ) -> Iterator[tuple[MonitorKey, str]]:
        """What was reported of the account and may be over, each with the reason."""
        for key in [one for one in self._open if one.account == sweep.account]:
            record = self._store.load(key)
            if record is not None:
                yield key, _WATCHED if record.is_watched else _ON_PURPOSE
            elif not (sweep.unreadable or key in seen or key.symbol in sweep.unread):
                yield key, _UNLISTED

    def _put(self, key: MonitorKey, event: UnwatchedPosition) -> None:
        """Puts it on record, with an alert if it is to be alerted."""
        at, alert = self._clock.now(), None
        account = self._accounts[key.account]
        to_alert = account.auto_watch is None or key in self._refused
        if to_alert and EventKind.UNWATCHED_POSITION in self._settings.alerts_of:
            status = RunOutcome.IN_SYNC if event.over else RunOutcome.SKIPPED
            text = unwatched_text(key, account.role, event)
            alert = Alert("", key, status, text, at, facts=_FACTS)
        self._store.note_unwatched(key, event, at, alert)
        self._first.pop(key, None)
        self._absent.pop(key, None)
        if event.over:
            del self._open[key]
        else:
            self._open[key] = event
