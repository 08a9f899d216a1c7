"""GET account/wallet-balance: the wallet of a unified account (docs/v5/account/wallet-balance)."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from ...base import errors, params
from ...base.decimals import ZERO
from ...market.accounts import Account
from ...market.venue import Venue
from ...wallet.margin import CoinFigures, figures
from ..request import Call, Outcome
from ..rows import short

ACCOUNT_TYPE = "UNIFIED"


def wallet_balance(call: Call) -> Outcome:
    """The coins that the account has, or those that the request names, and their sums in USD.

    USDT and USDC count as 1 USD. Coins of which there is nothing are left out, unless the request
    names them.

    Raises:
        ApiError: 10001: the accountType is missing, or another one than UNIFIED.
    """
    if params.required(call.fields, "accountType") != ACCOUNT_TYPE:
        raise errors.parameter("accountType only support UNIFIED.")
    wanted = [coin for coin in params.text(call.fields, "coin").split(",") if coin]
    return Outcome({"list": [wallet_row(call.venue, call.owner, wanted)]})


def wallet_row(venue: Venue, account: Account, wanted: Sequence[str] = ()) -> dict[str, Any]:
    """The sums of an account, and the wanted coins, or else those that it has."""
    there = figures(venue, account)
    shown = {coin: there.get(coin, CoinFigures(balance=ZERO)) for coin in wanted} or {
        coin: each for coin, each in there.items() if each.balance or each.unrealised
    }
    coins = [_coin(coin, each) for coin, each in shown.items()]
    return {**_sums(list(there.values())), "coin": coins}


def _sums(coins: list[CoinFigures]) -> dict[str, Any]:
    equity = sum((each.equity for each in coins), ZERO)
    initial = sum((each.positions + each.orders for each in coins), ZERO)
    maintenance = sum((each.maintenance for each in coins), ZERO)
    return {
        "accountType": ACCOUNT_TYPE,
        "accountLTV": "0",
        "accountIMRate": _rate(initial, equity),
        "accountIMRateByMp": _rate(initial, equity),
        "accountMMRate": _rate(maintenance, equity),
        "accountMMRateByMp": _rate(maintenance, equity),
        "totalEquity": short(equity),
        "totalWalletBalance": short(sum((each.balance for each in coins), ZERO)),
        "totalMarginBalance": short(equity),
        "totalAvailableBalance": short(equity - initial),
        "totalPerpUPL": short(sum((each.unrealised for each in coins), ZERO)),
        "totalInitialMargin": short(initial),
        "totalInitialMarginByMp": short(initial),
        "totalMaintenanceMargin": short(maintenance),
        "totalMaintenanceMarginByMp": short(maintenance),
    }


def _coin(coin: str, each: CoinFigures) -> dict[str, Any]:
    return {
        "coin": coin,
        "equity": short(each.equity),
        "usdValue": short(each.equity),
        "walletBalance": short(each.balance),
        "availableToWithdraw": short(max(each.available, ZERO)),
        "availableToBorrow": "",
        "borrowAmount": "0",
        "accruedInterest": "0",
        "totalOrderIM": short(each.orders),
        "totalPositionIM": short(each.positions),
        "totalPositionMM": short(each.maintenance),
        "unrealisedPnl": short(each.unrealised),
        "cumRealisedPnl": short(each.realised),
        "bonus": "0",
        "collateralSwitch": True,
        "marginCollateral": True,
        "locked": "0",
        "spotHedgingQty": "0",
        "spotBorrow": "0",
    }


def _rate(part: Decimal, whole: Decimal) -> str:
    return short(part / whole) if whole > ZERO else "0"
