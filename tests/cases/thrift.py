"""Whether a run moved no more than it had to: cover, orders and requests.

What rests where it shall rest, as large as it shall be, is left alone, to the last field. Of the
other orders each is made into one that is wanted: at its own price the largest into the largest,
what is left over into what is missing elsewhere in the same way; only an order that has filled
in part can serve at its own price alone. That is as many writes as are needed, and the cover
falls on the way by what these orders have to shrink, and by no more.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal

from tests.cases.expectation import Expectation
from tests.cases.play import Book, Played
from tests.cases.stops import is_of_position
from tests.cases.values import ZERO
from trueup.simulator import SimOrder

Place = tuple[Decimal, Decimal]


def leaves_by_price(book: Book) -> dict[Decimal, list[Decimal]]:
    """What each order at a price still covers, largest first."""
    rests: dict[Decimal, list[Decimal]] = {}
    for order in book.values():
        rests.setdefault(order.price, []).append(order.leaves)
    return {price: sorted(leaves, reverse=True) for price, leaves in rests.items()}


def thrift_differences(played: Played, expected: Expectation) -> Iterator[str]:
    """What was moved that needn't have been."""
    before, last = (
        {
            key: order
            for key, order in book.items()
            if key not in played.protected and not is_of_position(order)
        }
        for book in (played.before, played.at_last)
    )
    yield from _disturbed(before, last, expected)
    writes, shrinks = _needed(before, expected)
    writes += played.case.state.stop is not None
    if played.first.writes > writes:
        yield f"{played.first.writes} writes were sent, {writes} would have done"
    least = sum((order.leaves for order in before.values()), ZERO) - shrinks
    if played.journey.lowest < least:
        yield f"the cover fell to {played.journey.lowest:f} on the way, {least:f} needn't move"
    gone = {order.price for key, order in before.items() if key not in last}
    for key, order in last.items():
        if key not in before and order.price in gone:
            yield f"the order at {order.price:f} was cancelled and placed, not amended"


def _disturbed(before: Book, last: Book, expected: Expectation) -> Iterator[str]:
    """Orders that were what they had to be, and are not the same any more."""
    right = _places(before) & _wanted(expected)
    untouched = _places({key: o for key, o in before.items() if last.get(key) == o})
    for (price, leaves), count in (right - untouched).items():
        yield f"{count} of {leaves:f} at {price:f} was right and was touched"


def _needed(before: Book, expected: Expectation) -> tuple[int, Decimal]:
    """How many writes make these orders the expected ones, and by how much orders shrink then."""
    spare, missing = _not_right(before, _wanted(expected))
    shrinks: list[Decimal] = []
    for order in sorted(spare, key=lambda each: (-each.filled, -each.leaves)):
        at_price = [leaves for price, leaves in missing.elements() if price == order.price]
        if at_price or order.filled:
            takes = max(at_price, default=ZERO)
            missing -= Counter({(order.price, takes): 1})
            shrinks.append(order.leaves - takes)
            spare.remove(order)
    left = sorted((order.leaves for order in spare), reverse=True)
    open_ones = sorted((leaves for _, leaves in missing.elements()), reverse=True)
    writes = len(shrinks) + max(len(left), len(open_ones))
    open_ones += [ZERO] * len(left)
    shrinks += [has - takes for has, takes in zip(left, open_ones, strict=False)]
    return writes, sum((each for each in shrinks if each > ZERO), ZERO)


def _not_right(before: Book, wanted: Mapping[Place, int]) -> tuple[list[SimOrder], Counter[Place]]:
    """The orders that are not what is wanted, and what is wanted and does not rest."""
    missing, spare = Counter(wanted), []
    for order in sorted(before.values(), key=lambda each: -each.filled):
        place = (order.price, order.leaves)
        if missing[place] > 0:
            missing[place] -= 1
        else:
            spare.append(order)
    return spare, +missing


def _wanted(expected: Expectation) -> Counter[Place]:
    return Counter((price, leaves) for price, parts in expected.orders.items() for leaves in parts)


def _places(book: Book) -> Counter[Place]:
    return Counter((order.price, order.leaves) for order in book.values())
