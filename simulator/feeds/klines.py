"""`kline`: the candles of market/kline while they grow."""

from collections.abc import Iterator

from ..api.public import INTERVALS
from ..base.decimals import plain
from ..market.enums import TriggerBy
from ..market.venue import Venue
from ..stream.frames import Json
from .effects import SNAPSHOT, Effect
from .topics import FeedMessage, FeedTopic


class KlineFeed:
    """The present candle when it changes, and each once more when it is over.

    Bybit sends it every 1 to 60 seconds (docs/v5/websocket/public/kline).
    """

    def __init__(self, venue: Venue, topic: FeedTopic) -> None:
        self._venue = venue
        self._topic = topic
        self._width = INTERVALS[topic.detail]
        self._start = self._present()
        self._sent = self._item(self._start)

    def first(self) -> FeedMessage:
        """The present candle."""
        return self._message(self._sent)

    def follow(self, effect: Effect) -> Iterator[FeedMessage]:
        """The candles that are over, and the present one if it has changed."""
        if self._topic.symbol not in effect.moved and not effect.is_beat:
            return
        while self._start < self._present():
            yield self._message({**self._item(self._start), "confirm": True})
            self._start += self._width
        before, self._sent = self._sent, self._item(self._start)
        if before != self._sent:
            yield self._message(self._sent)

    def _present(self) -> int:
        return self._venue.now() // self._width * self._width

    def _item(self, start: int) -> Json:
        candles = self._venue.board.candles(self._topic.symbol, TriggerBy.LAST)
        candle = candles.candle(start, self._width)
        prices = {} if candle is None else candle.prices
        return {
            "start": start,
            "end": start + self._width - 1,
            "interval": self._topic.detail,
            **{name: plain(price) for name, price in prices.items()},
            "volume": "0",
            "turnover": "0",
            "confirm": False,
        }

    def _message(self, item: Json) -> FeedMessage:
        now = self._venue.now()
        return self._topic.message(SNAPSHOT, now, [{**item, "timestamp": now}])
