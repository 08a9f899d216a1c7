"""`publicTrade`: the trades of all accounts, as market/recent-trade lists them."""

from collections.abc import Iterator

from ..api.data.trades import is_trade, trade_row
from ..market.positions import Fill
from ..market.venue import Venue
from ..stream.frames import Json
from .effects import SNAPSHOT, Effect
from .ticks import Tick
from .topics import FeedMessage, FeedTopic


class TradeFeed:
    """The trades of each effect (docs/v5/websocket/public/trade)."""

    def __init__(self, venue: Venue, topic: FeedTopic) -> None:
        self._venue = venue
        self._topic = topic
        self._direction = Tick()

    def first(self) -> None:
        """Nothing: there is no snapshot."""

    def follow(self, effect: Effect) -> Iterator[FeedMessage]:
        """The trades of an effect, in one message."""
        rows = [
            self._item(fill)
            for fill in effect.fills
            if fill.symbol == self._topic.symbol and is_trade(fill)
        ]
        if rows:
            yield self._topic.message(SNAPSHOT, self._venue.now(), rows)

    def _item(self, fill: Fill) -> Json:
        row = trade_row(fill)
        return {
            "T": fill.at_ms,
            "s": fill.symbol,
            "S": row["side"],
            "v": row["size"],
            "p": row["price"],
            "L": self._direction.after(fill.price),
            "i": row["execId"],
            "BT": row["isBlockTrade"],
            "RPI": row["isRPITrade"],
            "seq": fill.seq,
        }
