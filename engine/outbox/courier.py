"""One sink and the thread that calls it: what the sink does holds up nobody else."""

from collections import deque
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from threading import Condition, Thread, current_thread
from traceback import format_exception

from ...aio.log import logger
from ...domain.flow import Flow, ask
from ...domain.model.alert import Alert, PendingAlert
from ...domain.model.errors import NotTaken, StoreError, StoreUnavailable
from ...domain.ports import AlertSink, ChoosingSink, Clock, Moment
from ...domain.tracking.stored_time import left_until
from ..run.driving import run_flow
from .backlog import LONGEST_ASKED, Backlog, Item, wait_after

STORE_WAIT = timedelta(seconds=5)
"""How long after the database could not be used it is tried again."""

_IDLE_SECONDS = 5.0
Reach = Callable[[str], None]


class Round:
    """One sink's alerts, and a round of giving it what is due.

    Args:
        name: the sink's.
        sink: the sink.
        clock: the time.
        note: called with the sink's name and each alert that it was given.
        reach: called with the name of every crash point.

    Attributes:
        failing_since: since when the sink has taken nothing of what it was given, a call that it
            does not return from included; None if it has.
        failed_for: how long that had lasted when it took one again.
        error: why it did not take the last one.
        is_refused: whether it said that it will take none until a person mends something.
        last: the alert that it was given last.
    """

    def __init__(
        self,
        name: str,
        sink: AlertSink,
        clock: Clock,
        note: Callable[[str, Item], None],
        reach: Reach,
    ) -> None:
        self.name = name
        self.failing_since: Moment | None = None
        self.failed_for = timedelta(0)
        self.error = ""
        self.is_refused = False
        self.last: Alert | None = None
        self._sink = sink
        self._clock = clock
        self._reach = reach
        self._backlog = Backlog(clock, self._send, partial(note, name))
        self._new: deque[PendingAlert] = deque()

    def wants(self, alert: Alert) -> bool:
        """Whether the sink is to be given the alert; it is, where it raises when it is asked."""
        if not isinstance(self._sink, ChoosingSink):
            return True
        try:
            return bool(self._sink.wants(alert))
        except BaseException as error:  # noqa: BLE001 - a sink may raise anything
            logger.warning("{} does not say which alerts it wants: {}", self.name, type(error))
            return True

    def add(self, pending: PendingAlert) -> None:
        """Adds an alert of the outbox that the sink does not have yet; any thread may."""
        self._new.append(pending)

    def next_at(self) -> Moment | None:
        """When the next alert is due; None if there is none."""
        self._add_new()
        return self._backlog.next_at()

    def _add_new(self) -> None:
        """Puts what was added into the backlog, which only the sink's own thread touches."""
        while self._new:
            pending = self._new.popleft()
            delivery, now = pending.deliveries[self.name], self._clock.moment()
            if delivery.next_try_at is not None:
                longest = LONGEST_ASKED if delivery.is_asked else wait_after(delivery.attempts)
                now += left_until(delivery.next_try_at, self._clock.now(), longest)
            if delivery.is_asked:
                self._backlog.leave_alone(now)
            self._backlog.add(pending.id, pending.alert, delivery, now)

    def play(self, *, at_once: bool) -> Flow[None]:
        """Gives the sink what is due, and notes what has become of each alert."""
        self._add_new()
        yield from self._backlog.give(at_once=at_once)

    def _send(self, alert: Alert) -> Flow[NotTaken | None]:
        self._reach("alert.before-delivery")
        self.last = alert
        failed = self.failing_since
        self.failing_since = self._clock.moment() if failed is None else failed
        refusal = yield from ask(partial(self._deliver, alert))
        if refusal is not None:
            self.error, self.is_refused = refusal.message, refusal.is_final
            bound = logger.bind(account=alert.key.account)
            bound.warning("{} did not take an alert: {}", self.name, self.error)
            return refusal
        self._reach("alert.after-delivery")
        if failed is not None:
            self.failed_for = self._clock.moment() - failed
        self.failing_since, self.error, self.is_refused = None, "", False
        return None

    def _deliver(self, alert: Alert) -> NotTaken | None:
        """Calls the sink; returns what it raised. Of a stranger's exception only its class."""
        try:
            self._sink.deliver(alert)
        except NotTaken as refusal:
            return refusal
        except BaseException as error:  # noqa: BLE001 - a sink may raise anything
            return NotTaken(type(error).__name__)
        return None


