"""Calls that another thread makes, one after the other: whoever wants them made does not wait."""

from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from threading import Condition, Thread, current_thread

MOST = 10_000
"""So many calls wait at most."""
_IDLE_SECONDS = 5.0
_Call = Callable[[], object]


@dataclass(slots=True)
class _Dropped:
    """Calls that there was no room for, at their place among the others."""

    say: Callable[[int], object]
    count: int = 1


class Queued:
    """Calls that wait for their turn: :data:`MOST` at most, the others are dropped and counted.

    A thread of its own makes them, a daemon, and ends where there is nothing to do for a while.

    Args:
        name: the thread's.
        most: how many calls may wait.
    """

    def __init__(self, name: str, most: int = MOST) -> None:
        self._name = name
        self._most = most
        self.forget()

    def forget(self) -> None:
        """Forgets what waits: in a forked process there is no such thread."""
        self._waiting: deque[_Call | _Dropped] = deque()
        self._changed = Condition()
        self._thread: Thread | None = None
        self._is_ending = False

    def put(self, call: _Call, dropped: Callable[[int], object] | None = None) -> None:
        """Has a call made; returns at once.

        Args:
            call: may raise whatever it likes.
            dropped: called instead, in its turn, with how many calls there was no room for. None
                for a call that is never dropped.
        """
        with self._changed:
            last = self._waiting[-1] if self._waiting else None
            if dropped is None or len(self._waiting) < self._most:
                self._waiting.append(call)
            elif isinstance(last, _Dropped):
                last.count += 1
            else:
                self._waiting.append(_Dropped(dropped))
            self._is_ending = False
            if self._thread is None:
                self._thread = Thread(target=self._serve, name=self._name, daemon=True)
                self._thread.start()
            self._changed.notify_all()

    def drain(self, seconds: float) -> bool:
        """Waits until all calls are made, and the thread has ended; returns whether it has.

        A call waits for nothing.
        """
        with self._changed:
            if current_thread() is self._thread:
                return False
            self._is_ending = True
            self._changed.notify_all()
            return self._changed.wait_for(lambda: self._thread is None, seconds)

    def _serve(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._is_ending, _IDLE_SECONDS)
                if not self._waiting:
                    self._thread = None
                    self._changed.notify_all()
                    return
                call = self._waiting[0]
                if isinstance(call, _Dropped):
                    # Counted to the end: what comes in from now on has a place behind it.
                    self._waiting[0] = lambda: None
            with suppress(BaseException):
                call.say(call.count) if isinstance(call, _Dropped) else call()
            with self._changed:
                self._waiting.popleft()
