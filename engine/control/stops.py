"""Stops: which writes people have stopped, as the database says at this moment (promise P14)."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from threading import Condition, Lock

from ...aio.log import logger
from ...aio.threads import aside
from ...domain.model.close.closing import CloseCause, CloseCommand
from ...domain.model.errors import StoreUnavailable
from ...domain.model.identity import MonitorKey
from ...domain.model.ladder import HUNDRED
from ...domain.ports import Clock, WhyHeld
from ...domain.stopping.control import Control, ControlKind, Scope, why_stopped
from ...domain.stopping.controls import Controls

ITSELF = "trueup"
"""Who pauses a monitor for what others changed by hand."""


class Stops:
    """Says before each write whether somebody has stopped it, and acknowledges that it does.

    A control is acknowledged once no request is under way that passed the gate before this process
    knew of it: each passes it right before its bytes leave, and counts as under way until it has
    its answer or has timed out. Threads may share it.

    Args:
        controls: what is on record.
        clock: the time.

    Attributes:
        on_due: called with the scope of each pause and halt that has ended, as what it stopped is
            due again; and with that of each new command to close a position.
    """

    def __init__(self, controls: Controls, clock: Clock) -> None:
        self._controls = controls
        self._clock = clock
        self._refreshing = Lock()
        self._ended = Condition()
        self._under_way: set[object] = set()
        self._before: dict[int, frozenset[object]] = {}
        self._in_force: dict[int, Control] = {}
        self._commanded: frozenset[int] = frozenset()
        self.on_due: Callable[[Scope], None] = lambda _scope: None

    def why(self, key: MonitorKey) -> str:
        """Why no write may leave for the monitor; empty if nobody has stopped it.

        Raises:
            StoreError: the database cannot be used any more.
        """
        try:
            return why_stopped(self._controls.controls(), key)
        except StoreUnavailable as error:
            return f"it is not known whether somebody has stopped {key}: {error}"

    def is_stopped(self, key: MonitorKey) -> bool:
        """Whether somebody has stopped the monitor; not so where that cannot be read.

        Raises:
            StoreError: the database cannot be used any more.
        """
        try:
            return bool(why_stopped(self._controls.controls(), key))
        except StoreUnavailable:
            return False

    def commands(self, key: MonitorKey) -> tuple[CloseCommand, ...]:
        """The commands to close the monitor's position that no run has taken, oldest first.

        None where they cannot be read now.

        Raises:
            StoreError: the database cannot be used any more.
        """
        try:
            controls = self._controls.controls()
        except StoreUnavailable:
            return ()
        return tuple(
            CloseCommand(
                CloseCause.COMMAND,
                one.cycle or 0,
                one.share or HUNDRED,
                one.by,
                one.reason,
                one.number,
            )
            for one in controls
            if one.is_untaken_close and one.scope.covers(key)
        )

    def note_taken(self, commands: Iterable[CloseCommand], taken: int) -> None:
        """Acknowledges the commands that a run has taken, and lets those go on who wait for that.

        Args:
            commands: what it was given.
            taken: the newest of those that are on record as taken.

        Raises:
            StoreError: the database cannot be written.
        """
        for command in commands:
            if command.number <= taken:
                self._controls.acknowledge(command.number, self._clock.now())
        with self._ended:
            self._ended.notify_all()

    def wait_until(self, is_so: Callable[[], bool], patience: timedelta) -> None:
        """Waits until something holds that only the end of a run may change; or for so long."""
        with self._ended:
            self._ended.wait_for(is_so, patience.total_seconds())

    def pause(self, key: MonitorKey, reason: str) -> None:
        """Pauses a monitor by itself: a person resumes it.

        Raises:
            StoreError: the database cannot be written.
        """
        scope = Scope(key.account, key.symbol, key.side)
        now = self._clock.now()
        self._controls.control(Control(ControlKind.PAUSE, scope, now, ITSELF, reason))
        aside(self.refresh)  # it holds a lock while it writes

    @contextmanager
    def gate(self, key: MonitorKey) -> Iterator[WhyHeld]:
        """Gives what to ask before each request of a write.

        What it let pass counts as under way until the context ends.
        """
        write = object()

        def why_held() -> str:
            # Under way first, then the question: whoever acknowledges a control in between waits.
            with self._ended:
                self._under_way.add(write)
            return self.why(key)

        try:
            yield why_held
        finally:
            with self._ended:
                self._under_way.discard(write)
                self._ended.notify_all()

    def refresh(self) -> None:
        """Acknowledges what can be, and notes what has been stopped and resumed since.

        Raises:
            StoreError: the database cannot be read, or written.
        """
        with self._refreshing:
            controls = self._controls.controls()
            for number in self._to_acknowledge(controls):
                self._controls.acknowledge(number, self._clock.now())
                self._before.pop(number, None)
            self._note(controls)

    def settled(self, made: Control, patience: timedelta) -> Control:
        """Waits until nothing is under way that left before a control was on record; returns it.

        It is as on record then; not acknowledged where that took longer.

        Args:
            made: what was put on record.
            patience: how long to wait at most.
        """
        self.refresh()
        with self._ended:
            before = frozenset(self._under_way)
            self._ended.wait_for(lambda: not before & self._under_way, patience.total_seconds())
        self.refresh()
        current = {one.number: one for one in self._controls.controls()}
        known = current.get(made.number)
        at = self._clock.now() if known is None else known.acknowledged_at
        return replace(made, acknowledged_at=at)

    def _to_acknowledge(self, controls: tuple[Control, ...]) -> list[int]:
        """The numbers of those before which nothing is under way any more."""
        new = [
            one.number
            for one in controls
            if one.acknowledged_at is None and not one.is_untaken_close
        ]
        with self._ended:
            for number in new:
                self._before.setdefault(number, frozenset(self._under_way))
            return [number for number in new if not self._before[number] & self._under_way]

    def _note(self, controls: tuple[Control, ...]) -> None:
        """Logs what is new, and notifies whoever runs the monitors of what has ended."""
        now = {one.number: one for one in controls if one.is_in_force}
        before, self._in_force = self._in_force, now
        for number in now.keys() - before.keys():
            logger.warning("no write leaves: {}", now[number])
        for number in before.keys() - now.keys():
            logger.info("writes may leave again: ended is that {}", before[number])
            self.on_due(before[number].scope)
        closes = {one.number: one for one in controls if one.is_untaken_close}
        known, self._commanded = self._commanded, frozenset(closes)
        for number in closes.keys() - known:
            logger.warning("{}", closes[number])
            self.on_due(closes[number].scope)
