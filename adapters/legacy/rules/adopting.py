"""Adopting a legacy state: its ladder, and its take-profits as adopted orders.

Everything else is left alone and reported; stop-losses and entries are never adopted (promise P6).
Where a stop-loss stood may be taken over, if the user asks for it.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from ....domain.model.instrument import ZERO
from ....domain.model.ladder import Ladder
from ....domain.model.record import Origin, OwnedOrder, OwnedStatus
from .contracts import KnownRules
from .ladder import Levels, StoredLadder, ladder_of, levels_of
from .orders import StoredOrder
from .roles import GIVES_NO_PRICE, Misfit, misfit, usable_id, usable_link
from .state import LegacyState
from .stops import StoredStop, stop_of


@dataclass(frozen=True, slots=True)
class LeftOrder:
    """A stored order that the import leaves alone.

    Attributes:
        what: ``stop-loss``, ``entry`` or ``take-profit``.
        why: in one clause; empty if its kind says it all.
        misfit: for a stored take-profit.
    """

    what: str
    order: StoredOrder
    why: str = ""
    misfit: Misfit | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """What is adopted from a state, and what is left.

    Attributes:
        stop: the stop of the state; None where nobody asked for it.
    """

    ladder: Ladder | None
    orders: tuple[OwnedOrder, ...]
    left: tuple[LeftOrder, ...]
    shares_from: str = ""
    without_ladder: str = ""
    stop: StoredStop | None = None


def adopt(state: LegacyState, rules: KnownRules, *, stops: bool = False) -> Taken:
    """What is adopted from the state.

    Without a ladder no order is adopted either: the engine then recognises the live orders by
    their ids, or copies the main account's ladder, or reports that there is none.

    Args:
        state: the state.
        rules: what is known of the contract.
        stops: whether the stop is taken over, too.
    """
    judged = [(order, misfit(order, state)) for order in state.take_profits]
    priced = [order for order, why in judged if why not in GIVES_NO_PRICE]
    levels = levels_of(priced, state.side, rules)
    stored = ladder_of(levels)
    owned: list[OwnedOrder] = []
    left = list(_others(state))
    for order, why in _checked_again(judged, rules):
        if why is None and stored.ladder is not None:
            owned.append(_owned(order, owned, levels, rules))
        else:
            left.append(LeftOrder("take-profit", order, why or stored.reason, why))
    return _taken(stored, owned, left, stop_of(state, rules) if stops else None)


def _taken(
    stored: StoredLadder, owned: list[OwnedOrder], left: list[LeftOrder], stop: StoredStop | None
) -> Taken:
    orders = tuple(sorted(owned, key=lambda order: (order.level, order.part)))
    return Taken(stored.ladder, orders, tuple(left), stored.shares_from, stored.reason, stop)


def _checked_again(
    judged: list[tuple[StoredOrder, Misfit | None]], rules: KnownRules
) -> Iterator[tuple[StoredOrder, Misfit | None]]:
    """The same, with misfits that only other orders or the instrument's rules reveal."""
    seen: set[str] = set()
    for order, why in judged:
        ids = {name for name in (usable_id(order), usable_link(order)) if name}
        identity = usable_id(order) or usable_link(order)
        if why is None and identity in seen:
            yield order, Misfit.TWICE
        elif why is None and order.is_open and rules.step and (order.quantity or 0) < rules.step:
            yield order, Misfit.BELOW_STEP
        else:
            seen |= ids if why is None else set()
            yield order, why


def _owned(
    order: StoredOrder, before: list[OwnedOrder], levels: Levels, rules: KnownRules
) -> OwnedOrder:
    price = rules.on_tick(order.price)
    level = list(levels).index(price) + 1
    parts = Counter(other.level for other in before)
    names = {other.order_link_id for other in before}
    link = usable_link(order)
    return OwnedOrder(
        level=level,
        part=parts[level] + 1,
        order_link_id=link if link and link not in names else usable_id(order),
        order_id=usable_id(order),
        price=price,
        asked_price=price,
        quantity=order.quantity or ZERO,
        filled=order.filled,
        status=_status(order),
        origin=Origin.ADOPTED,
        reported=order.filled,
    )


def _status(order: StoredOrder) -> OwnedStatus:
    if order.is_filled:
        return OwnedStatus.FILLED
    return OwnedStatus.OPEN if order.is_open else OwnedStatus.CANCELLED


def _others(state: LegacyState) -> Iterator[LeftOrder]:
    if state.stop_loss is not None:
        yield LeftOrder("stop-loss", state.stop_loss)
    for entry in state.entries:
        yield LeftOrder("entry", entry)
