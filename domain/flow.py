"""Flows: code that hands out what it needs of the world, and is resumed with it.

A state calls the exchange and waits, but it does neither by itself. It yields a :class:`Request`,
which whoever drives the flow performs, or a :class:`Wait`, during which no thread is held. So one
and the same code serves the job loop, a plain caller, a bot on asyncio and a virtual world.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from datetime import timedelta
from typing import Generic, TypeAlias, TypeVar

from .ports import Moment

_T = TypeVar("_T")
_Answer_co = TypeVar("_Answer_co", covariant=True)


class Request(Generic[_Answer_co]):
    """One call of the exchange or the database that blocks: the driver performs it, once.

    Args:
        call: what to do.
    """

    __slots__ = ("_answer", "_call", "_error")

    def __init__(self, call: Callable[[], _Answer_co]) -> None:
        self._call = call
        self._answer: tuple[_Answer_co] | None = None
        self._error: BaseException | None = None

    def perform(self) -> None:
        """Makes the call, in any thread; what it returns or raises is for the flow."""
        try:
            self._answer = (self._call(),)
        except BaseException as error:  # noqa: BLE001 - the flow raises it again
            self._error = error

    def answer(self) -> _Answer_co:
        """What the call returned.

        Raises:
            RuntimeError: the driver resumed the flow without having performed the request, or the
                call raised what would end a thread: an exchange adapter of the bot may do so.
            Exception: what the call raised.
            KeyboardInterrupt: a person ends the process.
        """
        if self._error is not None:
            error, self._error = self._error, None
            raise contained(error)
        if self._answer is None:
            raise RuntimeError("the flow was resumed before its request was performed")
        return self._answer[0]


@dataclass(frozen=True, slots=True)
class Wait:
    """A pause; an event for the monitor's symbol ends it sooner, unless the exchange asked for it.

    Attributes:
        until: when it ends.
        why: the reason, for people.
        is_asked_for: whether the exchange asked for the pause: nothing ends it sooner.
    """

    until: Moment
    why: str
    is_asked_for: bool = False


Flow: TypeAlias = Generator[Request[object] | Wait, None, _T]
"""Code that yields what it needs, and returns a value in the end."""


def contained(error: BaseException) -> BaseException:
    """What code that is not ours raised, made fit to end a run and no thread.

    SystemExit, GeneratorExit and the like pass every ``except Exception``, and end a thread without
    a word. Only what a person ends the process with may do that.
    """
    if isinstance(error, Exception | KeyboardInterrupt):
        return error
    made = RuntimeError(f"{type(error).__name__} was raised")
    made.__cause__ = error
    return made


def ask(call: Callable[[], _T]) -> Flow[_T]:
    """Has the driver make a call; returns what the call returns, or raises what it raises."""
    request = Request(call)
    yield request
    return request.answer()


class Tries:
    """Tries with ever longer waits between them, until a budget of time is spent.

    Attributes:
        number: of the try under way, from 1.

    Args:
        moment: the time.
        is_over: whether there is no further try, although time is left.
        why: what is waited for, for people.
        budget: for how long, from now.
        first: the first wait; each further one is twice as long.
        longest: the longest one.
    """

    def __init__(
        self,
        moment: Callable[[], Moment],
        is_over: Callable[[], bool],
        why: str,
        budget: timedelta,
        *,
        first: timedelta,
        longest: timedelta,
    ) -> None:
        self.number = 0
        self._moment = moment
        self._is_over = is_over
        self._why = why
        self._until = moment() + budget
        self._wait = first
        self._longest = longest

    def another(self) -> Flow[bool]:
        """Whether there is another try: the first one at once, each further one after a wait."""
        if self.number:
            now = self._moment()
            if now >= self._until or self._is_over():
                return False
            yield Wait(now + min(self._wait, self._until - now), self._why)
            self._wait = min(self._wait * 2, self._longest)
        self.number += 1
        return True
