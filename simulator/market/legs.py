"""Take-profit and stop-loss as requests name them: one reading and one check of each.

position/trading-stop sets those of a position; order/create attaches them to an entry, and
order/amend changes what is attached (docs/v5/position/trading-stop, order/create-order,
order/amend-order).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from ..base import errors, params
from ..base.decimals import ZERO, is_multiple, plain
from ..base.params import Params
from . import checks
from .enums import OrderType, Side, StopOrderType, TpslMode, TriggerBy
from .orders import Attached, SimOrder
from .venue import Venue


@dataclass(frozen=True, slots=True)
class Leg:
    """A take-profit or a stop-loss.

    Attributes:
        name: the name of the trigger price's field.
        prefix: what the names of the other fields begin with.
        kinds: the order's kind, by mode.
        gains: whether it closes the position at a gain.
    """

    name: str
    prefix: str
    kinds: Mapping[TpslMode, StopOrderType] = field(hash=False)
    gains: bool

    @property
    def limit_field(self) -> str:
        """The name of the field with the price of a limit order."""
        return f"{self.prefix}LimitPrice"

    @property
    def type_field(self) -> str:
        """The name of the field with the type of the order."""
        return f"{self.prefix}OrderType"

    @property
    def by_field(self) -> str:
        """The name of the field with the price that triggers it."""
        return f"{self.prefix}TriggerBy"

    def of(self, order: SimOrder) -> Attached | None:
        """This leg of what is attached to an order; None if there is none."""
        found = (each for each in order.attached if each.kind in self.kinds.values())
        return next(found, None)

    def fields_of(self, attached: Attached) -> dict[str, str]:
        """The fields that attach this."""
        limit = {} if attached.limit is None else {self.limit_field: plain(attached.limit)}
        kind = OrderType.MARKET if attached.limit is None else OrderType.LIMIT
        return {
            self.name: plain(attached.trigger),
            self.by_field: attached.trigger_by,
            self.type_field: kind,
            **limit,
        }

    def rises(self, side: Side) -> bool:
        """Whether a rising price reaches it, given the position's side."""
        return (side is Side.BUY) is self.gains


LEGS = (
    Leg(
        "takeProfit",
        "tp",
        {
            TpslMode.FULL: StopOrderType.TAKE_PROFIT,
            TpslMode.PARTIAL: StopOrderType.PARTIAL_TAKE_PROFIT,
        },
        gains=True,
    ),
    Leg(
        "stopLoss",
        "sl",
        {
            TpslMode.FULL: StopOrderType.STOP_LOSS,
            TpslMode.PARTIAL: StopOrderType.PARTIAL_STOP_LOSS,
        },
        gains=False,
    ),
)


def read(fields: Params, leg: Leg, mode: TpslMode) -> Attached | None:
    """Read one leg; only its form is checked. None if the fields do not name it; trigger 0 is none.

    Raises:
        ApiError: 10001: a field is malformed, Full mode has a limit order, or a limit order has no
            price.
    """
    trigger = params.number(fields, leg.name)
    by = checks.trigger_by(fields, leg.by_field)
    resting = params.option(fields, leg.type_field, OrderType) is OrderType.LIMIT
    if trigger is None:
        return None
    limit = params.number(fields, leg.limit_field) if resting else None
    if resting and mode is TpslMode.FULL:
        raise errors.parameter("tpslMode Full takes market orders only")
    if resting and trigger and not limit:
        raise errors.missing(leg.limit_field)
    return Attached(leg.kinds[mode], trigger, by, limit)


def check(venue: Venue, symbol: str, side: Side, wanted: Attached, base: Decimal) -> None:
    """Hold a leg to the tick, and to its side of a price.

    Args:
        venue: where the contract is listed.
        symbol: the contract.
        side: the side of the position that it closes.
        wanted: the leg.
        base: the price that it must not have passed.

    Raises:
        ApiError: 10001: a price is off the tick or out of bounds, or on the wrong side.
    """
    leg = next(each for each in LEGS if wanted.kind in each.kinds.values())
    on_tick(venue, symbol, leg.name, wanted.trigger)
    if wanted.limit is not None:
        on_tick(venue, symbol, leg.limit_field, wanted.limit)
    given = (leg.name, wanted.trigger)
    on_side(given, side, base, wanted.trigger_by, rising=leg.rises(side))


