"""Delivers alerts from the outbox: each at least once, and none before it is committed."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from threading import Lock
from time import monotonic

from ...aio.log import logger
from ...aio.threads import aside
from ...domain.flow import Flow
from ...domain.model.alert import Alert, AlertFacts, AlertKind, Delivery, PendingAlert
from ...domain.model.errors import StoreError
from ...domain.model.record import RunOutcome
from ...domain.ports import AlertSink, Clock
from ...domain.reporting.sink_text import sink_fails_text, sink_works_text
from ...domain.store import Store
from ...domain.tracking.stored_time import has_passed
from ..run.crash_points import no_crash
from ..run.outage import Outage
from .backlog import Item
from .courier import Courier, Round

PATIENCE = timedelta(seconds=5)
"""How long the caller of a single run waits for the sinks."""
FAILS_AFTER = timedelta(minutes=5)
"""A sink that has taken nothing for so long is alerted to the others."""
_KEPT = timedelta(days=7)
"""For so long an alert is kept for a sink that this start does not have."""
_PAGE = 100
_TOGETHER = 32
"""So many deliveries are marked in one commit at most."""


class Outbox:
    """Delivers committed alerts to the sinks, each in the order of its monitor.

    Each sink has a thread of its own, and its own record of each alert: one that refuses or blocks
    delays no other (promise P10). A sink that raises is tried again, ever later, for as long as the
    outbox is open, and by the next process. An alert counts as delivered once every sink has it
    that wants it.
    What a sink has, and could not be marked because the database was away, it is not given again.

    Args:
        store: the database.
        sinks: where alerts go.
        clock: the time.
        outage: whether to wait for a database that is away; what it alerts goes directly.
        reach: called with the name of every crash point.
    """

    def __init__(
        self,
        store: Store,
        sinks: Sequence[AlertSink],
        clock: Clock,
        outage: Outage,
        reach: Callable[[str], None] = no_crash,
    ) -> None:
        outage.send = self.send_directly
        self._store = store
        self._clock = clock
        self._lock = Lock()
        self._marking = Lock()
        self._failing: set[str] = set()
        self._last = 0
        self._direct = 0
        self._open: dict[int, PendingAlert] = {}
        self._changed: dict[int, PendingAlert] = {}
        self._delivered = 0
        names = unique_names(sinks)
        self._rounds = tuple(
            Round(name, sink, clock, self._note, reach)
            for name, sink in zip(names, sinks, strict=True)
        )
        self._couriers = tuple(
            Courier(one, clock, self._play, outage.lasts) for one in self._rounds
        )

    def notify(self) -> None:
        """Has the sinks given what is pending; returns at once.

        Raises:
            StoreError: the database could not be used since the last call.
        """
        self._begin(at_once=False)
        self._watch_sinks()

    def deliver(self, patience: timedelta = PATIENCE, *, at_once: bool = False) -> int:
        """Delivers what is pending; returns how many alerts every sink has since.

        Args:
            patience: how long to wait for the sinks.
            at_once: whether to try again now what would be tried later.

        Raises:
            StoreError: the database cannot be used.
        """
        before = self._delivered
        self.settle(patience, at_once=at_once)
        return self._delivered - before

    def settle(self, patience: timedelta, *, at_once: bool = False) -> bool:
        """Delivers what is pending; returns whether every sink has returned in time.

        Raises:
            StoreError: the database cannot be used.
        """
        until = monotonic() + patience.total_seconds()
        asked = self._begin(at_once=at_once)
        return all(c.wait(number, max(until - monotonic(), 0)) for c, number in asked)

    def send_directly(self, alert: Alert, but: str = "") -> None:
        """Has the sinks given an alert of the service, which is not in the outbox; returns at once.

        Args:
            alert: the alert.
            but: the name of a sink that does not get it.
        """
        alert = replace(alert, facts=AlertFacts(kinds=(AlertKind.SERVICE,)))
        with self._lock:
            self._direct -= 1
            for one in self._rounds:
                if one.name != but and one.wants(alert):
                    one.add(PendingAlert(self._direct, alert, {one.name: Delivery()}))
        with suppress(StoreError):
            self._begin(at_once=False)

    def is_own_thread(self) -> bool:
        """Whether a sink asks, which nobody can wait for in its own thread."""
        return any(courier.is_own_thread() for courier in self._couriers)

    def close(self, patience: timedelta = PATIENCE) -> None:
        """Delivers what is due, and no more; what is not delivered stays in the outbox."""
        until = monotonic() + patience.total_seconds()
        try:
            self.settle(patience)
        except StoreError as error:
            logger.error("alerts stay in the outbox: {}", error)
        for courier in self._couriers:
            courier.close()
        for courier in self._couriers:
            courier.join(max(until - monotonic(), 0))

    def _begin(self, *, at_once: bool) -> list[tuple[Courier, int]]:
        if not self._couriers:
            aside(self._read_and_mark)  # it holds a lock while it writes
        return [(courier, courier.ask(at_once=at_once)) for courier in self._couriers]

    def _read_and_mark(self) -> None:
        self._read()
        self._mark()

    def _watch_sinks(self) -> None:
        """Alerts the other sinks once where one takes nothing for long, and once it does again."""
        for one in self._rounds:
            since, alert = one.failing_since, one.last
            lasts = one.failed_for if since is None else self._clock.moment() - since
            has_failed = since is not None and (one.is_refused or lasts >= FAILS_AFTER)
            if alert is None or has_failed is (one.name in self._failing):
                continue
            text = sink_works_text(one.name, lasts)
            self._failing.discard(one.name)
            if has_failed:
                text = sink_fails_text(one.name, lasts, one.error)
                self._failing.add(one.name)
            status = RunOutcome.PARTIAL if has_failed else RunOutcome.SUCCESS
            about = f"the sink {one.name}"
            said = Alert("", alert.key, status, text, self._clock.now(), about=about)
            self.send_directly(said, one.name)

    def _play(self, rounds: Round, at_once: bool) -> Flow[None]:  # noqa: FBT001 - a courier's call
        """One round of one sink: reads what is new, gives it what is due, marks what it took.

        Raises:
            StoreError: the database cannot be used. The sink got what was known of, all the same.
        """
        try:
            self._read()
        finally:
            yield from rounds.play(at_once=at_once)
            self._mark()

    def _read(self) -> None:
        """Adds what is new in the outbox to the sinks' rounds."""
        with self._lock:
            while page := self._store.pending_alerts(self._last, _PAGE):
                for pending in page:
                    self._add(pending)
                self._last = page[-1].id

    def _add(self, pending: PendingAlert) -> None:
        wanting = [one for one in self._rounds if one.wants(pending.alert)]
        own = {one.name: pending.deliveries.get(one.name, Delivery()) for one in wanting}
        known = {**pending.deliveries, **own}
        if has_passed(pending.alert.created_at, _KEPT, self._clock.now()):
            # Whoever lacked it is not among the sinks any more.
            known = own
        pending = replace(pending, deliveries=known)
        if all(one.delivered_at is not None for one in known.values()):
            self._changed[pending.id] = replace(pending, delivered_at=self._clock.now())
            return
        self._open[pending.id] = pending
        for one in wanting:
            if own[one.name].delivered_at is None:
                one.add(pending)

    def _note(self, name: str, item: Item) -> None:
        """Notes what has become of an alert at one sink."""
        if item.id < 0:
            return
        with self._lock:
            pending = self._open[item.id]
            deliveries = {**pending.deliveries, name: item.delivery}
            ends = [one.delivered_at for one in deliveries.values()]
            at = max((end for end in ends if end is not None), default=None)
            is_over = None not in ends
            pending = replace(pending, deliveries=deliveries, delivered_at=at if is_over else None)
            self._open[item.id] = self._changed[item.id] = pending
            if is_over:
                del self._open[item.id]
            are_many = len(self._changed) >= _TOGETHER
        if are_many:
            self._mark()

    def _mark(self) -> None:
        """Marks what has changed; what could not be marked is marked the next time.

        Raises:
            StoreError: the database cannot be written.
        """
        with self._marking:
            with self._lock:
                changed, self._changed = self._changed, {}
            if not changed:
                return
            try:
                self._store.note_deliveries(tuple(changed.values()))
            except BaseException:
                with self._lock:
                    self._changed = {**changed, **self._changed}
                raise
            self._delivered += sum(each.delivered_at is not None for each in changed.values())


def unique_names(sinks: Sequence[AlertSink]) -> tuple[str, ...]:
    """What each sink is called in the database: its ``name``, else its class; numbered if need be.

    Example: two functions and a log are ``CallableSink``, ``CallableSink 2`` and ``LogSink``.
    """
    names: list[str] = []
    for sink in sinks:
        name = made = str(getattr(sink, "name", "") or type(sink).__name__)
        same = 1
        while made in names:
            same += 1
            made = f"{name} {same}"
        names.append(made)
    return tuple(names)
