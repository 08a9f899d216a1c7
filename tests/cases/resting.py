"""What is put on the simulator's book for a state: what the state says, as what it really is.

* A take-profit that is neither filled nor closed rests as a reduce-only limit order of the other
  side with its real id, its price on the tick, its quantity cut to the step, and its partial
  fill.
* The stop-loss rests as a conditional reduce-only market order with its price as the trigger;
  without a quantity it covers the position.
* A take-profit without a price, or stored as a stop market order, is such a conditional order
  too: it is the stop-loss if it has its id; else its trigger is its price, or, where the state
  doesn't say, far away on the losing side.
* An entry that is not filled or closed and has price and quantity rests as a limit order of the
  position's side; without these details nobody can say what it is, and it is left out.
* Foreign orders rest as they are described.
* One id is one order: the first that has it, the stop-loss first. A link id that an order cannot
  have, or that an earlier order of the case has, is left away.

What the state doesn't know is not on the book, though it may well have been on the exchange: a
state is what the bot recorded.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from tests.cases.belief import order_id_of
from tests.cases.rules import Rules
from tests.cases.states import State, Stored
from tests.cases.values import ZERO
from trueup import Side

_LINK_ID = re.compile(r"[A-Za-z0-9_-]{1,45}")
_FAR = {Side.BUY: Decimal("0.5"), Side.SELL: Decimal("1.5")}


class Kind(StrEnum):
    """What an order on the book is."""

    TAKE_PROFIT = "TP"
    STOP_LOSS = "SL"
    STOP_MARKET = "stop"
    ENTRY = "entry"
    FOREIGN = "foreign"


@dataclass(frozen=True, slots=True)
class Resting:
    """One order for the book; ``price`` is the trigger of a conditional one."""

    kind: Kind
    order_id: str
    link_id: str
    side: Side
    quantity: Decimal
    price: Decimal
    filled: Decimal = ZERO
    conditional: bool = False
    reduce_only: bool = True

    def fields(self, symbol: str, market: Decimal) -> dict[str, object]:
        """The fields of order/create that make it."""
        fields: dict[str, object] = {
            "symbol": symbol,
            "side": self.side.value,
            "qty": self.quantity,
            "orderLinkId": self.link_id,
            "reduceOnly": self.reduce_only,
        }
        if not self.conditional:
            return fields | {"orderType": "Limit", "price": self.price, "cumExecQty": self.filled}
        rises = self.price > market
        trigger = {"triggerPrice": self.price, "triggerDirection": 1 if rises else 2}
        return fields | {"orderType": "Market", "stopOrderType": "Stop"} | trigger


def resting_of(state: State, rules: Rules) -> tuple[Resting, ...]:
    """The orders that the state puts on the book."""
    book: dict[str, Resting] = {}
    names: set[str] = set()
    for order in _orders(state, rules):
        if order.order_id in book or not order.quantity or order.filled >= order.quantity:
            continue
        named = order
        if not _LINK_ID.fullmatch(order.link_id) or order.link_id in names:
            named = replace(order, link_id="")
        names.add(named.link_id)
        book[order.order_id] = named
    return tuple(book.values())


def _orders(state: State, rules: Rules) -> Iterator[Resting]:
    closing = state.side.opposite
    take_profits = [(order_id_of(state, o, n), o) for n, o in enumerate(state.take_profits)]
    priced = {order_id for order_id, order in take_profits if order.is_take_profit}
    stop = state.stop_loss
    if stop is not None and stop.order_id not in priced and stop.is_open and stop.price:
        order_id = order_id_of(state, stop, -1)
        quantity = rules.floored(state.size if stop.quantity is None else stop.quantity)
        trigger = rules.on_tick(stop.price)
        yield Resting(
            Kind.STOP_LOSS, order_id, stop.link_id, closing, quantity, trigger, conditional=True
        )
    for order_id, order in take_profits:
        if order.is_open:
            yield _take_profit(state, rules, order_id, order)
    for rank, order in enumerate(state.entries):
        if order.is_open and order.price and order.quantity:
            yield _other(state, rules, Kind.ENTRY, order, 1000 + rank)
    for rank, order in enumerate(state.foreign):
        yield _other(state, rules, Kind.FOREIGN, order, 2000 + rank)


def _take_profit(state: State, rules: Rules, order_id: str, order: Stored) -> Resting:
    quantity = rules.floored(order.quantity or ZERO)
    price = order.price or state.entry_price * _FAR[state.side]
    return Resting(
        kind=Kind.TAKE_PROFIT if order.is_take_profit else Kind.STOP_MARKET,
        order_id=order_id,
        link_id=order.link_id,
        side=state.side.opposite,
        quantity=quantity,
        price=rules.on_tick(price) or rules.tick,
        filled=rules.floored(order.filled) if order.is_take_profit else ZERO,
        conditional=not order.is_take_profit,
    )


def _other(state: State, rules: Rules, kind: Kind, order: Stored, rank: int) -> Resting:
    return Resting(
        kind=kind,
        order_id=order_id_of(state, order, rank),
        link_id=order.link_id,
        side=order.side or state.side,
        quantity=rules.floored(order.quantity or ZERO),
        price=rules.on_tick(order.price) or rules.tick,
        filled=rules.floored(order.filled),
        conditional=order.is_stop,
        reduce_only=order.reduce_only,
    )
