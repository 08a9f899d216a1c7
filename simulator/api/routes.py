"""The routes: which function serves which path, and its default rate limit."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ..base.behaviour import Behaviour
from ..base.params import Params
from ..market.accounts import Account
from ..market.venue import Venue
from . import batches, position_mode, public, reads, trading_stop, user, writes
from .account import (
    balance,
    closed_pnl,
    coins,
    disconnection,
    fees,
    info,
    leverage,
    transactions,
)
from .data import book, deliveries, figures, tickers, trades
from .request import Call, Outcome
from .writes import Ack


@dataclass(frozen=True, slots=True)
class Route:
    """One endpoint.

    Attributes:
        serve: answers a call.
        limit: requests a second and UID, or orders of a batch; None if only the IP limit applies.
        batch: whether a request has several orders.
        is_linear: whether a signed request has to name the category.
        is_about_key: whether hosts may lack it, see `Behaviour.key_endpoint`.
    """

    serve: Callable[[Call], Outcome]
    limit: int | None = None
    batch: bool = False
    is_about_key: bool = False
    is_linear: bool = True

    @property
    def by_category(self) -> bool:
        """Whether a request has to name the category."""
        return self.signed and self.is_linear

    @property
    def signed(self) -> bool:
        """Whether requests must be signed by an account."""
        return self.limit is not None


def _single(write: Callable[[Venue, Account, Params], Ack]) -> Callable[[Call], Outcome]:
    def serve(call: Call) -> Outcome:
        ack = write(call.venue, call.owner, call.fields)
        return Outcome({"orderId": ack.order_id, "orderLinkId": ack.link_id})

    return serve


WRITES, READS, KEYS, SETTINGS = 10, 50, 10, 5
"""The default limits of writes, of reads, of query-api and of settings (docs/v5/rate-limit)."""

ROUTES: Mapping[tuple[str, str], Route] = {
    ("GET", "/v5/market/time"): Route(public.server_time),
    ("GET", "/v5/market/instruments-info"): Route(public.instruments),
    ("GET", "/v5/market/tickers"): Route(tickers.tickers),
    ("GET", "/v5/market/price-limit"): Route(public.price_limit),
    ("GET", "/v5/market/kline"): Route(public.kline),
    ("GET", "/v5/market/mark-price-kline"): Route(public.mark_kline),
    ("GET", "/v5/market/index-price-kline"): Route(public.index_kline),
    ("GET", "/v5/market/premium-index-price-kline"): Route(public.premium_kline),
    ("GET", "/v5/market/orderbook"): Route(book.orderbook),
    ("GET", "/v5/market/recent-trade"): Route(trades.recent_trades),
    ("GET", "/v5/market/funding/history"): Route(figures.funding_history),
    ("GET", "/v5/market/risk-limit"): Route(figures.risk_limit),
    ("GET", "/v5/market/open-interest"): Route(figures.open_interest),
    ("GET", "/v5/market/account-ratio"): Route(figures.account_ratio),
    ("GET", "/v5/market/delivery-price"): Route(deliveries.delivery_prices),
    ("GET", "/v5/system/status"): Route(figures.maintenance),
    ("POST", "/v5/order/create"): Route(_single(writes.create), WRITES),
    ("POST", "/v5/order/amend"): Route(_single(writes.amend), WRITES),
    ("POST", "/v5/order/cancel"): Route(_single(writes.cancel), WRITES),
    ("POST", "/v5/order/cancel-all"): Route(batches.cancel_all, WRITES),
    ("POST", "/v5/order/create-batch"): Route(batches.create_batch, WRITES, batch=True),
    ("POST", "/v5/order/amend-batch"): Route(batches.amend_batch, WRITES, batch=True),
    ("POST", "/v5/order/cancel-batch"): Route(batches.cancel_batch, WRITES, batch=True),
    ("POST", "/v5/position/trading-stop"): Route(trading_stop.set_trading_stop, WRITES),
    ("POST", "/v5/position/switch-mode"): Route(position_mode.switch_mode, WRITES),
    ("GET", "/v5/order/realtime"): Route(reads.realtime, READS),
    ("GET", "/v5/order/history"): Route(reads.history, READS),
    ("GET", "/v5/execution/list"): Route(reads.executions, READS),
    ("GET", "/v5/position/list"): Route(reads.positions, READS),
    ("GET", "/v5/user/query-api"): Route(user.query_api, KEYS, is_about_key=True, is_linear=False),
    ("GET", "/v5/account/info"): Route(info.account_info, READS, is_linear=False),
    ("GET", "/v5/account/wallet-balance"): Route(balance.wallet_balance, READS, is_linear=False),
    ("GET", "/v5/account/fee-rate"): Route(fees.fee_rate, SETTINGS, is_linear=False),
    ("POST", "/v5/account/set-margin-mode"): Route(info.set_margin_mode, SETTINGS, is_linear=False),
    ("GET", "/v5/asset/coin/query-info"): Route(coins.query_info, SETTINGS, is_linear=False),
    ("POST", "/v5/position/set-leverage"): Route(leverage.set_leverage, WRITES),
    ("GET", "/v5/account/transaction-log"): Route(
        transactions.transaction_log, READS, is_linear=False
    ),
    ("POST", "/v5/order/disconnected-cancel-all"): Route(
        disconnection.set_window, SETTINGS, is_linear=False
    ),
    ("GET", "/v5/account/query-dcp-info"): Route(disconnection.query, SETTINGS, is_linear=False),
    ("GET", "/v5/asset/delivery-record"): Route(deliveries.delivery_records, SETTINGS),
    ("GET", "/v5/position/closed-pnl"): Route(closed_pnl.closed_pnl, READS),
}


def route_of(method: str, path: str, behaviour: Behaviour) -> Route | None:
    """The route of a path; None where this exchange has no such path."""
    route = ROUTES.get((method, path))
    if route is not None and route.is_about_key and not behaviour.key_endpoint:
        return None
    return route
