"""Messages of the private stream as events (docs/v5/websocket/private).

Every item is a whole record. Items of other categories than linear are left out before anything
in them is read: what somebody trades there must not make this feed fail. An item that cannot be
understood makes its symbol's view stale, no more; so does one that does not say its category,
unless it is a position's, for no other category has positions of these symbols.
"""

from collections.abc import Callable, Iterator, Mapping

from ....domain.model.identity import Side
from ....domain.model.order import Execution
from ....domain.tracking.feed import FillEvent, OrderEvent, PositionEvent, StreamEvent, Unreadable
from ..wire import names
from ..wire.fields import Row, ShapeError, decimal, identifier, integer, member, rows, text
from ..wire.parsing import parse_execution, parse_order, parse_position
from ..wire.understood import UnreadRow, understood

# Executions that move no position (docs/v5/enum.mdx, execType).
_NO_FILLS = frozenset((names.FUNDING, names.SETTLE))


def parse_events(message: Row) -> tuple[StreamEvent, ...]:
    """The events of one message, in sequence; none if trueup does not use its topic.

    Raises:
        ShapeError: the message is not as documented, or an item does not say its symbol.
    """
    parse = _TOPICS.get(str(message.get(names.TOPIC)))
    return () if parse is None else tuple(_events(message, parse))


def _events(message: Row, parse: Callable[[Row], StreamEvent | None]) -> Iterator[StreamEvent]:
    for row in rows(message, names.ITEMS):
        if row.get(names.CATEGORY) in names.OTHER_CATEGORIES:
            continue
        event = understood(row, parse)
        if isinstance(event, UnreadRow):
            event = Unreadable(event.symbol, f"a stream item is not as documented: {event.reason}")
        if event is not None:
            yield event


def _check_linear(row: Row) -> None:
    """Refuses an item that may be of another category; one without the field is linear.

    Raises:
        ShapeError: the item names a category that nobody knows, or an empty one: spot has orders
            of the same symbols.
    """
    if row.get(names.CATEGORY, names.LINEAR) != names.LINEAR:
        raise ShapeError(f"{names.CATEGORY} is not as documented")


def _order(row: Row) -> StreamEvent:
    _check_linear(row)
    return OrderEvent(parse_order(row))


def _fill(row: Row) -> StreamEvent | None:
    _check_linear(row)
    if text(row, names.EXECUTION_TYPE) in _NO_FILLS:
        return None
    return FillEvent(
        symbol=identifier(row, names.SYMBOL),
        side=member(Side, row, names.SIDE),
        order_id=identifier(row, names.ORDER_ID),
        order_link_id=text(row, names.ORDER_LINK_ID),
        execution_id=identifier(row, names.EXECUTION_ID),
        quantity=decimal(row, names.EXECUTED),
        filled=decimal(row, names.ORDER_QUANTITY) - decimal(row, names.LEFT),
        seq=integer(row, names.SEQUENCE),
        trade=_trade(row),
    )


def _trade(row: Row) -> Execution | None:
    """The same item as a trade: nothing but reports needs what else it says."""
    try:
        return parse_execution(row)
    except ShapeError:
        return None


def _position(row: Row) -> StreamEvent:
    if row.get(names.CATEGORY) != "":
        _check_linear(row)
    parsed = parse_position(row)
    return PositionEvent(parsed.symbol, parsed.index, parsed.seq, parsed.position)


_TOPICS: Mapping[str, Callable[[Row], StreamEvent | None]] = {
    names.ORDER_TOPIC: _order,
    names.EXECUTION_TOPIC: _fill,
    names.POSITION_TOPIC: _position,
}