class Courier:
    """Plays the rounds of one sink in a thread of its own, whenever something is due.

    The thread ends where there is nothing to do for a while, and is made anew.

    Args:
        rounds: the sink's.
        clock: the time.
        play: plays a round, everything at once or only what is due.
        lasts: whether to wait for a database that is away.
    """

    def __init__(
        self,
        rounds: Round,
        clock: Clock,
        play: Callable[[Round, bool], Flow[None]],
        lasts: Callable[[StoreUnavailable], bool],
    ) -> None:
        self._rounds = rounds
        self._clock = clock
        self._play = play
        self._lasts = lasts
        self._changed = Condition()
        self._asked = self._played = 0
        self._at_once = False
        self._closing = False
        self._store_at: Moment | None = None
        self._error: StoreError | None = None
        self._thread: Thread | None = None

    def ask(self, *, at_once: bool) -> int:
        """Has a round played that begins from now on; returns its number.

        Raises:
            StoreError: the database could not be used in an earlier round, and that will not pass.
        """
        with self._changed:
            if isinstance(self._error, StoreUnavailable):
                self._error = None
            self._raise()
            if self._closing:
                return self._played
            if self._thread is None:
                self._thread = Thread(
                    target=self._serve, name=f"trueup-alerts-{self._rounds.name}", daemon=True
                )
                self._thread.start()
            self._asked += 1
            self._at_once = self._at_once or at_once
            self._changed.notify_all()
            return self._asked

    def is_own_thread(self) -> bool:
        """Whether the sink itself asks, or what it calls."""
        return current_thread() is self._thread

    def wait(self, number: int, seconds: float | None) -> bool:
        """Waits until the round of that number is over; returns whether it is.

        The sink itself waits for nothing: its round ends after it has returned.

        Raises:
            StoreError: the database could not be used in it.
        """
        if self.is_own_thread():
            return False
        with self._changed:
            is_over = self._changed.wait_for(lambda: self._played >= number, seconds)
            self._raise()
        return is_over

    def close(self) -> None:
        """Has no further round begin."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()

    def join(self, seconds: float) -> None:
        """Waits for the end of the thread; one whose sink blocks goes on to wait for it alone."""
        thread = self._thread
        if thread is not None and not self.is_own_thread():
            thread.join(seconds)

    def _raise(self) -> None:
        if self._error is not None:
            error, self._error = self._error, None
            raise error

    def _serve(self) -> None:
        while True:
            with self._changed:
                while not self._is_wanted():
                    left = self._seconds_left()
                    self._changed.wait(_IDLE_SECONDS if left is None else left)
                    # Whoever asks just when the time is up has notified nobody: look again.
                    if left is None and not self._is_wanted():
                        self._thread = None
                        return
                if self._closing:
                    self._played = self._asked
                    self._changed.notify_all()
                    return
                number, at_once, self._at_once = self._asked, self._at_once, False
            error = self._round(at_once=at_once)
            with self._changed:
                self._error = error or self._error
                self._played = number
                self._changed.notify_all()

    def _round(self, *, at_once: bool) -> StoreError | None:
        self._store_at = None
        try:
            run_flow(self._play(self._rounds, at_once), self._clock)
        except StoreUnavailable as error:
            self._store_at = self._clock.moment() + STORE_WAIT
            return None if self._lasts(error) else error
        except StoreError as error:
            return error
        except BaseException as error:  # noqa: BLE001 - the thread goes on, whatever it is
            self._store_at = self._clock.moment() + STORE_WAIT
            logger.critical("{}", "".join(format_exception(error)))
        return None

    def _is_wanted(self) -> bool:
        return self._closing or self._is_due()

    def _is_due(self) -> bool:
        at = self._next_at()
        return self._asked > self._played or (at is not None and at <= self._clock.moment())

    def _next_at(self) -> Moment | None:
        return self._rounds.next_at() if self._store_at is None else self._store_at

    def _seconds_left(self) -> float | None:
        at = self._next_at()
        return None if at is None else max((at - self._clock.moment()).total_seconds(), 0.001)
