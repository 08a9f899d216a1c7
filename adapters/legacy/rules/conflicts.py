"""Findings that need price ranks, the roles of orders, or the instrument's rules."""

from collections.abc import Iterator, Mapping

from ....domain.model.instrument import plain
from ....domain.recognition.classify import suggest
from .adopting import LeftOrder, Taken
from .contracts import KnownRules
from .flags import Finding, Flag
from .roles import Misfit
from .state import LegacyState

_OF_MISFIT: Mapping[Misfit, Flag] = {
    Misfit.PSEUDO: Flag.PSEUDO,
    Misfit.STOP_ID: Flag.STOP_AS_TP,
    Misfit.STOP: Flag.STOP_AS_TP,
    Misfit.CONDITIONAL: Flag.CONDITIONAL_TP,
    Misfit.SAME_AS_STOP: Flag.STOP_AS_TP,
    Misfit.ENTRY: Flag.FOREIGN,
    Misfit.FOREIGN: Flag.FOREIGN,
    Misfit.OTHER_ACCOUNT: Flag.OTHER_ACCOUNT,
    Misfit.TWICE: Flag.TWICE,
}


def conflicts(state: LegacyState, taken: Taken, rules: KnownRules) -> tuple[Finding, ...]:
    """The contradictions in what was adopted from the state, and in what was left."""
    return (
        *_roles(taken),
        *_levels(taken),
        *_shared_prices(taken),
        *_off_rules(state, rules),
        *_ladder(state, taken),
    )


def _roles(taken: Taken) -> Iterator[Finding]:
    by_flag: dict[Flag, list[str]] = {}
    for left in taken.left:
        flag = _flag_of(left)
        if flag is not None:
            by_flag.setdefault(flag, []).append(left.order.name)
    for flag, names in by_flag.items():
        yield Finding(flag, ", ".join(names))


def _flag_of(left: LeftOrder) -> Flag | None:
    if left.misfit is Misfit.NO_PRICE:
        return Flag.STOP_AS_TP if left.order.is_open else None
    return None if left.misfit is None else _OF_MISFIT.get(left.misfit)


def _levels(taken: Taken) -> Iterator[Finding]:
    """Orders whose id has a reliable level that is not the rank of their price."""
    differing = [
        f"{order.order_link_id} is TP{order.level}"
        for order in taken.orders
        if suggest(order.order_link_id).level not in (None, order.level)
    ]
    if differing:
        yield Finding(Flag.LEVEL_CONFLICT, ", ".join(differing))


def _shared_prices(taken: Taken) -> Iterator[Finding]:
    resting = [order for order in taken.orders if order.status.may_rest]
    prices = [order.price for order in resting]
    shared = sorted({price for price in prices if prices.count(price) > 1})
    if shared:
        yield Finding(Flag.ONE_PRICE, ", ".join(map(plain, shared)))


def _off_rules(state: LegacyState, rules: KnownRules) -> Iterator[Finding]:
    named = [(f"position {plain(state.size)}", state.size)] if state.size else []
    named += [
        (f"{order.name} {plain(order.quantity)}", order.quantity)
        for order in state.take_profits
        if order.quantity
    ]
    off_step = [name for name, quantity in named if rules.is_off_step(quantity)]
    if off_step:
        yield Finding(Flag.OFF_STEP, ", ".join(off_step))
    off_tick = [o for o in state.take_profits if o.price and rules.is_off_tick(o.price)]
    if off_tick:
        yield Finding(Flag.OFF_TICK, ", ".join(f"{o.name} at {plain(o.price)}" for o in off_tick))


def _ladder(state: LegacyState, taken: Taken) -> Iterator[Finding]:
    if taken.ladder is None and any(order.price for order in state.take_profits):
        yield Finding(Flag.LADDER_INVALID, taken.without_ladder)
