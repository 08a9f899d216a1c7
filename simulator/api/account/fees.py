"""GET account/fee-rate: what fills cost (docs/v5/account/fee-rate)."""

from ...base import errors, params
from ...base.decimals import plain
from ...market.ledger import MAKER_FEE, TAKER_FEE
from ..request import Call, Outcome


def fee_rate(call: Call) -> Outcome:
    """The fee rates of one contract, or of all; other categories than linear have none.

    Raises:
        ApiError: 10001: there is no such symbol.
    """
    fields, venue = call.fields, call.venue
    category = params.text(fields, "category") or "linear"
    symbol = params.text(fields, "symbol")
    if category != "linear":
        raise errors.parameter("category must be linear: nothing else is simulated")
    wanted = [venue.spec(symbol)] if symbol else venue.listed()
    return Outcome(
        {
            "list": [
                {
                    "symbol": spec.symbol,
                    "takerFeeRate": plain(TAKER_FEE),
                    "makerFeeRate": plain(MAKER_FEE),
                }
                for spec in wanted
                if spec.category == category
            ]
        }
    )
