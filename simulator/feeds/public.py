"""The public stream of all contracts: effects become messages, which go to the subscribers."""

from collections.abc import Callable, Collection, Mapping, Sequence

from ..base.candles import MINUTE_MS
from ..market.changes import Change
from ..market.positions import Fill
from ..market.venue import Venue
from ..stream.delivery import Outlet, StreamConnection
from ..stream.opened import OpenConnections
from .books import BookFeed
from .effects import Effect, Feed
from .klines import KlineFeed
from .tickers import TickerFeed
from .topics import FeedTopic, PublicTopic
from .trades import TradeFeed

_FEEDS: Mapping[PublicTopic, Callable[[Venue, FeedTopic], Feed]] = {
    PublicTopic.TICKERS: TickerFeed,
    PublicTopic.BOOK: BookFeed,
    PublicTopic.TRADES: TradeFeed,
    PublicTopic.KLINE: KlineFeed,
}


class PublicStreams:
    """Publishes what the market does. Every method is called under the venue's lock."""

    def __init__(self, venue: Venue, opened: OpenConnections) -> None:
        self._venue = venue
        self._opened = opened
        self._connections: list[StreamConnection] = []
        self._feeds: dict[str, Feed] = {}
        self._beats = False
        venue.watchers.append(self.publish)

    def open(self, outlet: Outlet) -> StreamConnection:
        """Connect a client.

        Raises:
            StreamRefused: a fault refuses the connection.
        """
        connection = self._opened.open(outlet)
        connection.is_public = True
        self._connections.append(connection)
        return connection

    def close(self, connection: StreamConnection) -> None:
        """Remove a connection that its client has closed."""
        self._opened.close(connection)
        if connection in self._connections:
            self._connections.remove(connection)
        self._end_feeds()

    def subscribe(self, connection: StreamConnection, topics: Sequence[FeedTopic]) -> None:
        """Subscribe a connection to topics.

        Raises:
            StreamRefused: a fault refuses the subscription.
        """
        self._opened.subscribe(connection, topics)
        for topic in topics:
            if topic.name not in self._feeds:
                self._feeds[topic.name] = _FEEDS[topic.topic](self._venue, topic)
        if not self._beats:
            self._beats = True
            self._await_minute()

    def begin(self, connection: StreamConnection, topics: Sequence[FeedTopic]) -> None:
        """Send what subscribers of topics get first."""
        for topic in topics:
            message = self._feeds[topic.name].first()
            if message is not None:
                connection.deliver(message)
        connection.end_effect()

    def unsubscribe(self, connection: StreamConnection, topics: Sequence[FeedTopic]) -> None:
        """End subscriptions."""
        connection.unsubscribe(topics)
        self._end_feeds()

    def publish(self, changes: Sequence[Change], moved: Collection[str]) -> None:
        """Deliver the messages of one effect, in order, to their subscribers."""
        if self._feeds:
            fills = [one.subject for one in changes if isinstance(one.subject, Fill)]
            self._follow(Effect(frozenset(moved), fills))

    def _follow(self, effect: Effect) -> None:
        listed = [
            feed
            for name, feed in self._feeds.items()
            if self._venue.is_linear(name.rpartition(".")[2])
        ]
        messages = [message for feed in listed for message in feed.follow(effect)]
        for connection in list(self._connections) if messages else ():
            for message in messages:
                connection.deliver(message)
            connection.end_effect()

    def _end_feeds(self) -> None:
        """End the feeds that nobody follows: the next subscriber begins anew."""
        wanted = {topic.name for one in self._connections for topic in one.subscribed}
        self._feeds = {name: feed for name, feed in self._feeds.items() if name in wanted}

    def _await_minute(self) -> None:
        """Close candles, and let tickers forget, at every minute while there are feeds."""

        def due() -> None:
            with self._venue.lock:
                self._beats = bool(self._feeds)
                if self._beats:
                    self._follow(Effect(is_beat=True))
                    self._await_minute()

        self._venue.clock.call_at((self._venue.now() // MINUTE_MS + 1) * MINUTE_MS, due)
