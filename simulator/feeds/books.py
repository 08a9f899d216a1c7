"""`orderbook`: what market/orderbook shows, and how it changes."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import islice

from ..api.data import book
from ..market.enums import Side
from ..market.venue import Venue
from ..stream.frames import Json
from .effects import DELTA, SNAPSHOT, Effect
from .topics import FeedMessage, FeedTopic


class BookFeed:
    """A snapshot, then the levels that changed, each with the next `u`.

    With one level every message is a snapshot (docs/v5/websocket/public/orderbook).
    """

    def __init__(self, venue: Venue, topic: FeedTopic) -> None:
        self._venue = venue
        self._topic = topic
        self._depth = int(topic.detail)
        self._sent = self._present()
        self._updates = 1

    def first(self) -> FeedMessage:
        """The whole book."""
        levels = {name: [*map(list, side.items())] for name, side in self._sent.items()}
        return self._message(SNAPSHOT, levels)

    def follow(self, effect: Effect) -> Iterator[FeedMessage]:
        """The levels that changed; a size of 0 is one that is gone."""
        if self._topic.symbol not in effect.moved:
            return
        before, self._sent = self._sent, self._present()
        if before == self._sent:
            return
        self._updates += 1
        if self._depth == 1:
            yield self.first()
            return
        changed = {side: _changed(before[side], self._sent[side]) for side in before}
        changed["b"].reverse()
        yield self._message(DELTA, changed)

    def _present(self) -> dict[str, dict[str, str]]:
        venue, spec = self._venue, self._venue.spec(self._topic.symbol)
        return {
            name: {level[0]: level[1] for level in islice(levels, self._depth)}
            for name, levels in (
                ("b", book.levels(venue, spec, Side.BUY)),
                ("a", book.levels(venue, spec, Side.SELL)),
            )
        }

    def _message(self, kind: str, levels: Json) -> FeedMessage:
        now, seq = self._venue.now(), self._venue.moves
        data = {"s": self._topic.symbol, **levels, "u": self._updates, "seq": seq}
        return self._topic.message(kind, now, data, cts=now)


def _changed(before: Mapping[str, str], after: Mapping[str, str]) -> list[list[str]]:
    """The levels of a side that are not as they were, by rising price."""
    differ = {price: after.get(price, "0") for price in {**before, **after}}
    return [
        [price, size]
        for price, size in sorted(differ.items(), key=lambda level: Decimal(level[0]))
        if before.get(price) != after.get(price)
    ]