def on_tick(venue: Venue, symbol: str, name: str, price: Decimal) -> None:
    """Refuse a price that is not above 0, above the highest, or off the tick (10001)."""
    spec = venue.spec(symbol)
    if not ZERO < price <= spec.max_price or not is_multiple(price, spec.tick):
        raise errors.parameter(f"params error: {name} err")


def on_side(
    given: tuple[str, Decimal], side: Side, base: Decimal, by: str, *, rising: bool
) -> None:
    """Refuse a trigger, given by name and price, that the base has passed (ccxt/ccxt#21031)."""
    name, trigger = given
    if (trigger <= base) if rising else (trigger >= base):
        raise errors.wrong_side(name, str(side), trigger, base, by, higher=rising)


def read_all(fields: Params, order: SimOrder) -> tuple[Attached, ...]:
    """Read what the fields of order/create attach to an order; only their form is checked.

    Raises:
        ApiError: 10001: see :func:`read`; or the order is reduce-only.
    """
    mode = params.option(fields, "tpslMode", TpslMode) or TpslMode.FULL
    found = {leg: read(fields, leg, mode) for leg in LEGS}
    return _for_entry(order, found)


def amended(fields: Params, order: SimOrder) -> tuple[Attached, ...]:
    """Read what an amend leaves attached to an order: what it does not name stays, "0" removes.

    Without a tpslMode the mode stays too.

    Raises:
        ApiError: 10001: see :func:`read`; the order is reduce-only, a field belongs to a leg that
            is not there, or a limit price to one that is no limit order.
    """
    mode = params.option(fields, "tpslMode", TpslMode)
    if mode is None:
        mode = TpslMode(order.attached[0].kind.tpsl_mode) if order.attached else TpslMode.FULL
    found = {leg: _amended(fields, leg, mode, leg.of(order)) for leg in LEGS}
    return _for_entry(order, found)


def check_attached(venue: Venue, order: SimOrder) -> None:
    """Hold what is attached to an order to the tick, and to the side of the entry's price.

    That is the limit price, or a conditional market order's trigger price; a market order meets
    the price that triggers the leg. Bybit's pages do not say which; a market order was held to the
    last price (ccxt/ccxt#19089).

    Raises:
        ApiError: 10001: see :func:`check`.
    """
    for each in order.attached:
        market = venue.board.at(order.symbol, TriggerBy(each.trigger_by))
        entry = order.trigger_price if order.order_type is OrderType.MARKET else order.price
        check(venue, order.symbol, order.side, each, entry or market)


def _amended(fields: Params, leg: Leg, mode: TpslMode, old: Attached | None) -> Attached | None:
    was = {} if old is None else leg.fields_of(old)
    names = (leg.name, leg.by_field, leg.type_field, leg.limit_field)
    given = {name: fields[name] for name in names if params.text(fields, name)}
    found = read({**was, **given}, leg, mode)
    if given and found is None:
        raise errors.missing(leg.name)
    if leg.limit_field in given and found is not None and found.limit is None and found.trigger:
        raise errors.parameter(f"params error: {leg.limit_field} err: it is no limit order")
    return found


def _for_entry(order: SimOrder, found: Mapping[Leg, Attached | None]) -> tuple[Attached, ...]:
    """The legs that there are; a reduce-only order can have none (docs/v5/order/create-order)."""
    kept = {leg: each for leg, each in found.items() if each is not None and each.trigger}
    if kept and order.reduce_only:
        raise errors.parameter(f"{next(iter(kept)).name} can not be set for a reduce-only order")
    return tuple(kept.values())
