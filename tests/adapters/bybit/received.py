"""The events of a feed, in sequence, to wait for."""

import queue
from typing import TypeVar

from trueup.domain.tracking.feed import StreamEvent

PATIENCE_S = 10.0

_Event = TypeVar("_Event")


class Received:
    """Keeps the events that a feed hands over, and waits for kinds of them."""

    def __init__(self) -> None:
        self.events = queue.Queue[StreamEvent]()

    def __call__(self, event: StreamEvent) -> None:
        """Keeps one event."""
        self.events.put(event)

    def next(self) -> StreamEvent:
        """The next event."""
        return self.events.get(timeout=PATIENCE_S)

    def wait_for(self, kind: type[_Event]) -> _Event:
        """The next event of a kind; those before it are dropped."""
        while not isinstance(event := self.next(), kind):
            pass
        return event
