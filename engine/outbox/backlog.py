"""What one sink still has to get: whose turn it is, and when a refused alert is due again."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ...domain.flow import Flow
from ...domain.model.alert import Alert, Delivery
from ...domain.model.errors import NotTaken
from ...domain.model.identity import MonitorKey
from ...domain.model.record import RunOutcome
from ...domain.ports import Clock, Moment
from ...domain.reporting.delivery.given import as_given
from ...domain.reporting.digest import cause_of, digest
from .crowds import Crowds

FIRST_WAIT = timedelta(seconds=1)
LONGEST_WAIT = timedelta(minutes=5)
PATIENT = 5
"""After so many refusals it is found out whether the sink or the alert is at fault."""
IN_A_ROW = 3
"""After so many refusals in a row the sink is left alone for a while."""
LONGEST_PAUSE = timedelta(minutes=1)
LONGEST_ASKED = timedelta(hours=1)
"""A sink that asks to be left alone for longer is asked again after so long."""
_DOUBLINGS = 16

Send = Callable[[Alert], Flow[NotTaken | None]]
"""Gives an alert to the sink; returns why the sink did not take it, None where it did."""


@dataclass(slots=True, eq=False)
class Item:
    """An alert that the sink does not have yet.

    Attributes:
        id: in the outbox; below 0 for one that is not in it.
        alert: the alert.
        cause: what other alerts may share with it.
        delivery: how far it has got.
        due: when it may be given to the sink.
        is_at_fault: whether the sink refused it and took others: newer ones don't wait for it.
        is_withdrawn: whether the sink took the end of what this tells of: it is not given this.
        together: the alerts with which the sink was given it as one message and refused it; the
            same message is tried again.
    """

    id: int
    alert: Alert
    cause: str
    delivery: Delivery
    due: Moment
    is_at_fault: bool = False
    is_withdrawn: bool = False
    together: tuple["Item", ...] = ()

    @property
    def is_taken(self) -> bool:
        """Whether the sink has it."""
        return self.delivery.delivered_at is not None

    @property
    def subject(self) -> MonitorKey | None:
        """The monitor among whose alerts it has its place; None for those of the service."""
        return self.alert.key if self.id > 0 else None


class Backlog:
    """The alerts that one sink does not have yet, oldest first for each monitor.

    Alerts that are not in the outbox are about the service, whatever monitor they name: they are in
    one order, too. If a sink refuses the beginning of an outage for good and takes its end, it is
    not given what came before that end: whoever gets it later takes it for a new outage.

    A refused alert waits, ever longer, and the newer ones of its monitor wait behind it, until
    the sink takes it, or takes another one. After :data:`PATIENT` refusals the next and the newest
    alert of the monitor are tried: if the sink takes one, the refused one is at fault, and the
    others follow in order. A sink that refuses :data:`IN_A_ROW` alerts in a row is left alone for a
    while, so that ten thousand alerts don't each wait for its time-out. One that says how long it
    wants to be left alone gets nothing before that: no alert is at fault for it.

    Example: monitor A has alerts 1 and 2, monitor B has 3. The sink refuses 1 and takes 3; 2 waits.
    A second later it takes 1, then 2.

    Args:
        clock: the time.
        send: gives an alert to the sink, which may keep it for as long as it likes.
        note: called with each alert that the sink was given, and what has become of it.
    """

    def __init__(self, clock: Clock, send: Send, note: Callable[[Item], None]) -> None:
        self._clock = clock
        self._send = send
        self._note = note
        self._queues: dict[MonitorKey | None, list[Item]] = {}
        self._crowds = Crowds()
        self._in_a_row = 0
        self._quiet_until: Moment | None = None
        self._asked_until: Moment | None = None
        self._pause = FIRST_WAIT

    def add(self, number: int, alert: Alert, delivery: Delivery, due: Moment) -> None:
        """Adds an alert behind those of its monitor, for which it is a reason to be tried again."""
        alert = as_given(alert, number)
        item = Item(number, alert, cause_of(alert), delivery, due)
        queue = self._queues.setdefault(item.subject, [])
        for waiting in queue:
            waiting.due = waiting.due if waiting.is_at_fault else min(waiting.due, due)
        queue.append(item)

    def leave_alone(self, until: Moment) -> None:
        """Gives the sink nothing before that moment: it has asked for that."""
        self._asked_until = until if self._asked_until is None else max(self._asked_until, until)

    def __len__(self) -> int:
        """How many alerts the sink does not have yet."""
        return sum(map(len, self._queues.values()))

    def next_at(self) -> Moment | None:
        """When the next alert is due; None if there is none."""
        dues = [item.due for queue in self._queues.values() for item in _movable(queue)]
        if not dues:
            return None
        quiet = self._silent_until()
        return min(dues) if quiet is None else max(min(dues), quiet)

    def _silent_until(self) -> Moment | None:
        """Until when the sink is given nothing; None for no such time."""
        known = [at for at in (self._quiet_until, self._asked_until) if at is not None]
        return max(known, default=None)

    def _is_silent(self) -> bool:
        until = self._silent_until()
        return until is not None and self._clock.moment() < until

    def give(self, *, at_once: bool) -> Flow[None]:
        """Gives the sink what is due.

        Args:
            at_once: whether everything is due now, unless the sink has asked to be left alone.
        """
        if at_once:
            self._quiet_until = None
        for key in sorted(self._queues, key=lambda key: self._queues[key][0].id):
            if self._is_silent():
                return
            yield from self._turn(self._queues.get(key, []), at_once=at_once)

    def _turn(self, queue: list[Item], *, at_once: bool) -> Flow[None]:
        """One monitor's alerts in order, until one has to wait."""
        takes_others = False
        for item in tuple(queue):
            is_due = at_once or item.due <= self._clock.moment()
            if item.is_taken or item.is_withdrawn or (item.is_at_fault and not is_due):
                continue
            if not is_due:
                return
            yield from self._give(*self._together(item, at_once=at_once))
            if not _holds_up(item):
                continue
            if item.delivery.is_asked:
                return
            if not takes_others and item.delivery.attempts >= PATIENT:
                beside = (item, *item.together)
                others = [each for each in queue if each not in beside and not each.is_at_fault]
                for other in dict.fromkeys(others[:1] + others[-1:]):
                    yield from self._give(other)
                    takes_others = other.is_taken
                    if takes_others:
                        break
            if not takes_others:
                return
            item.is_at_fault = True

    def _together(self, item: Item, *, at_once: bool) -> Sequence[Item]:
        """The alerts that go out with this one, itself included; none if it has to wait."""
        if item.together:
            return item.together
        now = self._clock.moment()
        until = self._crowds.gathers_until(item.cause, now)
        if until is None:
            return (item,)
        if not at_once and now < until:
            item.due = until
            return ()
        return [
            other
            for queue in self._queues.values()
            for other in _of_cause(queue, item.cause, lambda each: at_once or each.due <= now)
        ]

    def _give(self, *items: Item) -> Flow[None]:
        """Gives the sink these alerts as one message."""
        if not items:
            return
        alerts = [item.alert for item in items]
        message = alerts[0] if len(alerts) == 1 else digest(alerts, self._clock.now())
        refusal = yield from self._send(message)
        now, at = self._clock.moment(), self._clock.now()
        if refusal is not None:
            self._refused(items, refusal, now, at)
        else:
            self._taken(items, now, at)
        for item in items:
            self._note(item)

    def _taken(self, items: Sequence[Item], now: Moment, at: datetime) -> None:
        self._crowds.went_out(items[0].cause, now)
        for item in items:
            item.delivery = Delivery(item.delivery.attempts + 1, at)
            queue = self._queues[item.subject]
            queue.remove(item)
            if item.alert.about and item.alert.status is RunOutcome.SUCCESS:
                _withdraw(queue, item)
            if not queue:
                del self._queues[item.subject]
        was_down, self._in_a_row = self._in_a_row >= IN_A_ROW, 0
        self._pause, self._quiet_until = FIRST_WAIT, None
        if was_down:
            self._works_again(now)

    def _works_again(self, now: Moment) -> None:
        """The sink takes alerts: what waits for it need wait no longer."""
        for queue in self._queues.values():
            for item in queue:
                if not item.is_at_fault and item.delivery.next_try_at is not None:
                    item.due = min(item.due, now)

    def _refused(
        self, items: tuple[Item, ...], refusal: NotTaken, now: Moment, at: datetime
    ) -> None:
        asked = refusal.retry_after
        for item in items:
            attempts = item.delivery.attempts + 1
            wait = wait_after(attempts) if asked is None else min(asked, LONGEST_ASKED)
            item.due = now + wait
            item.together = items if len(items) > 1 else ()
            item.delivery = replace(
                item.delivery,
                attempts=attempts,
                next_try_at=at + wait,
                error=refusal.message,
                is_asked=asked is not None,
            )
        if asked is not None:
            self.leave_alone(now + min(asked, LONGEST_ASKED))
            return
        self._in_a_row += 1
        if self._in_a_row >= IN_A_ROW:
            self._quiet_until = now + self._pause
            self._pause = min(self._pause * 2, LONGEST_PAUSE)


