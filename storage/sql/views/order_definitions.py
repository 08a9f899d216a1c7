"""The view of a position's orders: each once, as the newest record of it has it.

When a position ends, its orders are kept in the journal, and the monitor goes on with those that
may still matter, at level -1: a read that lags shows them, or one is found to have filled. Each is
an order of the position before all the same, at the level that it had there.
"""

from ..conditions import ENDED_ORDERS
from .unfolding import at_place, unfolded, whole, whole_at

_ORDER = (
    "part order_id price asked_price quantity filled status origin generation updated_ms purpose"
)
_WHOLE = frozenset(["part", "generation", "updated_ms"])
_LINK, _LEVEL, _FIRST = 0, 1, 2
"""Where an order's list has what tells it apart, and where the rest begins."""
_EARLIER = -1
"""The level of an order that was one of an earlier position."""


def _columns() -> str:
    """All that is shown of an order but for its id and its level."""
    return ", ".join(
        f"{(whole_at if name in _WHOLE else at_place)('o', place)} AS {name}"
        for place, name in enumerate(_ORDER.split(), _FIRST)
    )


def _when_its_own(what: str, until: str) -> str:
    """Of the position that an order was one of, as its end has kept it."""
    return f"""(SELECT {what}
             FROM journal k {unfolded("k.orders, '$[0][1]'", "f")}
             WHERE k.monitor_id = m.id AND k.{ENDED_ORDERS} {until}
               AND {at_place("f", _LINK)} = {at_place("o", _LINK)}
               AND {whole_at("f", _LEVEL)} <> {_EARLIER}
             ORDER BY k.id DESC LIMIT 1)"""


def _shown(cycle: str, until: str = "") -> str:
    """What is selected of an order in a list.

    Args:
        cycle: of the list.
        until: which ends of positions came before the list.
    """
    level = whole_at("o", _LEVEL)
    own_cycle = _when_its_own("json_extract(k.orders, '$[0][0]')", until)
    own_level = _when_its_own(at_place("f", _LEVEL), until)
    its_cycle = f"iif({level} = {_EARLIER}, coalesce({whole(own_cycle)}, {cycle} - 1), {cycle})"
    its_level = f"iif({level} = {_EARLIER}, coalesce({whole(own_level)}, {_EARLIER}), {level})"
    return f"""
SELECT m.account, m.symbol, m.side, {whole(its_cycle)} AS cycle,
       {at_place("o", _LINK)} AS order_link_id, {whole(its_level)} AS level, {_columns()}"""


_NEXT = f"""coalesce(
    (SELECT json_extract(n.orders, '$[0][1]') FROM journal n
     WHERE n.monitor_id = j.monitor_id AND n.{ENDED_ORDERS} AND n.id > j.id ORDER BY n.id LIMIT 1),
    m.orders)"""
"""The orders of the position after that one, those of earlier ones included."""

ORDER_LOG = f"""{_shown("m.cycle")}
FROM monitor m {unfolded("m.orders", "o")}
UNION ALL{_shown(whole("json_extract(j.orders, '$[0][0]')"), "AND k.id < j.id")}
FROM journal j JOIN monitor m ON m.id = j.monitor_id {unfolded("j.orders, '$[0][1]'", "o")}
WHERE j.{ENDED_ORDERS}
  AND NOT EXISTS (SELECT 1 FROM json_each({_NEXT}) AS e
                  WHERE {at_place("e", _LINK)} = {at_place("o", _LINK)}
                    AND {whole_at("e", _LEVEL)} = {_EARLIER})"""
