"""What an order link id suggests about its order: a hint, never a proof.

The original bot looked for ``TP`` and ``SL`` anywhere in the id, and so mistook stop-losses
(``BOT_TPSL_…``) and symbols (STPTUSDT, SLPUSDT) for take-profits. Here an id counts only if the
whole of it has a form that the original bot or trueup is known to make.

:class:`Recognition` configures which orders may be adopted on such a hint.
"""

from dataclasses import dataclass
from enum import StrEnum

from ..model.errors import ConfigurationError
from ..model.identity import Role, Side
from ..model.order import Order, OrderKind
from .families import FAMILIES, Kind, matchers

__all__ = [
    "LONGEST",
    "TP_FAMILIES",
    "Adopt",
    "Contradiction",
    "Kind",
    "Recognition",
    "Suggestion",
    "adoptable",
    "native",
    "suggest",
]

LONGEST = 45
"""The longest id that trueup reads: Bybit documents 36, but ids of up to 45 exist."""

TP_FAMILIES = tuple(dict.fromkeys(f.name for f in FAMILIES if f.kind is Kind.TAKE_PROFIT))
"""The names of the families that have take-profits, whose orders may be adopted."""

_NATIVE = {
    OrderKind.TAKE_PROFIT: Kind.TAKE_PROFIT,
    OrderKind.STOP_LOSS: Kind.STOP_LOSS,
    OrderKind.TRAILING_STOP: Kind.STOP_LOSS,
}


class Adopt(StrEnum):
    """Which live take-profits that are not on record trueup may adopt."""

    KNOWN = "known"
    NEVER = "never"


class Contradiction(StrEnum):
    """Which ladder wins if live take-profits contradict the one on record."""

    STORED = "stored"
    LIVE = "live"


@dataclass(frozen=True, slots=True)
class Recognition:
    """The rules of adopting orders. An id of no known family is external, whatever is set here.

    Attributes:
        adopt: ``known`` adopts live take-profits of the known families, ``never`` none.
        families: the names of the families that may be adopted; all by default.
        contradiction: in recovery, ``stored`` keeps the prices on record, ``live`` uses those of
            the live orders. trueup reports the contradiction in both cases.
        adopt_stops: whether a monitor for which nobody wants a stop keeps the one that rests: the
            exchange's own stop of the position, at its price, at its distance, for as long as the
            position is open. No other stop is ever adopted.

    Raises:
        ConfigurationError: a family is unknown, or has no take-profits.
    """

    adopt: Adopt = Adopt.KNOWN
    families: tuple[str, ...] = TP_FAMILIES
    contradiction: Contradiction = Contradiction.STORED
    adopt_stops: bool = False

    def __post_init__(self) -> None:
        for name in self.families:
            if name not in TP_FAMILIES:
                known = ", ".join(TP_FAMILIES)
                raise ConfigurationError(f"unknown id family {name!r}; known families are {known}")


DEFAULT_RULES = Recognition()
"""Adopts from every known family; the ladder on record wins."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What an id suggests; account, side and price come from the order, never from here.

    Attributes:
        kind: what the order is for; ``FOREIGN`` if the id has no known form.
        level: the level's number, to be confirmed by the rank of the price; None if the id has
            none, or an unreliable one (the original bot's mirror set-up wrote the ladder's length
            in its place).
        role: the role of the account; None if the id does not say.
        family: what made the id; empty for an external one.
        entry: the number of the entry order; None for all others.
    """

    kind: Kind
    level: int | None
    role: Role | None
    family: str
    entry: int | None = None


FOREIGN = Suggestion(Kind.FOREIGN, None, None, "")


def suggest(order_link_id: str) -> Suggestion:
    """What this id suggests; an id that no family matches as a whole is external.

    Ids may have up to 45 characters: Bybit documents 36 (docs/v5/order/create-order.mdx), but
    accepted and returned longer ones of the original bot.
    """
    if len(order_link_id) > LONGEST:
        return FOREIGN
    for family, pattern in matchers():
        if match := pattern.fullmatch(order_link_id):
            groups = match.groupdict()
            level, entry = _number(groups.get("level")), _number(groups.get("entry"))
            return Suggestion(family.kind, level, family.role, family.name, entry)
    return FOREIGN


def adoptable(order: Order, side: Side, rules: Recognition = DEFAULT_RULES) -> bool:
    """Whether this order may be adopted as a TP of a position of ``side``.

    Its own fields must make it a resting TP that reduces this side, and its id must be of a TP
    family that the rules allow. The original bot adopted every reduce-only limit order, even the
    trader's own, and then cancelled it.
    """
    if rules.adopt is Adopt.NEVER or not order.is_take_profit or order.side is not side.opposite:
        return False
    suggested = suggest(order.order_link_id)
    return suggested.kind is Kind.TAKE_PROFIT and suggested.family in rules.families


def native(order: Order) -> Kind | None:
    """Which of the exchange's own TP/SL orders this is; None if it is none of these.

    They have no link id, and are of a kind that only the exchange makes, or have the link id of
    the order that they were attached to. The exchange sizes and ends them: they are left alone. A
    child whose kind does not say which of the two it is, is ``FOREIGN``.
    """
    if order.order_link_id:
        return None
    kind = _NATIVE.get(order.kind)
    return Kind.FOREIGN if kind is None and order.parent_link_id else kind


def _number(text: str | None) -> int | None:
    return None if text is None else int(text)
