"""What a state puts on record: the ladder and the orders that the bot believed to be its own.

The ladder:

* its levels are the distinct prices of the stored take-profits, on the tick, nearest first;
  filled and cancelled ones count, an order without a price (a stop-loss that was recorded as
  TP1) gives none; no price is added;
* a single level has all of it; the stored percentages are used where every level has one and
  they sum to 100, the percentage of TP n for the n-th nearest price: the bot's numbers are a
  slot's name, its prices were put into the slots the wrong way round more than once;
* else four levels have 85/5/5/5, as the bot's did; any other number of levels has what the
  stored quantities are to each other.

The orders: every stored take-profit with its id, link id, price, quantity and fill, once an
order id; FILLED ones are filled, closed ones cancelled, all others live. What is no take-profit
by its own fields is on record like the others, since the bot believed it to be one, at the level
that its number says, with no fill, since a conditional order that is open has none: dropping it
is the engine's work. Left out are open orders of less than one step, which cannot rest, and
closed ones without a price, which tell nothing of any level.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from uuid import NAMESPACE_URL, uuid5

from tests.cases.dividing import divide
from tests.cases.rules import Rules
from tests.cases.states import State, Stored
from tests.cases.values import ZERO, MalformedRow
from trueup import Ladder, LadderError, Side
from trueup.domain.model.record import Origin, OwnedOrder, OwnedStatus

HUNDRED = Decimal(100)
BOTS_OWN = (Decimal(85), Decimal(5), Decimal(5), Decimal(5))
_RESOLUTIONS = (Decimal("0.01"), Decimal("0.000001"))


@dataclass(frozen=True, slots=True)
class Belief:
    """The record's ladder and orders; no ladder where the state names no price."""

    ladder: Ladder | None
    orders: tuple[OwnedOrder, ...]


def belief_of(state: State, rules: Rules) -> Belief:
    """What the state puts on record.

    Raises:
        MalformedRow: its take-profits make no ladder, or have no quantity.
    """
    prices = level_prices(state, rules)
    ladder = None
    if prices:
        levels = [[o for o in state.take_profits if _at(o, rules) == price] for price in prices]
        try:
            ladder = Ladder.of(*zip(prices, _shares(levels), strict=True))
        except LadderError as error:
            raise MalformedRow(f"its take-profits make no ladder: {error}") from error
    return Belief(ladder, tuple(_owned(state, rules, prices)))


def level_prices(state: State, rules: Rules) -> list[Decimal]:
    """The distinct prices of the stored take-profits, on the tick, nearest to the entry first."""
    prices = {_at(order, rules) for order in state.take_profits if order.price > ZERO}
    return sorted(prices, reverse=state.side is Side.SELL)


def order_id_of(state: State, order: Stored, rank: int) -> str:
    """The stored id; where there is none, one made of the case and the order's place in it."""
    return order.order_id or str(uuid5(NAMESPACE_URL, f"{state.case} {state.symbol} {rank}"))


def filled_of(order: Stored, rules: Rules) -> Decimal:
    """What the order has filled, in whole steps."""
    waits = order.is_open and not order.is_take_profit
    return ZERO if waits else rules.floored(order.filled)


def _at(order: Stored, rules: Rules) -> Decimal:
    return rules.on_tick(order.price) if order.price > ZERO else ZERO


def _shares(levels: Sequence[Sequence[Stored]]) -> Sequence[Decimal]:
    if len(levels) == 1:
        return [HUNDRED]
    stored = _stored_shares(levels)
    if stored and all(stored) and sum(stored, ZERO) == HUNDRED:
        return stored
    if len(levels) == len(BOTS_OWN):
        return BOTS_OWN
    return _shares_of_quantities(levels)


def _stored_shares(levels: Sequence[Sequence[Stored]]) -> list[Decimal]:
    """The stored percentages, nearest level first; none where a level has several orders."""
    orders = [level[0] for level in levels if len(level) == 1]
    if len(orders) != len(levels):
        return []
    numbers = [order.number for order in orders]
    if sorted(number or 0 for number in numbers) == list(range(1, len(levels) + 1)):
        orders.sort(key=lambda order: order.number or 0)
    return [order.share or ZERO for order in orders]


def _shares_of_quantities(levels: Sequence[Sequence[Stored]]) -> list[Decimal]:
    weights = [Fraction(sum((o.quantity or ZERO for o in level), ZERO)) for level in levels]
    if not all(weights):
        weights = [Fraction(1) for _ in levels]
    shares: list[Decimal] = []
    for resolution in _RESOLUTIONS:
        shares = [part * resolution for part in divide(int(HUNDRED / resolution), weights)]
        if all(shares):
            break
    return shares


def _owned(state: State, rules: Rules, prices: Sequence[Decimal]) -> list[OwnedOrder]:
    owned: dict[str, OwnedOrder] = {}
    names: set[str] = set()
    parts: Counter[int] = Counter()
    for rank, order in enumerate(state.take_profits):
        order_id = order_id_of(state, order, rank)
        if order.quantity is None:
            raise MalformedRow(f"take-profit {order_id} has no quantity")
        says_nothing = not rules.floored(order.quantity) if order.is_open else not order.price
        if order_id in owned or says_nothing:
            continue
        level = _level(order, rules, prices)
        parts[level] += 1
        name = order_id if order.link_id in names or not order.link_id else order.link_id
        names.add(name)
        price = _at(order, rules)
        owned[order_id] = OwnedOrder(
            level=level,
            part=parts[level],
            order_link_id=name,
            order_id=order_id,
            price=price,
            asked_price=price,
            quantity=order.quantity,
            filled=filled_of(order, rules),
            status=_status(order),
            origin=Origin.ADOPTED,
        )
    return list(owned.values())


def _level(order: Stored, rules: Rules, prices: Sequence[Decimal]) -> int:
    if order.price > ZERO:
        return prices.index(_at(order, rules)) + 1
    return max(1, min(order.number or 1, len(prices)))


def _status(order: Stored) -> OwnedStatus:
    if order.is_filled:
        return OwnedStatus.FILLED
    return OwnedStatus.OPEN if order.is_open else OwnedStatus.CANCELLED
