"""Telling: which messages of the private stream the changes of an effect make."""

from collections.abc import Container, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from ..base.ids import Ids
from ..market.changes import Change
from ..market.orders import SimOrder
from ..market.positions import Fill, SimPosition
from ..market.venue import Venue
from .messages import Json, Message, execution_item, fast_item, order_item, position_item
from .topics import Topic


class Teller:
    """Makes messages of changes, and remembers the positions, which order actions tell again."""

    def __init__(self, venue: Venue, seed: str) -> None:
        self._venue = venue
        self._ids = Ids(f"{seed}:message")
        self._positions: dict[tuple[str, str, int], SimPosition] = {}

    def messages(self, changes: Sequence[Change], heard: Container[str]) -> list[Message]:
        """The messages of an effect in its order, for the accounts that somebody hears."""
        made = [
            message
            for change, following in zip(changes, [*changes[1:], None], strict=True)
            for message in self._of(change, following, heard)
        ]
        return list(_bundled(made)) if self._venue.behaviour.stream_bundles else made

    def _of(
        self, change: Change, following: Change | None, heard: Container[str]
    ) -> Iterator[Message]:
        subject = change.subject
        if isinstance(subject, SimPosition):
            self._positions[(change.uid, subject.symbol, subject.idx)] = subject
        if change.uid not in heard:
            return
        if isinstance(subject, SimPosition):
            yield self._of_position(change, subject)
        elif isinstance(subject, Fill):
            yield from self._of_fill(change, subject)
        else:
            yield from self._of_order(change, subject, following)

    def _of_order(
        self, change: Change, order: SimOrder, following: Change | None
    ) -> Iterator[Message]:
        """The messages of a changed order.

        One that was created, amended or cancelled is followed by its position, changed or not
        (docs/v5/websocket/private/position); a fill has changed the position, and told it already.
        """
        item = order_item(order, self._venue.spec(order.symbol).settle_coin)
        yield self._message(change, Topic.ORDER, item)
        if following is None or not _is_fill_of(order, following):
            key = (change.uid, order.symbol, order.position_idx)
            flat = SimPosition(symbol=order.symbol, idx=order.position_idx)
            yield self._of_position(change, self._positions.get(key, flat))

    def _of_position(self, change: Change, position: SimPosition) -> Message:
        orders = self._venue.account(change.uid).open_orders(position.symbol)
        mark = self._venue.prices[position.symbol]
        return self._message(change, Topic.POSITION, position_item(position, mark, orders))

    def _of_fill(self, change: Change, fill: Fill) -> Iterator[Message]:
        mark = self._venue.prices[fill.symbol]
        item = execution_item(fill, mark, self._venue.spec(fill.symbol).settle_coin)
        whole = self._message(change, Topic.EXECUTION, item)
        yield replace(whole, identity=f"{change.uid}_{fill.symbol}_{fill.seq}")
        fast = self._message(change, Topic.FAST_EXECUTION, fast_item(item))
        yield replace(fast, identity="")

    def _message(self, change: Change, topic: Topic, item: Json) -> Message:
        identity = f"{change.uid}{self._ids.fresh('message')}"
        return Message(change.uid, topic, change.subject.symbol, change.at_ms, identity, (item,))


def _is_fill_of(order: SimOrder, following: Change) -> bool:
    """Whether an order has changed by the fill that is noted right after it."""
    fill = following.subject
    return isinstance(fill, Fill) and fill.order_id == order.order_id


def _bundled(messages: Sequence[Message]) -> Iterator[Message]:
    """One message for each account, topic and symbol, in the order of the first of each."""
    places: dict[tuple[str, Topic, str], int] = {}
    for message in messages:
        places.setdefault((message.uid, message.topic, message.symbol), len(places))

    def place(message: Message) -> int:
        return places[(message.uid, message.topic, message.symbol)]

    for _, group in groupby(sorted(messages, key=place), key=place):
        first, *rest = group
        yield replace(first, items=first.items + tuple(i for more in rest for i in more.items))
