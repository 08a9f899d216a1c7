"""Contracts: tick, step and limits, and their row in market/instruments-info."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ..base.bounds import from_zero, is_name, is_symbol, one_of, within
from ..base.decimals import Exact, exact, plain

MAX_LEVERAGE = Decimal("50.00")
"""The highest leverage of every contract."""
FUNDING_MINUTES = 480
"""How often perpetuals are funded: at 00:00, 08:00 and 16:00 UTC (docs/v5/market/instrument)."""

STATUSES = ("Trading", "PreLaunch", "Delivering", "Settling", "Closed")
"""The statuses that this simulator knows; a newer Bybit may have more (docs/v5/enum)."""
PHASES = (
    "",
    "NotStarted",
    "CallAuction",
    "CallAuctionNoCancel",
    "CrossMatching",
    "ContinuousTrading",
    "Finished",
)
"""The phases of PreLaunch that it knows."""
CATEGORIES = ("linear", "inverse", "option", "spot")
FUNDING_CAP = "0.00375"
"""The highest funding rate of every contract."""


@dataclass(frozen=True, slots=True, kw_only=True, init=False)
class InstrumentSpec:
    """One contract (docs/v5/market/instrument). Numbers are Decimal or their text.

    Attributes:
        symbol: the contract's name.
        tick: the step of prices.
        step: the step of quantities.
        min_quantity: the smallest order.
        max_quantity: the largest limit order.
        max_market_quantity: the largest market order.
        min_notional: the smallest price × quantity.
        min_price: the lowest price.
        max_price: the highest price.
        price_limit_ratio: how far a buy may be above the market, or a sell below, as a ratio.
        settle_coin: the coin that the contract settles in.
        status: Trading, PreLaunch, Delivering, Settling or Closed; the exchange takes orders while
            it is Trading, and in one phase of PreLaunch.
        phase: of PreLaunch: NotStarted, CallAuction, CallAuctionNoCancel, CrossMatching,
            ContinuousTrading, in which it takes orders, or Finished.
        delivery_ms: when a dated future is delivered, or a perpetual delisted, in milliseconds
            since the epoch; 0 for never.
        funding_rate: what longs pay shorts at each funding hour, as a ratio of the position's
            value; negative, and shorts pay longs; 0, the default: nobody pays. Perpetuals only.
        category: linear, which can be traded; or inverse, option or spot, of which there is no
            more than the row in market/instruments-info.
    """

    symbol: str
    tick: Decimal
    step: Decimal
    min_quantity: Decimal
    max_quantity: Decimal
    max_market_quantity: Decimal
    min_notional: Decimal
    min_price: Decimal
    max_price: Decimal
    price_limit_ratio: Decimal
    settle_coin: str
    status: str
    phase: str
    delivery_ms: int
    category: str
    funding_rate: Decimal

    def __init__(  # noqa: PLR0913 - an instrument has this many figures
        self,
        *,
        symbol: str,
        tick: Exact,
        step: Exact,
        min_quantity: Exact,
        max_quantity: Exact,
        max_market_quantity: Exact | None = None,
        min_notional: Exact = "5",
        min_price: Exact | None = None,
        max_price: Exact = "1999999",
        price_limit_ratio: Exact = "0.05",
        settle_coin: str = "USDT",
        status: str = "Trading",
        phase: str = "",
        delivery_ms: int = 0,
        category: str = "linear",
        funding_rate: Exact = "0",
    ) -> None:
        market = max_quantity if max_market_quantity is None else max_market_quantity
        figures = {
            "tick": tick,
            "step": step,
            "min_quantity": min_quantity,
            "max_quantity": max_quantity,
            "max_market_quantity": market,
            "min_notional": min_notional,
            "min_price": tick if min_price is None else min_price,
            "max_price": max_price,
            "price_limit_ratio": price_limit_ratio,
            "funding_rate": funding_rate,
        }
        for name, figure in figures.items():
            object.__setattr__(self, name, exact(figure))
            if name != "funding_rate":
                from_zero(name, figure)
        is_symbol("symbol", symbol)
        is_name("settle_coin", settle_coin)
        one_of("category", category, CATEGORIES)
        within("delivery_ms", delivery_ms)
        texts = {"symbol": symbol, "settle_coin": settle_coin, "status": status, "phase": phase}
        for name, text in {**texts, "category": category}.items():
            object.__setattr__(self, name, text)
        object.__setattr__(self, "delivery_ms", delivery_ms)
        if self.tick <= 0 or self.step <= 0:
            raise ValueError(f"the tick and the step of {symbol} must be positive")

    @property
    def is_pre_market(self) -> bool:
        """Whether the contract is listed before its launch."""
        return self.status == "PreLaunch"

    @property
    def takes_orders(self) -> bool:
        """Whether orders can be placed, amended and cancelled."""
        is_continuous = self.is_pre_market and self.phase == "ContinuousTrading"
        return self.status == "Trading" or is_continuous

    @property
    def base_coin(self) -> str:
        """The coin that quantities are counted in."""
        name, _, _ = self.symbol.partition("-")
        return name.removesuffix(self.settle_coin).removesuffix("PERP")

    @property
    def contract_type(self) -> str:
        """The contractType of its row."""
        return f"{self.category.title()}{'Futures' if '-' in self.symbol else 'Perpetual'}"

    @property
    def is_funded(self) -> bool:
        """Whether its positions pay funding: perpetuals at a rate that is not 0."""
        return self.category == "linear" and "-" not in self.symbol and self.funding_rate != 0

    def row(self) -> dict[str, Any]:
        """The row of market/instruments-info."""
        exponent = self.tick.normalize().as_tuple().exponent
        scale = max(0, -exponent) if isinstance(exponent, int) else 0
        return {
            "symbol": self.symbol,
            "contractType": self.contract_type,
            "status": self.status,
            "baseCoin": self.base_coin,
            "quoteCoin": self.settle_coin,
            "launchTime": "1585526400000",
            "deliveryTime": str(self.delivery_ms),
            "deliveryFeeRate": "",
            "priceScale": str(scale),
            "leverageFilter": {
                "minLeverage": "1",
                "maxLeverage": plain(MAX_LEVERAGE),
                "leverageStep": "0.01",
            },
            "priceFilter": {
                "minPrice": plain(self.min_price),
                "maxPrice": plain(self.max_price),
                "tickSize": plain(self.tick),
            },
            "lotSizeFilter": {
                "maxOrderQty": plain(self.max_quantity),
                "minOrderQty": plain(self.min_quantity),
                "qtyStep": plain(self.step),
                "postOnlyMaxOrderQty": plain(self.max_quantity),
                "maxMktOrderQty": plain(self.max_market_quantity),
                "minNotionalValue": plain(self.min_notional),
            },
            "unifiedMarginTrade": True,
            "fundingInterval": FUNDING_MINUTES,
            "settleCoin": self.settle_coin,
            "copyTrading": "both",
            "upperFundingRate": FUNDING_CAP,
            "lowerFundingRate": f"-{FUNDING_CAP}",
            "isPreListing": self.is_pre_market,
            "preListingInfo": self._pre_listing() if self.is_pre_market else None,
            "riskParameters": {
                "priceLimitRatioX": plain(self.price_limit_ratio),
                "priceLimitRatioY": plain(2 * self.price_limit_ratio),
            },
            "symbolType": "",
        }

    def _pre_listing(self) -> dict[str, Any]:
        return {
            "curAuctionPhase": self.phase or "NotStarted",
            "phases": [],
            "auctionFeeInfo": {
                "auctionFeeRate": "0",
                "takerFeeRate": "0.001",
                "makerFeeRate": "0.0004",
            },
        }
