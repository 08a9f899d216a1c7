"""Publishing: the changes of one effect become messages of the private stream."""

from collections.abc import Container, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from ..api.account.balance import wallet_row
from ..base.behaviour import Dialect, PositionItems
from ..base.ids import Ids
from ..market.changes import Change
from ..market.orders import SimOrder
from ..market.positions import Fill, SimPosition
from ..market.venue import Venue
from .frames import Json
from .messages import Message, bare, execution_item, fast_item, order_item, position_item
from .topics import Topic

UNFILLED = 100_000_000_000
"""Where the numbers begin of order messages that belong to no fill."""


class Publisher:
    """Turns changes into messages.

    It remembers the last state of each position, because Bybit sends the position again after each
    create, amend and cancel of an order.
    """

    def __init__(self, venue: Venue, seed: str) -> None:
        self._venue = venue
        self._ids = Ids(f"{seed}:message")
        self._made = 0
        self._positions: dict[tuple[str, str, int], SimPosition] = {}

    def messages(self, changes: Sequence[Change], subscribed_uids: Container[str]) -> list[Message]:
        """The messages of an effect, in order, for the accounts that have a connection."""
        made = [
            message
            for change, following in zip(changes, [*changes[1:], None], strict=True)
            for message in self._of(change, following, subscribed_uids)
        ]
        return list(_bundled(made)) if self._venue.behaviour.stream_bundles else made

    def wallet(self, uid: str) -> Message:
        """The message of an account's wallet as it is now (docs/v5/websocket/private/wallet)."""
        row = wallet_row(self._venue, self._venue.account(uid))
        identity = self._identity(uid, Topic.WALLET, "", None)
        return Message(uid, Topic.WALLET, "", self._venue.now(), identity, (row,))

    def _of(
        self, change: Change, following: Change | None, subscribed_uids: Container[str]
    ) -> Iterator[Message]:
        subject = change.subject
        if isinstance(subject, SimPosition):
            self._positions[(change.uid, subject.symbol, subject.idx)] = subject
        if change.uid not in subscribed_uids:
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
        """The messages about a changed order.

        A create, an amend or a cancel is followed by the position, changed or not
        (docs/v5/websocket/private/position). A fill is not: its position message went first.
        """
        item = order_item(order, self._venue.instruments[order.symbol].settle_coin)
        fill = None if following is None else _fill_of(order, following)
        yield self._message(change, Topic.ORDER, item, None if fill is None else fill.seq)
        if fill is None:
            key = (change.uid, order.symbol, order.position_idx)
            flat = SimPosition(symbol=order.symbol, idx=order.position_idx)
            yield self._of_position(change, self._positions.get(key, flat))

    def _of_position(self, change: Change, position: SimPosition) -> Message:
        account = self._venue.account(change.uid)
        orders = account.open_orders(position.symbol)
        mark = self._venue.mark(position.symbol)
        leverage = account.leverage(position.symbol, position.held_side)
        item = position_item(position, mark, orders, leverage)
        left_out = self._venue.behaviour.position_items
        is_bare = left_out is PositionItems.BARE
        if is_bare or (left_out is PositionItems.BARE_IF_FLAT and not position.size):
            item = bare(item)
        return self._message(change, Topic.POSITION, item)

    def _of_fill(self, change: Change, fill: Fill) -> Iterator[Message]:
        mark = self._venue.mark(fill.symbol)
        item = execution_item(fill, mark, self._venue.instruments[fill.symbol].settle_coin)
        yield self._message(change, Topic.EXECUTION, item, fill.seq)
        fast = self._message(change, Topic.FAST_EXECUTION, fast_item(item))
        yield replace(fast, identity="")

    def _message(self, change: Change, topic: Topic, item: Json, seq: int | None = None) -> Message:
        symbol, at_ms = change.subject.symbol, change.at_ms
        identity = self._identity(change.uid, topic, symbol, seq)
        return Message(change.uid, topic, symbol, at_ms, identity, (item,))

    def _identity(self, uid: str, topic: Topic, symbol: str, seq: int | None) -> str:
        """The id of a message: by contract and sequence number, or by topic and time.

        The samples had such an id for executions alone. An order that was not filled has a number
        that is counted here, beyond those of fills.
        """
        self._made += 1
        if topic is not Topic.EXECUTION and self._venue.behaviour.dialect is Dialect.SAMPLES:
            return f"{uid}{self._ids.fresh('message')}"
        if topic in {Topic.ORDER, Topic.EXECUTION}:
            return f"{uid}_{symbol}_{UNFILLED + self._made if seq is None else seq}"
        return f"{uid}_{topic.value}_{self._venue.now()}"


def _fill_of(order: SimOrder, following: Change) -> Fill | None:
    """The fill that changed this order, if the next change is one."""
    fill = following.subject
    return fill if isinstance(fill, Fill) and fill.order_id == order.order_id else None


def _bundled(messages: Sequence[Message]) -> Iterator[Message]:
    """Merge the messages of each account, topic and symbol into one, at the first one's place."""
    places: dict[tuple[str, Topic, str], int] = {}
    for message in messages:
        places.setdefault((message.uid, message.topic, message.symbol), len(places))

    def place(message: Message) -> int:
        return places[(message.uid, message.topic, message.symbol)]

    for _, group in groupby(sorted(messages, key=place), key=place):
        first, *rest = group
        yield replace(first, items=first.items + tuple(i for more in rest for i in more.items))
