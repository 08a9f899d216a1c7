"""A feed's news, to be waited for."""

import queue
from typing import TypeVar

from trueup.domain.model.feed import StreamEvent

PATIENCE_S = 10.0

_News = TypeVar("_News")


class Ear:
    """Takes news down, and waits for kinds of them."""

    def __init__(self) -> None:
        self.received = queue.Queue[StreamEvent]()

    def __call__(self, news: StreamEvent) -> None:
        """Takes one piece of news."""
        self.received.put(news)

    def next(self) -> StreamEvent:
        """The next news."""
        return self.received.get(timeout=PATIENCE_S)

    def wait_for(self, kind: type[_News]) -> _News:
        """The next news of a kind; what comes before is passed over."""
        while not isinstance(news := self.next(), kind):
            pass
        return news
