"""The stop that a stored state has: its price, where the state does not contradict itself.

The bot's own stop is a conditional order, which the import leaves alone. What is taken is where it
stood: a fixed price, which trueup sets as the position's own stop. The original bot stored
take-profits as the stop (I13), stops of the other account (I10), and stops that had long filled
while a position was open: none of these says where a stop is wanted.
"""

from dataclasses import dataclass

from ....domain.model.stop import Stop
from ....domain.recognition.classify import Kind, suggest
from .contracts import KnownRules
from .roles import usable_link
from .state import LegacyState


@dataclass(frozen=True, slots=True)
class StoredStop:
    """The stop of a state.

    Attributes:
        stop: the fixed price; None where the state has no usable one.
        reason: why it has none, in one clause; empty where it has.
    """

    stop: Stop | None = None
    reason: str = ""


def stop_of(state: LegacyState, rules: KnownRules) -> StoredStop:
    """The stop whose price the state has on record, on the tick where that is known."""
    order = state.stop_loss
    if order is None:
        return StoredStop(reason="the bot has none on record")
    link = usable_link(order)
    if link and suggest(link).kind is Kind.TAKE_PROFIT:
        return StoredStop(reason=f"what the bot has as its stop, {link}, is a take-profit")
    if order.account and order.account != state.account:
        return StoredStop(reason=f"{order.name} names the account {order.account}")
    if not order.is_open:
        return StoredStop(reason=f"{order.name} is {order.status.lower()}")
    price = rules.on_tick(order.price)
    if not price:
        return StoredStop(reason=f"{order.name} has no price")
    return StoredStop(Stop.of(price=price))
