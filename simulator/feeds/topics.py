"""The topics of the public stream (docs/v5/websocket/public), and its messages."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from ..api.public import INTERVALS
from ..market.venue import Venue
from ..stream.frames import Json, Sendable
from ..stream.topics import TopicError

DEPTHS = ("1", "50", "200", "1000")
"""How many levels an order book can have (docs/v5/websocket/public/orderbook)."""


class PublicTopic(StrEnum):
    """What a topic is about; the value begins its name."""

    TICKERS = "tickers"
    BOOK = "orderbook"
    TRADES = "publicTrade"
    KLINE = "kline"


_DETAILS: Mapping[PublicTopic, tuple[str, ...]] = {
    PublicTopic.TICKERS: ("",),
    PublicTopic.BOOK: DEPTHS,
    PublicTopic.TRADES: ("",),
    PublicTopic.KLINE: tuple(INTERVALS),
}


@dataclass(frozen=True, slots=True)
class FeedMessage:
    """One message of a feed.

    Attributes:
        topic: what it is about.
        symbol: the contract.
        name: the topic's name.
        kind: snapshot or delta.
        at_ms: when it was made, in milliseconds since the epoch.
        data: the records, or the record.
        more: further fields beside them.
    """

    topic: PublicTopic
    symbol: str
    name: str
    kind: str
    at_ms: int
    data: Any
    more: Json = field(default_factory=dict)

    def body(self, name: str) -> Json:
        """The JSON: a copy that the client may change."""
        head = {"topic": name, "type": self.kind, "ts": self.at_ms}
        return {**head, "data": deepcopy(self.data), **self.more}


@dataclass(frozen=True, slots=True)
class FeedTopic:
    """A topic that a client subscribed.

    Attributes:
        topic: what it is about.
        symbol: the contract.
        detail: how many levels a book has, or the interval of candles; "" for the others.
    """

    topic: PublicTopic
    symbol: str
    detail: str = ""

    @property
    def name(self) -> str:
        """Its name, such as `orderbook.50.BTCUSDT`."""
        return ".".join(part for part in (self.topic.value, self.detail, self.symbol) if part)

    def receives(self, message: Sendable) -> bool:
        """Whether the subscription receives a message: those of its own name."""
        return isinstance(message, FeedMessage) and message.name == self.name

    def message(self, kind: str, at_ms: int, data: Any, **more: object) -> FeedMessage:  # noqa: ANN401 - JSON
        """A message under its name."""
        return FeedMessage(self.topic, self.symbol, self.name, kind, at_ms, data, dict(more))


def read_feed_topics(venue: Venue, names: object) -> tuple[FeedTopic, ...]:
    """Read the topics of a request.

    Raises:
        TopicError: a topic does not exist, or it is of a contract that does not.
    """
    if not isinstance(names, list | tuple) or not names:
        raise TopicError("Params Error")
    return tuple(_read(venue, name) for name in names)


def _read(venue: Venue, name: object) -> FeedTopic:
    head, _, rest = str(name).partition(".")
    detail, _, symbol = rest.rpartition(".")
    known = head in list(PublicTopic) and detail in _DETAILS[PublicTopic(head)]
    if not known or not venue.is_linear(symbol):
        raise TopicError(f"error:handler not found,topic:{name}")
    return FeedTopic(PublicTopic(head), symbol, detail)
