"""A monitor's prices on one axis: levels, stop, entry, mark, and orders of others."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ....domain.model.instrument import plain

HEIGHT, TOP, BOTTOM = 340.0, 24.0, 316.0
APART = 22.0
"""So far apart stand two labels, as text is that high."""


@dataclass(frozen=True, slots=True)
class Price:
    """Something at a price.

    Attributes:
        kind: ``level``, ``stop``, ``entry``, ``mark``, or ``other``: an order that is not trueup's.
        price: where.
        label: what it is, and how much.
        rests: whether an order of it rests at the exchange; it is drawn solid then.
    """

    kind: str
    price: Decimal
    label: str
    rests: bool = True

    @property
    def figure(self) -> str:
        """The price without trailing zeros."""
        return plain(self.price)


@dataclass(frozen=True, slots=True)
class Placed:
    """The same, drawn.

    Attributes:
        y: of the price on the axis; the highest price is at the top.
        text_y: of the label, which keeps clear of the others.
    """

    what: Price
    y: float
    text_y: float


@dataclass(frozen=True, slots=True)
class Axis:
    """The whole picture."""

    placed: Sequence[Placed]
    height: float


def draw_axis(prices: Iterable[Price]) -> Axis | None:
    """Where each price stands, from the highest to the lowest; None where there is none.

    >>> axis = draw_axis([Price("level", Decimal(2), "TP1"), Price("stop", Decimal(1), "stop")])
    >>> [(one.what.label, one.y) for one in axis.placed]
    [('TP1', 24.0), ('stop', 316.0)]
    """
    ordered = sorted(prices, key=lambda one: one.price, reverse=True)
    if not ordered:
        return None
    height = max(HEIGHT, TOP + APART * len(ordered) + HEIGHT - BOTTOM)
    bottom = height - (HEIGHT - BOTTOM)
    high, low = ordered[0].price, ordered[-1].price
    span = high - low
    places: list[Placed] = []
    free = 0.0
    for number, one in enumerate(ordered):
        y = TOP + (bottom - TOP) * float((high - one.price) / span) if span else TOP
        last = bottom - APART * (len(ordered) - 1 - number)
        text_y = min(max(y, free), max(last, free))
        free = text_y + APART
        places.append(Placed(one, round(y, 1), round(text_y, 1)))
    return Axis(places, height)
