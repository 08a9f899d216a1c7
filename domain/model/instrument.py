"""What an instrument lets an order be: tick, quantity step, minimums and maximum."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Instrument:
    """The rules of one linear contract.

    Attributes:
        symbol: upper case, as the exchange names it.
        tick: smallest price difference.
        quantity_step: smallest quantity difference, in base coin.
        min_quantity: smallest quantity of an order.
        max_quantity: largest quantity of a limit order.
        min_notional: smallest price x quantity of an order, in quote coin; 0 if there is none.
        halted: the contract's status, in the exchange's words, while it takes no orders; empty
            while it does.
        settle_coin: the coin that it settles in; empty if the exchange does not say.
        expires_at: when a dated future is delivered, or a perpetual delisted; None for never.
    """

    symbol: str
    tick: Decimal
    quantity_step: Decimal
    min_quantity: Decimal
    max_quantity: Decimal
    min_notional: Decimal = ZERO
    halted: str = ""
    settle_coin: str = ""
    expires_at: datetime | None = None

    def steps(self, quantity: Decimal) -> int:
        """How many whole quantity steps fit into ``quantity``."""
        return int(quantity // self.quantity_step)

    def quantity(self, steps: int) -> Decimal:
        """The quantity of this many steps, exactly."""
        return self.quantity_step * steps

    def has_expired(self, now: datetime) -> bool:
        """Whether the contract has been delivered or delisted by now."""
        return self.expires_at is not None and now >= self.expires_at

    def on_tick(self, price: Decimal) -> bool:
        """Whether the price is a whole number of ticks."""
        return price % self.tick == 0

    def allows(self, quantity: Decimal, price: Decimal) -> bool:
        """Whether an order of this size at this price is above the exchange's minimums."""
        return quantity >= self.min_quantity and quantity * price >= self.min_notional


def plain(number: Decimal) -> str:
    """The number as a plain decimal string, without exponent or trailing zeros.

    An exchange takes numbers as such strings; ``str(Decimal("1E-8"))`` is not one that it reads.
    """
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("", "-0") else text
