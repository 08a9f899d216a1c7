"""What rows say of money: the value of fills, their prices and fees.

No decision rests on it, only reports: a field that is missing, or not as documented, is unknown and
makes the row none the worse.
"""

import re
from decimal import Decimal

from ....domain.model.instrument import ZERO
from . import names
from .fields import Row

_SIGNED = re.compile(r"-?[0-9]{1,40}(\.[0-9]{1,40})?")
_COINS = (names.USDT, names.USDC)


def value_of_fills(row: Row) -> Decimal | None:
    """What the filled quantity of an order came to; None if the row does not say."""
    value = _number(row, names.FILLED_VALUE)
    if not _number(row, names.FILLED):
        return ZERO
    return value or None


def fee_of_fills(row: Row) -> Decimal | None:
    """What the fills of an order have cost; None if the row does not say, or names other coins.

    ``cumExecFee`` is deprecated in favour of ``cumFeeDetail``, a sum for each coin; it counts where
    that says nothing, unless it is 0, which a deprecated field may well be.
    """
    if not _number(row, names.FILLED):
        return ZERO
    fees = row.get(names.FEE_DETAIL)
    if isinstance(fees, dict) and fees:
        numbers = [_number(fees, coin) if coin in _COINS else None for coin in fees]
        known = [number for number in numbers if number is not None]
        return sum(known, ZERO) if len(known) == len(numbers) else None
    return _number(row, names.FILLED_FEE) or None


def fee_of_execution(row: Row) -> Decimal | None:
    """What an execution has cost; without a coin it is the coin that the contract settles in."""
    return (
        _number(row, names.EXECUTION_FEE) if row.get(names.FEE_COIN, "") in ("", *_COINS) else None
    )


def taker_rate_of(row: Row) -> Decimal | None:
    """The rate that an execution paid as a taker; None for a maker's, and where none is said.

    A rate of 0 says nothing: rows that cost no fee have it, too.
    """
    return _number(row, names.FEE_RATE) or None if row.get(names.IS_MAKER) is False else None


def price_of_execution(row: Row) -> Decimal | None:
    """The price of an execution; None if the row does not say."""
    return _number(row, names.EXECUTED_PRICE) or None


def filled_by_then(row: Row) -> Decimal | None:
    """What the order of an execution had filled then, with it; None if the row does not say."""
    quantity, left = _number(row, names.ORDER_QUANTITY), _number(row, names.LEFT)
    return None if quantity is None or left is None else quantity - left


def _number(row: Row, name: str) -> Decimal | None:
    value = row.get(name)
    is_number = isinstance(value, str) and _SIGNED.fullmatch(value) is not None
    return Decimal(str(value)) if is_number else None
