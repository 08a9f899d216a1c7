"""Turns: what a loop's thread has to do for many is done in small parts, one after the other."""

from asyncio import AbstractEventLoop
from collections import deque
from collections.abc import Callable
from time import monotonic
from weakref import WeakKeyDictionary

TURN_S = 0.005


class Turns:
    """Does a part for each in turn, and lets the loop go on with other things every few ms.

    So whoever has a thousand parts waiting delays nobody by more than one of them, and all of them
    together delay the loop by no more than one turn. All methods are for the loop's thread.

    Args:
        loop: whose thread it is.
    """

    def __init__(self, loop: AbstractEventLoop) -> None:
        self._loop = loop
        self._waiting: deque[Callable[[], bool]] = deque()
        self._is_due = False

    def add(self, part: Callable[[], bool]) -> None:
        """Has ``part`` called soon, and again until it returns that nothing is left (False)."""
        self._waiting.append(part)
        self._continue()

    def _continue(self) -> None:
        if self._waiting and not self._is_due:
            self._is_due = True
            self._loop.call_soon(self._turn)

    def _turn(self) -> None:
        self._is_due = False
        until = monotonic() + TURN_S
        try:
            while self._waiting:
                part = self._waiting.popleft()
                if part():
                    self._waiting.append(part)
                if monotonic() >= until:
                    break
        finally:
            self._continue()


_TURNS: "WeakKeyDictionary[AbstractEventLoop, Turns]" = WeakKeyDictionary()


def turns_of(loop: AbstractEventLoop) -> Turns:
    """The turns that all who work on that loop share; for its thread."""
    turns = _TURNS.get(loop)
    if turns is None:
        turns = _TURNS[loop] = Turns(loop)
    return turns
