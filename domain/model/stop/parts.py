"""The parts of a stop that have settings of their own: breakeven, and trailing."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, Self

from ..errors import StopError
from ..instrument import plain
from .given import Number, level_number, percentage, positive

BY_FEES: Literal["fees"] = "fees"
"""The offset of a breakeven that goes by what the entries have paid in fees."""

USUAL_TAKER_RATE = Decimal("0.00055")
"""Bybit's taker fee without a discount (docs/v5/account/fee-rate): 0.055 % of the value."""

UNKNOWN_FEES_PERCENT = Decimal("0.08")
"""How far beyond the entry breakeven by fees is where nobody knows what the entries have paid."""

_BOTH_WAYS_PERCENT = 2 * USUAL_TAKER_RATE.scaleb(2)


@dataclass(frozen=True, slots=True)
class Breakeven:
    """The stop goes to the average entry, once a level has filled or the price has gone far enough.

    Build it with :meth:`of`, which checks it.

    Attributes:
        after_level: once this level, or one beyond it, has filled; 1 is TP1. None for never.
        after_percent: once the price has been this much in profit, in percent of the entry. None
            for never. Where both are given, whatever comes first counts.
        offset: how far beyond the entry, on the winning side, in percent of it, for the fees; 0 is
            the entry itself, and so is None.
        fees: whether it is as far as the fees of both ways ask: what the entries have paid, and
            what closing will cost. Then ``offset`` is None.
    """

    after_level: int | None = None
    after_percent: Decimal | None = None
    offset: Decimal | None = None
    fees: bool = False

    @classmethod
    def of(
        cls,
        *,
        after_level: int | None = None,
        after_percent: Number | None = None,
        offset: Number | None = None,
        fees: bool = False,
    ) -> Self:
        """The breakeven of these settings; each is as the attribute says, no number a float.

        The offset ``"fees"`` asks for the real fees, as ``fees`` does.

        >>> Breakeven.of(after_level=1, offset="fees") == Breakeven.of(after_level=1, fees=True)
        True

        Raises:
            StopError: it says not when, a number is not sensible, or the price would not have
                reached the stop when it is moved.
        """
        by_fees = fees or offset == BY_FEES
        if fees and offset not in (None, BY_FEES):
            raise StopError(f"breakeven is by fees, or has an offset of {offset} %: not both")
        made = cls(
            level_number("breakeven's after_level", after_level),
            percentage("breakeven's after_percent", after_percent),
            None if by_fees else percentage("breakeven's offset", offset, zero=True),
            by_fees,
        )
        if made.after_level is None and made.after_percent is None:
            raise StopError("breakeven needs after_level, such as 1 for TP1, or after_percent")
        if made.after_percent is not None and made.offset and made.offset >= made.after_percent:
            raise StopError(
                f"breakeven's offset {plain(made.offset)} % must be below its after_percent "
                f"{plain(made.after_percent)} %: the stop would be past the market"
            )
        if made.after_percent is not None and by_fees and made.after_percent <= _BOTH_WAYS_PERCENT:
            raise StopError(
                f"breakeven by fees needs an after_percent above {plain(_BOTH_WAYS_PERCENT)} %, "
                f"which both ways usually cost, not {plain(made.after_percent)} %: the stop would "
                f"be past the market"
            )
        return made


@dataclass(frozen=True, slots=True)
class Trailing:
    """The exchange's own trailing stop, which works while trueup is down.

    Build it with :meth:`of`, which checks it.

    Attributes:
        distance: how far behind the best price, in quote coin; or None.
        percent: the same in percent of the price at which it starts: the activation price, the
            price of the level, or else the average entry; or None.
        activation: the price at which it starts; None for at once.
        after_level: it starts once this level, or one beyond it, has filled; None for at once.
    """

    distance: Decimal | None = None
    percent: Decimal | None = None
    activation: Decimal | None = None
    after_level: int | None = None

    @property
    def from_the_start(self) -> bool:
        """Whether it protects from the position's first moment on."""
        return self.activation is None and self.after_level is None

    @classmethod
    def of(
        cls,
        *,
        distance: Number | None = None,
        percent: Number | None = None,
        activation: Number | None = None,
        after_level: int | None = None,
    ) -> Self:
        """The trailing stop of these settings; each is as the attribute says, no number a float.

        Raises:
            StopError: it has no distance or two, two starts, or a number is not sensible.
        """
        if (distance is None) == (percent is None):
            raise StopError("trailing needs either a distance or a percent, and not both")
        if activation is not None and after_level is not None:
            raise StopError("trailing starts by activation or after_level, not by both")
        return cls(
            positive("trailing's distance", distance),
            percentage("trailing's percent", percent),
            positive("trailing's activation", activation),
            level_number("trailing's after_level", after_level),
        )
