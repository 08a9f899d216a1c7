"""The ladder that stored take-profits stand for: prices by rank, shares from the record.

* The levels are the distinct prices, rounded to the tick size where it is known, nearest first.
  Filled and cancelled orders count, because they were levels once. No price is added.
* A single level has 100 %. Stored percentages are used if each level has one order and they sum
  to 100: the percentage of TP n goes to the n-th nearest price, because the bot assigned prices to
  its numbers the wrong way round (original bot, I02).
* Otherwise four levels get 85/5/5/5, as in the bot, and any other number of levels gets shares in
  proportion to the stored quantities.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ....domain.model.errors import LadderError
from ....domain.model.identity import Side
from ....domain.model.instrument import ZERO
from ....domain.model.ladder import HUNDRED, Ladder
from ....domain.planning.apportion import apportion, in_proportion
from .contracts import KnownRules
from .orders import StoredOrder

BOTS_OWN = (Decimal(85), Decimal(5), Decimal(5), Decimal(5))
_RESOLUTIONS = (Decimal("0.01"), Decimal("0.000001"))

Levels = Mapping[Decimal, Sequence[StoredOrder]]


@dataclass(frozen=True, slots=True)
class StoredLadder:
    """A ladder and the source of its shares, or why there is none.

    Attributes:
        ladder: None if no price is stored, or the prices make no ladder.
        shares_from: ``percentages``, ``85/5/5/5``, ``quantities``, or empty without a ladder.
        reason: why there is no ladder.
    """

    ladder: Ladder | None
    shares_from: str = ""
    reason: str = ""


def levels_of(orders: Sequence[StoredOrder], side: Side, rules: KnownRules) -> Levels:
    """The orders by their price, rounded to the tick size, nearest price first."""
    levels: dict[Decimal, list[StoredOrder]] = {}
    for order in sorted(orders, key=lambda each: each.price, reverse=side is Side.SELL):
        levels.setdefault(rules.on_tick(order.price), []).append(order)
    return levels


def ladder_of(levels: Levels) -> StoredLadder:
    """The ladder of these levels."""
    if not levels:
        return StoredLadder(None, reason="no take-profit on record has a price")
    shares, source = _shares(list(levels.values()))
    try:
        return StoredLadder(Ladder.of(*zip(levels, shares, strict=True)), source)
    except LadderError as error:
        return StoredLadder(None, reason=f"its take-profits make no ladder: {error.message}")


def _shares(levels: Sequence[Sequence[StoredOrder]]) -> tuple[Sequence[Decimal], str]:
    if len(levels) == 1:
        return [HUNDRED], "percentages"
    stored = _stored_shares(levels)
    if stored and all(stored) and sum(stored, ZERO) == HUNDRED:
        return stored, "percentages"
    if len(levels) == len(BOTS_OWN):
        return BOTS_OWN, "85/5/5/5"
    return _shares_of_quantities(levels), "quantities"


def _stored_shares(levels: Sequence[Sequence[StoredOrder]]) -> list[Decimal]:
    """The stored percentages, nearest level first; empty if a level has several orders."""
    orders = [level[0] for level in levels if len(level) == 1]
    if len(orders) != len(levels):
        return []
    numbers = [order.number or order.level or 0 for order in orders]
    if sorted(numbers) == list(range(1, len(levels) + 1)):
        orders.sort(key=lambda order: order.number or order.level or 0)
    return [order.share or ZERO for order in orders]


def _shares_of_quantities(levels: Sequence[Sequence[StoredOrder]]) -> list[Decimal]:
    quantities = (sum((order.quantity or ZERO for order in level), ZERO) for level in levels)
    weights = dict(enumerate(in_proportion(quantities)))
    if not all(weights.values()):
        weights = dict.fromkeys(weights, 1)
    shares: list[Decimal] = []
    for resolution in _RESOLUTIONS:
        parts = apportion(int(HUNDRED / resolution), weights)
        shares = [parts[number] * resolution for number in weights]
        if all(shares):
            break
    return shares
