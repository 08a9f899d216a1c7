"""What an instrument lets an order be: tick, quantity step, minimums and maximum."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Context, Decimal, InvalidOperation

from .errors import ConfigurationError

ZERO = Decimal(0)
BOUNDLESS = Decimal("Infinity")
MAX_DIGITS = 18
UNLISTED = "is not traded: the exchange has no such contract"
"""What a run says of a symbol that the exchange does not list; pages about orders look for it."""


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
        min_price: the lowest price of an order.
        max_price: the highest.
        halted: the contract's status, in the exchange's words, while it takes no orders; empty
            while it does.
        settle_coin: the coin that it settles in; empty if the exchange does not say.
        expires_at: when a dated future is delivered, or a perpetual delisted; None for never.
        ended: whether that has happened, as the exchange says: no order of it rests any more, where
            its position is gone as well.
        max_market: largest quantity of a market order; 0 if the exchange does not say.
    """

    symbol: str
    tick: Decimal
    quantity_step: Decimal
    min_quantity: Decimal
    max_quantity: Decimal
    min_notional: Decimal = ZERO
    min_price: Decimal = ZERO
    max_price: Decimal = BOUNDLESS
    halted: str = ""
    settle_coin: str = ""
    expires_at: datetime | None = None
    ended: bool = False
    max_market: Decimal = ZERO

    @property
    def largest_market(self) -> Decimal:
        """The largest market order, in whole steps."""
        return self.quantity(self.steps(self.max_market or self.max_quantity))

    @property
    def largest_limit(self) -> Decimal:
        """The largest limit order, in whole steps."""
        return self.quantity(self.steps(self.max_quantity))

    def steps(self, quantity: Decimal) -> int:
        """How many whole quantity steps fit into ``quantity``."""
        return int(quantity // self.quantity_step)

    def quantity(self, steps: int) -> Decimal:
        """The quantity of this many steps, exactly."""
        return self.quantity_step * steps

    def rounded_up(self, quantity: Decimal) -> Decimal:
        """The smallest number of whole steps that is no less than ``quantity``."""
        whole = self.quantity(self.steps(quantity))
        return whole if whole >= quantity else whole + self.quantity_step

    def refuses(self, price: Decimal) -> str:
        """Why no order can be placed at that price, as a predicate for people; empty if one can."""
        if price % self.tick:
            return f"is not a multiple of the tick size {plain(self.tick)}"
        if price < self.min_price:
            return f"is below the exchange's lowest price {plain(self.min_price)}"
        if price > self.max_price:
            return f"is above the exchange's highest price {plain(self.max_price)}"
        return ""

    def has_expired(self, now: datetime) -> bool:
        """Whether the contract has been delivered or delisted by now."""
        return self.expires_at is not None and now >= self.expires_at

    def allows(self, quantity: Decimal, price: Decimal) -> bool:
        """Whether an order of this size at this price is above the exchange's minimums."""
        return quantity >= self.min_quantity and quantity * price >= self.min_notional

    def smallest(self, price: Decimal) -> Decimal:
        """The smallest quantity, in whole steps, that an order at this price may have."""
        least = self.rounded_up(max(self.min_quantity, self.min_notional / price))
        return least if self.allows(least, price) else least + self.quantity_step


def figures(rules: Instrument) -> tuple[tuple[str, Decimal], ...]:
    """The figures that orders are held to, each by its name for people."""
    return (
        ("tick size", rules.tick),
        ("quantity step", rules.quantity_step),
        ("smallest order", rules.min_quantity),
        ("largest order", rules.max_quantity),
        ("smallest order value", rules.min_notional),
        ("lowest price", rules.min_price),
        ("highest price", rules.max_price),
    )


def changed_rules(before: Instrument, now: Instrument) -> str:
    """What differs between two states of a contract's rules, for people; empty if nothing."""
    return ", ".join(
        f"{name} {plain(old)} → {plain(new)}"
        for (name, old), (_, new) in zip(figures(before), figures(now), strict=True)
        if old != new
    )


def plain(number: Decimal) -> str:
    """The number as a plain decimal string, without exponent or trailing zeros.

    An exchange takes numbers as such strings; ``str(Decimal("1E-8"))`` is not one that it reads.
    """
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("", "-0") else text


def short(value: Decimal) -> str:
    """The same for people, to eight digits: an average may have many more."""
    return plain(Context(prec=8).create_decimal(value).normalize())


def given_number(
    name: str,
    value: Decimal | str | int,
    error: type[ConfigurationError] = ConfigurationError,
    *,
    zero: bool = False,
) -> Decimal:
    """The number above 0 that a user gave, exactly.

    Args:
        name: what it is, for the message: ``TP1's price``.
        value: a decimal, a string or an int, all of which are exact; floats are not.
        error: what to raise.
        zero: whether 0 is one as well.

    Raises:
        ConfigurationError: it is something else, not above 0, or has too many digits.
    """
    if isinstance(value, bool) or not isinstance(value, Decimal | str | int):
        raise error(f"{name} must be a Decimal, a string or an int, not {value!r}")
    try:
        decimal = Decimal(value)
    except InvalidOperation:
        raise error(f"{name} {value!r} is not a number") from None
    if not decimal.is_finite() or decimal < 0 or (decimal == 0 and not zero):
        raise error(f"{name} must be {'0 or ' if zero else ''}above 0, not {value}")
    _, digits, exponent = decimal.as_tuple()
    if len(digits) > MAX_DIGITS or not -MAX_DIGITS <= int(exponent) <= MAX_DIGITS:
        raise error(f"{name} has more than {MAX_DIGITS} digits: {value}")
    return decimal
