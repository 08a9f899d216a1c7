"""Levels beyond the market: it has passed their price, and an order placed there fills at once.

What rests there already is not concerned: it fills as it would, and is resized as ever.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from ..model.identity import MonitorKey
from ..model.instrument import ZERO, plain
from ..model.ladder import Withheld
from ..model.observation import Observation, OrdersUnread
from ..model.order import Position
from .targets import Target, Targets


class BeyondMarket(StrEnum):
    """What becomes of a level that has no order yet, and whose price the market has passed.

    ``fill``: it is placed, and fills at once. ``wait``: it is placed once the market has come back.
    ``refuse``: so it is, too; until then the run counts as one that did not do all.
    """

    FILL = "fill"
    WAIT = "wait"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Market:
    """Where the market is, and what becomes of a level that is beyond it.

    Attributes:
        verdict: ``wait`` or ``refuse``.
        position: with the mark price, as the exchange was read.
    """

    verdict: BeyondMarket
    position: Position

    def withholds(self, price: Decimal) -> bool:
        """Whether no order is placed at that price, or moved to it.

        Where the mark price is unknown none is: nobody can say that it would not fill at once.
        """
        return self.position.has_passed(price) is not False

    @property
    def is_known(self) -> bool:
        """Whether the mark price is."""
        return bool(self.position.mark_price)

    @property
    def must_act(self) -> bool:
        """Whether a withheld level is not what the user asked for, but for him to act on."""
        return self.verdict is BeyondMarket.REFUSE or not self.is_known

    @property
    def why(self) -> str:
        """Why a level is withheld, and what follows: a phrase for people."""
        if not self.is_known:
            return "is withheld: the mark price is unknown, and it might fill at once"
        if self.verdict is BeyondMarket.REFUSE:
            return (
                "is withheld: the market has passed that price, and it would fill at once; give "
                "the monitor another ladder, or set beyond_market"
            )
        return "waits: the market has passed that price"


def market_by(
    reading: Observation | OrdersUnread, key: MonitorKey, verdict: BeyondMarket
) -> Market | None:
    """Where the market is, by a read of the exchange; a live view's mark price may be old."""
    known = _is_read(reading) and verdict is not BeyondMarket.FILL
    return Market(verdict, reading.position(key.symbol, key.side)) if known else None


def mark_price_by(reading: Observation | OrdersUnread, key: MonitorKey) -> Decimal:
    """The mark price by a read of the exchange; 0 where it shows none."""
    return reading.position(key.symbol, key.side).mark_price if _is_read(reading) else ZERO


def _is_read(reading: Observation | OrdersUnread) -> bool:
    """Whether the exchange was read, and no live view."""
    return not isinstance(reading, Observation) or reading.changes is None


def as_withheld(targets: Targets, those: Sequence[Target], market: Market) -> Targets:
    """The targets without those of them that are withheld; these are named, level by level.

    Args:
        targets: what the ladder asks for.
        those: what a plan neither places nor moves an order to; their parts may have other numbers.
        market: says why.
    """
    orders = list(targets.orders)
    for one in those:
        same = next((each for each in orders if replace(each, part=one.part) == one), None)
        if same is not None:
            orders.remove(same)
    withheld = (*_by_level(those, market.why), *targets.withheld)
    return replace(targets, orders=tuple(orders), withheld=withheld)


def _by_level(those: Sequence[Target], why: str) -> Iterable[Withheld]:
    for level, price in dict.fromkeys((one.level, one.price) for one in those):
        quantity = sum((one.quantity for one in those if one.level == level), ZERO)
        yield Withheld(level, price, quantity, why)


def came_back(withheld: Iterable[Withheld], position: Position) -> str:
    """Which withheld level may be placed now, for people; empty for none.

    Worked example: TP1 of a long, at 105, was withheld while the mark price was 106. At 104.9 it
    has come back. Where the mark price is unknown it has not.
    """
    for one in withheld:
        if not one.is_runner and position.has_passed(one.price) is False:
            return f"the market has come back: TP{one.level} at {plain(one.price)} may be placed"
    return ""
