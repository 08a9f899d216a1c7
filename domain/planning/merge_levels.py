"""Merging levels that cannot have an order of their own into their neighbours."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from ..model.instrument import ZERO, Instrument, plain
from ..model.ladder import Ladder


@dataclass(frozen=True, slots=True)
class MergedLevels:
    """The quantity of each level that gets orders, and what was merged.

    Attributes:
        quantities: by level number.
        uncovered: what is too small even as a single order.
        notes: one sentence for each merge, for journal and alert.
    """

    quantities: Mapping[int, Decimal]
    uncovered: Decimal
    notes: tuple[str, ...]


def merge_levels(
    ladder: Ladder,
    quantities: Mapping[int, Decimal],
    resting_filled: Mapping[int, Decimal],
    instrument: Instrument,
    unplaceable: Mapping[int, Decimal],
) -> MergedLevels:
    """Moves each quantity that cannot be an order into the neighbour towards TP1.

    The nearest level has no such neighbour and moves into the next one. The exchange's minimums
    bind the total of an order, so what a resting order has filled counts towards them.

    With a minimum order of 3, the 2.5 of TP4 move into TP3. The 5 of TP3 are then large enough,
    but the 2.5 of TP2 are not:

    >>> ladder = Ladder.of((1, 85), (2, 5), (3, 5), (4, 5))
    >>> rules = Instrument("X", tick=Decimal(1), quantity_step=Decimal("0.1"),
    ...                    min_quantity=Decimal(3), max_quantity=Decimal(1000))
    >>> wanted = {1: Decimal("42.5"), 2: Decimal("2.5"), 3: Decimal("2.5"), 4: Decimal("2.5")}
    >>> {n: str(q) for n, q in merge_levels(ladder, wanted, {}, rules, {}).quantities.items()}
    {1: '45.0', 3: '5.0'}

    Args:
        ladder: holds the price of each level.
        quantities: by level number; levels with 0 are left out.
        resting_filled: by level number, the filled part of the order that would be the level's
            only one; a level left out has none.
        instrument: the exchange's rules.
        unplaceable: levels that the exchange takes no new order for at present, with what rests of
            them: they keep that. If that is all levels, they are treated as if it did.
    """
    left = {number: quantity for number, quantity in quantities.items() if quantity > 0}
    prices = {level.number: level.price for level in ladder.levels}
    notes: list[str] = []

    def is_too_small(number: int) -> bool:
        total = left[number] + resting_filled.get(number, ZERO)
        return not instrument.allows(total, prices[number])

    barred = unplaceable if left.keys() - unplaceable.keys() else {}
    for number in sorted(left, key=lambda number: (number not in barred, -number)):
        keeps = min(barred.get(number, ZERO), left[number])
        if len(left) > 1 and keeps < left[number] and (number in barred or is_too_small(number)):
            quantity = left.pop(number) - keeps
            others = left.keys() - barred.keys() or left.keys()
            nearer = [other for other in others if other < number]
            into = max(nearer) if nearer else min(others)
            left[into] += quantity
            if keeps:
                left[number] = keeps
            why = "cannot be placed" if number in barred else "is below the exchange's minimum"
            notes.append(f"TP{number}'s {plain(quantity)} {why}: merged into TP{into}")
    if len(left) == 1 and is_too_small(only := next(iter(left))):
        uncovered = left.pop(only)
        notes.append(f"{plain(uncovered)} is below the exchange's minimum for any order")
        return MergedLevels(left, uncovered, tuple(notes))
    return MergedLevels(left, ZERO, tuple(notes))
