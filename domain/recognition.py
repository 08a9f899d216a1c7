"""What an order link id suggests about its order: a hint, never a proof.

The original bot looked for ``TP`` and ``SL`` anywhere in the id, and so took stop-losses
(``BOT_TPSL_…``) and symbols (STPTUSDT, SLPUSDT) for take-profits. Here an id counts only if the
whole of it has a form that the original bot or trueup is known to make.
"""

from dataclasses import dataclass

from .identity import Role, Side
from .link_id_families import FAMILIES, Kind
from .order import Order

__all__ = ["LONGEST", "Kind", "Suggestion", "adoptable", "suggest"]

LONGEST = 45
"""The longest id that is read: Bybit documents 36, but orders with up to 45 are on record."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What an id suggests; account, side and price come from the order, never from here.

    Attributes:
        kind: what the order is for; ``FOREIGN`` if the id has no known form.
        level: the level's number as its maker meant it, to be confirmed by the rank of the
            price; None if the id says none, or one that cannot be believed (the original bot's
            mirror set-up wrote the ladder's length in its place).
        role: the role of the account; None if the id does not say.
        family: what made the id; empty for a foreign one.
        entry: the number of the entry order; None for all else.
    """

    kind: Kind
    level: int | None
    role: Role | None
    family: str
    entry: int | None = None


FOREIGN = Suggestion(Kind.FOREIGN, None, None, "")


def suggest(order_link_id: str) -> Suggestion:
    """What this id suggests; anything that no family matches whole is foreign.

    Ids are read up to 45 characters: Bybit documents 36 (docs/v5/order/create-order.mdx), but
    the original bot's exchange accepted and returned longer ones.
    """
    if len(order_link_id) > LONGEST:
        return FOREIGN
    for name, pattern, kind, role in FAMILIES:
        if match := pattern.fullmatch(order_link_id):
            groups = match.groupdict()
            level, entry = _number(groups.get("level")), _number(groups.get("entry"))
            return Suggestion(kind, level, role, name, entry)
    return FOREIGN


def adoptable(order: Order, side: Side) -> bool:
    """Whether this order may be taken over as a TP of a position of ``side``.

    Its own fields must make it a resting TP that reduces this side, and its id must be of a TP
    family. The original bot took over every reduce-only Limit, the trader's own too, and then
    cancelled it.
    """
    return (
        order.is_take_profit
        and order.side is side.opposite
        and suggest(order.order_link_id).kind is Kind.TAKE_PROFIT
    )


def _number(text: str | None) -> int | None:
    return None if text is None else int(text)
