"""GET asset/coin/query-info: the coins that there are (docs/v5/asset/coin-info)."""

from ...base import params
from ..request import Call, Outcome

_CHAIN = {
    "chain": "ETH",
    "chainType": "Ethereum",
    "confirmation": "6",
    "withdrawFee": "",
    "depositMin": "0",
    "withdrawMin": "0",
    "chainDeposit": "0",
    "chainWithdraw": "0",
    "minAccuracy": "8",
    "withdrawPercentageFee": "0",
    "contractAddress": "",
}
"""A chain whose deposits and withdrawals are suspended: nothing leaves or enters a simulator."""


def query_info(call: Call) -> Outcome:
    """The coins of wallets and contracts, or the one that the request names."""
    venue, wanted = call.venue, params.text(call.fields, "coin")
    coins = call.owner.wallet.keys() | {
        coin for spec in venue.listed() for coin in (spec.base_coin, spec.settle_coin)
    }
    rows = [
        {"name": coin, "coin": coin, "remainAmount": "0", "chains": [dict(_CHAIN)]}
        for coin in sorted(coins)
        if wanted in {"", coin}
    ]
    return Outcome({"rows": rows})
