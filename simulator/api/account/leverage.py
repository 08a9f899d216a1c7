"""POST position/set-leverage: how much margin positions need (docs/v5/position/leverage)."""

from decimal import Decimal

from ...base import errors, params
from ...base.decimals import ZERO
from ...base.errors import ApiError
from ...market.enums import Side
from ...market.instruments import MAX_LEVERAGE
from ...wallet import margin
from ..request import Call, Outcome


def set_leverage(call: Call) -> Outcome:
    """Set the leverage of both sides; in one-way mode they must be the same.

    Raises:
        ApiError: 10001: a leverage is missing, too low or too high, or the two differ in one-way
            mode; 110043: nothing would change; 110044: open positions would need more margin than
            there is.
    """
    fields, account = call.fields, call.owner
    symbol = call.venue.spec(params.required(fields, "symbol")).symbol
    wanted = {
        (symbol, Side.BUY): _leverage(call, "buyLeverage"),
        (symbol, Side.SELL): _leverage(call, "sellLeverage"),
    }
    buy, sell = wanted.values()
    if buy != sell and not account.is_hedged(symbol):
        raise errors.parameter("buy leverage not equal sell leverage")
    if all(account.leverage(*key) == value for key, value in wanted.items()):
        raise ApiError(110043, "Set leverage has not been modified.")
    before = dict(account.leverages)
    account.leverages.update(wanted)
    grows = any(value < before.get(key, value) for key, value in wanted.items())
    if grows and margin.available(call.venue, account) < ZERO:
        account.leverages = before
        raise ApiError(110044, "Available margin is insufficient.")
    return Outcome({})


def _leverage(call: Call, name: str) -> Decimal:
    params.required(call.fields, name)
    value = params.number(call.fields, name) or ZERO
    if not 1 <= value <= MAX_LEVERAGE:
        raise errors.parameter(f"params error: {name} must be from 1 to {MAX_LEVERAGE}")
    return value
