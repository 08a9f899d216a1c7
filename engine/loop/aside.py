"""An exchange of the bot's own, whose calls may block for as long as they like."""

from collections.abc import Callable
from functools import partial
from typing import Any, cast
from weakref import WeakKeyDictionary

from ...aio.fibers import Suspending, identity, in_fiber
from ...aio.threads import Threads, aside
from ...domain.ports import Exchange


class _Aside:
    """Has a thread make each call for a fiber; every other caller makes it itself.

    Attributes:
        requests: how many requests the caller has sent to the account so far.
    """

    def __init__(self, exchange: Exchange, threads: Threads) -> None:
        self._exchange = exchange
        self._threads = threads
        self._requests: WeakKeyDictionary[object, int] = WeakKeyDictionary()

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the exchange has by that name
        value = getattr(self._exchange, name)
        return partial(self._call, value) if callable(value) else value

    @property
    def requests(self) -> int:
        caller = identity()
        return self._requests.get(caller, 0) if in_fiber() else self._exchange.requests

    def _call(self, method: Callable[..., object], *values: object, **named: object) -> object:
        answer, sent = aside(partial(self._counted, method, *values, **named), self._threads)
        self._requests[identity()] = self._requests.get(identity(), 0) + sent
        return answer

    def _counted(
        self, method: Callable[..., object], *values: object, **named: object
    ) -> tuple[object, int]:
        """What a method returns, and how many requests it has sent from this thread."""
        before = self._exchange.requests
        answer = method(*values, **named)
        return answer, self._exchange.requests - before


def suspending(exchange: Exchange, threads: Threads) -> Exchange:
    """The exchange as a fiber can call it: one that holds up others is called in a thread."""
    if isinstance(exchange, Suspending):
        return exchange
    return cast("Exchange", _Aside(exchange, threads))
