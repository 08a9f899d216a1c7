"""`tickers`: what market/tickers shows, and how it changes."""

from collections.abc import Iterator

from ..api.data.tickers import ticker_row
from ..market.instruments import FUNDING_CAP
from ..market.venue import Venue
from ..stream.frames import Json
from .effects import DELTA, SNAPSHOT, Effect
from .ticks import Tick
from .topics import FeedMessage, FeedTopic


class TickerFeed:
    """A snapshot, then the fields that changed (docs/v5/websocket/public/ticker)."""

    def __init__(self, venue: Venue, topic: FeedTopic) -> None:
        self._venue = venue
        self._topic = topic
        self._direction = Tick()
        self._sent = self._present()

    def first(self) -> FeedMessage:
        """The whole ticker."""
        return self._message(SNAPSHOT, self._sent)

    def follow(self, effect: Effect) -> Iterator[FeedMessage]:
        """The fields that changed."""
        if self._topic.symbol not in effect.moved and not effect.is_beat:
            return
        before, self._sent = self._sent, self._present()
        changed = {name: value for name, value in self._sent.items() if before[name] != value}
        if changed:
            yield self._message(DELTA, {"symbol": self._topic.symbol, **changed})

    def _present(self) -> Json:
        spec = self._venue.spec(self._topic.symbol)
        row = ticker_row(self._venue, spec)
        return {
            **row,
            "tickDirection": self._direction.after(self._venue.prices[spec.symbol]),
            "fundingCap": FUNDING_CAP,
            "preOpenPrice": "",
            "preQty": "",
            "curPreListingPhase": spec.phase if spec.is_pre_market else "",
        }

    def _message(self, kind: str, fields: Json) -> FeedMessage:
        return self._topic.message(kind, self._venue.now(), fields, cs=self._venue.moves)
