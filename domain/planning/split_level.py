"""Splitting a level into several orders where the exchange's largest order is too small."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import partial
from itertools import chain, count, filterfalse

from ..model.instrument import ZERO, Instrument

Room = Callable[[int], Decimal]
"""How much a part may still cover below the exchange's maximum."""


def split_level(
    quantity: Decimal,
    price: Decimal,
    resting: Sequence[tuple[int, Decimal]],
    instrument: Instrument,
) -> tuple[dict[int, Decimal], Decimal]:
    """The quantity of each part of a level, in as few parts as possible, and what is left over.

    The exchange's minimums and maximum bind the total of an order, its filled quantity included.
    The first parts are as large as the maximum allows. A last part below the minimum shares
    evenly with as many before it as that takes; if even shares of all parts were below the minimum
    too, it is left over. Dividing totals, not remainders, means that a fill of one part changes no
    other part.

    Resting orders keep their parts. If the level needs fewer parts, those that have filled stay:
    no other level can use them. Then the others do; of either, those that cover most come first.

    With a largest order of 40, part 2 of which 2 have filled can cover 38 more, so 79 need a
    third part:

    >>> rules = Instrument("X", tick=Decimal(1), quantity_step=Decimal(1),
    ...                    min_quantity=Decimal(1), max_quantity=Decimal(40))
    >>> parts, _ = split_level(Decimal(79), Decimal(1), [(1, Decimal(0)), (2, Decimal(2))], rules)
    >>> {part: int(size) for part, size in parts.items()}
    {1: 40, 2: 38, 3: 1}

    Args:
        quantity: what the level should still cover.
        price: of the level.
        resting: part and filled quantity of each order that rests, or may, below the maximum;
            those that cover most come first.
        instrument: the exchange's rules.
    """
    filled = dict(resting)

    def room(part: int) -> Decimal:
        return instrument.quantity(
            instrument.steps(instrument.max_quantity - filled.get(part, ZERO))
        )

    needed = _needed_parts(resting, quantity, room, partial(instrument.allows, price=price))
    sizes = _fill_in_turn(sorted(needed), quantity, room)
    left_over = _even_out(sizes, filled, price, instrument)
    if len(sizes) < len(needed):
        # Not all of them get something: those that rest come before new ones.
        sizes = _fill_in_turn(needed, quantity, room)
        left_over = _even_out(sizes, filled, price, instrument)
    return dict(sorted(sizes.items())), left_over


def _needed_parts(
    resting: Sequence[tuple[int, Decimal]],
    quantity: Decimal,
    room: Room,
    allows: Callable[[Decimal], bool],
) -> list[int]:
    """The parts that the quantity needs: of orders that have filled, of others, then new ones.

    Where the first would be below the minimum with all of it, the one that has filled most is not.
    """
    own, filled = sorted(resting, key=lambda each: not each[1]), dict(resting)
    has_filled = sum([done > 0 for _, done in own])
    if own and not allows(own[0][1] + quantity):
        own.sort(key=lambda each: -each[1])
    occupied = [part for part, _ in own]
    new_parts = filterfalse(occupied.__contains__, count(1))
    needed: list[int] = []
    left = quantity
    for part in chain(occupied, new_parts):
        if left <= 0:
            break
        needed.append(part)
        left -= room(part)
    if len(needed) > has_filled:
        return needed
    return _without_idle(needed, quantity, room, lambda part: allows(filled[part] + quantity))


def _without_idle(
    parts: list[int], quantity: Decimal, room: Room, may_have_all: Callable[[int], bool]
) -> list[int]:
    """The parts without those beside which the others have room for all of the quantity.

    Parts that have filled have not all the same room. Once they are of other sizes, those that
    come first may do without the others: it must be the same parts then. One that would be below
    the minimum with all of it does without none.
    """
    for part in reversed(tuple(parts)):
        others = [each for each in parts if each != part]
        has_room = sum(map(room, others), ZERO) >= quantity
        if has_room and (len(others) > 1 or may_have_all(others[0])):
            parts = others
    return parts


def _fill_in_turn(parts: Iterable[int], quantity: Decimal, room: Room) -> dict[int, Decimal]:
    """Fills each part in turn up to its room; leaves out parts that get nothing."""
    sizes: dict[int, Decimal] = {}
    for part in parts:
        size = min(quantity, room(part))
        if size > 0:
            sizes[part] = size
            quantity -= size
    return sizes


def _even_out(
    sizes: dict[int, Decimal],
    filled: Mapping[int, Decimal],
    price: Decimal,
    instrument: Instrument,
) -> Decimal:
    """Lets the last parts share evenly if the last is too small; returns what is left over.

    Changes ``sizes``. As few parts share as it takes. What is left over is the last part, where
    even shares of all parts would be too small.
    """
    last = next(reversed(sizes), 0)
    if len(sizes) <= 1 or instrument.allows(sizes[last] + filled.get(last, ZERO), price):
        return ZERO
    for number in range(2, len(sizes) + 1):
        shares = _shared(dict(list(sizes.items())[-number:]), filled, price, instrument)
        if shares:
            sizes.update(shares)
            return ZERO
    return sizes.pop(last)


def _shared(
    sizes: Mapping[int, Decimal],
    filled: Mapping[int, Decimal],
    price: Decimal,
    instrument: Instrument,
) -> dict[int, Decimal]:
    """The parts with even shares of their total, the last rounded down; empty if too small.

    A part that has filled more than its share keeps a step to cover.
    """
    shares: dict[int, Decimal] = {}
    least = {part: filled.get(part, ZERO) + instrument.quantity_step for part in sizes}
    left = sum([size + filled.get(part, ZERO) for part, size in sizes.items()], ZERO)
    before = list(sizes)
    while before:
        part = before.pop()
        if before:
            even = instrument.quantity(instrument.steps(left / (len(before) + 1)))
            total = min(even, left - sum([least[each] for each in before], ZERO))
        else:
            total = left
        if total <= filled.get(part, ZERO) or not instrument.allows(total, price):
            return {}
        shares[part] = total - filled.get(part, ZERO)
        left -= total
    return shares
