"""Margin: what positions and orders need, and what is left (docs/v5/account/wallet-balance).

A position needs its value at the mark price, divided by its leverage; an active order that opens
a position needs its own value, divided in the same way. Conditional orders need none until they
trigger (docs/v5/order/create-order). Bybit adds the fee of a liquidation, and has a risk limit for
each size: here there is none of the first, and one of the second. USDT and USDC are worth 1 USD.
"""

from dataclasses import dataclass
from decimal import Decimal

from ..base import errors
from ..base.decimals import ZERO
from ..market.accounts import Account
from ..market.enums import OrderType, Side
from ..market.orders import SimOrder
from ..market.positions import SimPosition
from ..market.venue import Venue

MAINTENANCE = Decimal("0.01")
"""The maintenance margin of a position, as a ratio of its value; half of the lowest initial one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CoinFigures:
    """What there is of a coin, and what it is needed for.

    Attributes:
        balance: the wallet balance.
        unrealised: the profit of open positions at the mark price.
        positions: the initial margin of positions.
        orders: the initial margin of orders.
        maintenance: the maintenance margin of positions.
        realised: all that was realised since the deposit: results, fees, funding.
    """

    balance: Decimal
    unrealised: Decimal = ZERO
    positions: Decimal = ZERO
    orders: Decimal = ZERO
    maintenance: Decimal = ZERO
    realised: Decimal = ZERO

    @property
    def equity(self) -> Decimal:
        """The balance with what is not realised yet."""
        return self.balance + self.unrealised

    @property
    def available(self) -> Decimal:
        """The equity less what positions and orders need; negative if the coin is short."""
        return self.equity - self.positions - self.orders


def figures(venue: Venue, account: Account) -> dict[str, CoinFigures]:
    """The figures of every coin that the account has, has had, or has positions in."""
    coins = {spec.settle_coin for spec in venue.listed()} | account.wallet.keys()
    return {coin: _figures(venue, account, coin) for coin in sorted(coins, reverse=True)}


def position_margin(position: SimPosition, mark: Decimal, leverage: Decimal) -> Decimal:
    """The initial margin of a position."""
    return position.size * mark / leverage


def unrealised(position: SimPosition, mark: Decimal) -> Decimal:
    """The profit of a position at the mark price."""
    gain = position.size * (mark - position.average_price)
    return -gain if position.side is Side.SELL else gain


def order_margin(venue: Venue, account: Account, order: SimOrder) -> Decimal:
    """The initial margin of an order: of the part that does not close a position."""
    if order.reduce_only or order.is_conditional:
        return ZERO
    held = account.position_at(order.symbol, order.position_idx)
    opening = max(order.quantity - order.filled - held.room_for(order.side), ZERO)
    market = order.order_type is OrderType.MARKET
    price = venue.prices[order.symbol] if market else order.price
    return opening * price / account.leverage(order.symbol, order.side)


def require(
    venue: Venue, account: Account, order: SimOrder, instead: SimOrder | None = None
) -> None:
    """Refuse an order that needs more margin than is available.

    Args:
        venue: the exchange.
        account: whose order it is.
        order: the new order, or the amended one.
        instead: the order as it was before the amend, whose margin it gets.

    Raises:
        ApiError: 110007.
    """
    if not suffices(venue, account, order, instead):
        raise errors.short_of_margin()


def suffices(
    venue: Venue, account: Account, order: SimOrder, instead: SimOrder | None = None
) -> bool:
    """Whether there is enough margin for an order; see `require`."""
    needed = order_margin(venue, account, order)
    if instead is not None:
        needed -= order_margin(venue, account, instead)
    return needed <= ZERO or needed <= available(venue, account)


def available(venue: Venue, account: Account) -> Decimal:
    """What new orders may need: equity less initial margin, over all coins, in USD.

    That is totalAvailableBalance of the regular margin mode; in the others it is the same here.
    """
    return sum((each.available for each in figures(venue, account).values()), ZERO)


def _figures(venue: Venue, account: Account, coin: str) -> CoinFigures:
    held = [
        position
        for position in account.positions.values()
        if position.side is not None and venue.instruments[position.symbol].settle_coin == coin
    ]
    waiting = [
        order
        for order in (*account.orders.values(), *account.pending.values())
        if venue.instruments[order.symbol].settle_coin == coin
    ]
    value = sum((each.size * venue.mark(each.symbol) for each in held), ZERO)
    balance = account.wallet.get(coin, ZERO)
    return CoinFigures(
        balance=balance,
        unrealised=sum((unrealised(each, venue.mark(each.symbol)) for each in held), ZERO),
        positions=sum((_margin_of(venue, account, each) for each in held), ZERO),
        orders=sum((order_margin(venue, account, each) for each in waiting), ZERO),
        maintenance=value * MAINTENANCE,
        realised=balance - account.deposits.get(coin, ZERO),
    )


def _margin_of(venue: Venue, account: Account, position: SimPosition) -> Decimal:
    leverage = account.leverage(position.symbol, position.side or Side.BUY)
    return position_margin(position, venue.mark(position.symbol), leverage)
