"""Turns: what a loop's thread has to do for many is done in small parts, one after the other."""

from asyncio import AbstractEventLoop
from collections import deque
from collections.abc import Callable
from time import monotonic
from weakref import WeakKeyDictionary


class Turns:
    """Does a part for each in turn, and lets the loop go on with other things every few ms.

    So whoever has a thousand parts waiting delays nobody by more than one of them, and all of them
    together delay the loop by no more than one turn. All methods are for the loop's thread.

    Args:
        loop: whose thread it is.
        turn_s: how long a turn is, in seconds; it may be longer by one part.
    """

    def __init__(self, loop: AbstractEventLoop, turn_s: float = 0.005) -> None:
        self._loop = loop
        self._turn_s = turn_s
        self._waiting: deque[Callable[[], bool]] = deque()
        self._ends = 0.0
        self._is_due = self._is_on = False

    def add(self, part: Callable[[], bool]) -> None:
        """Has ``part`` called, and again until it returns that nothing is left (False).

        That begins at once where this turn, or the rest after the last one, leaves the time.
        """
        self._waiting.append(part)
        if self._is_due or self._is_on:
            return
        now = monotonic()
        if now >= self._ends + self._turn_s:
            self._ends = now + self._turn_s
        if now < self._ends:
            self._go_on()
        else:
            self._call_soon()

    def _call_soon(self) -> None:
        self._is_due = True
        self._loop.call_soon(self._turn)

    def _turn(self) -> None:
        self._is_due = False
        self._ends = monotonic() + self._turn_s
        self._go_on()

    def _go_on(self) -> None:
        self._is_on = True
        try:
            while self._waiting:
                part = self._waiting.popleft()
                if self._done(part):
                    self._waiting.append(part)
                if monotonic() >= self._ends:
                    break
        finally:
            self._is_on = False
            if self._waiting:
                self._call_soon()

    def _done(self, part: Callable[[], bool]) -> bool:
        """Calls a part; one that raises harms no other, nor whoever began the turn."""
        try:
            return part()
        except Exception as error:  # noqa: BLE001 - the loop reports it as any other
            self._loop.call_exception_handler({"message": "a part failed", "exception": error})
            return False


_TURNS: "WeakKeyDictionary[AbstractEventLoop, Turns]" = WeakKeyDictionary()


def turns_of(loop: AbstractEventLoop) -> Turns:
    """The turns that all who work on that loop share; for its thread."""
    turns = _TURNS.get(loop)
    if turns is None:
        turns = _TURNS[loop] = Turns(loop)
    return turns
