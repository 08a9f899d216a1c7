"""POST position/switch-mode: one-way or hedge, by symbol (docs/v5/position/position-mode)."""

from ..base import errors, params
from ..base.behaviour import UnchangedMode
from ..base.errors import ApiError
from .request import Call, Outcome

_ONE_WAY, _HEDGE = 0, 3


def switch_mode(call: Call) -> Outcome:
    """Switch one symbol, or with `coin` every symbol that settles in that coin.

    Raises:
        ApiError: 110024: there is a position; 110028: there are open orders; 110025: the mode is
            the same already; by coin a switch decides whether that is refused.
    """
    fields, venue, account = call.fields, call.venue, call.owner
    mode = params.integer(fields, "mode", -1)
    if mode not in {_ONE_WAY, _HEDGE}:
        raise errors.parameter("params error: mode invalid")
    symbol, coin = params.text(fields, "symbol"), params.text(fields, "coin")
    if symbol:
        venue.spec(symbol)
    elif not coin:
        raise errors.missing("symbol or coin")
    names = (
        [symbol] if symbol else [n for n, s in venue.instruments.items() if s.settle_coin == coin]
    )
    changing = [name for name in names if account.is_hedged(name) is not (mode == _HEDGE)]
    if not changing:
        if not symbol and venue.behaviour.unchanged_mode is UnchangedMode.SUCCESS:
            return Outcome({})
        raise ApiError(110025, "Position mode has not been modified.")
    if any(account.position_at(name, idx).size for name in changing for idx in (0, 1, 2)):
        raise ApiError(
            110024, "You have an existing position, so the position mode cannot be switched."
        )
    if any(account.open_orders(name) for name in changing):
        raise ApiError(
            110028, "You have existing open orders, so the position mode cannot be switched."
        )
    account.modes.update(dict.fromkeys(changing, mode == _HEDGE))
    return Outcome({})