def _withdraw(queue: list[Item], end: Item) -> None:
    """Takes from the queue what the sink was to be told of the same outage, and of earlier ones."""
    for item in tuple(queue):
        if item.alert.about == end.alert.about and item.id > end.id:  # these count downwards
            queue.remove(item)
            item.is_withdrawn = True
            for other in item.together:
                other.together = ()


def wait_after(attempts: int) -> timedelta:
    """How long an alert waits that the sink has refused so often."""
    return min(FIRST_WAIT * (1 << max(min(attempts - 1, _DOUBLINGS), 0)), LONGEST_WAIT)


def _movable(queue: Sequence[Item]) -> Iterator[Item]:
    """Those of a monitor's alerts that nothing older holds up."""
    for item in queue:
        yield item
        if _holds_up(item):
            return


def _of_cause(queue: Sequence[Item], cause: str, is_due: Callable[[Item], bool]) -> Iterator[Item]:
    """Those of a monitor's alerts that are due and that nothing older holds up but their like."""
    for item in queue:
        if item.cause == cause and is_due(item):
            yield item
        elif _holds_up(item):
            return


def _holds_up(item: Item) -> bool:
    """Whether the newer alerts of its monitor wait for it."""
    return not (item.is_taken or item.is_at_fault or item.is_withdrawn)
