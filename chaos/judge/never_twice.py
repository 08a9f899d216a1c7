"""P1: at no time do two live owned orders stand for the same level part."""

from trueup.simulator import SimOrder

from ..ledger.effects import Effect
from .promise import Promise


class NeverTwice(Promise):
    """Checked at every change of the exchange.

    Owned is every order whose id the database ever held, whatever became of its record: an order
    that trueup gave up and that rests all the same still counts.
    """

    name = "P1 never twice"

    def on_effect(self, effect: Effect) -> None:
        """Looks for two live orders of one level part."""
        for impact in effect.impacts:
            book = impact.book
            if len(book.live) < 2:  # noqa: PLR2004 - one order cannot stand twice
                continue
            seen: dict[tuple[int, int], SimOrder] = {}
            for order in book.live:
                claim = self.ledger.claim_on(book.key.account, order)
                if claim is None:
                    continue
                other = seen.setdefault((claim.level, claim.part), order)
                if other is not order:
                    self.broken(
                        book.key,
                        f"TP{claim.level}.{claim.part} rests twice: "
                        f"{_name(other)} and {_name(order)}",
                    )


def _name(order: SimOrder) -> str:
    return f"{order.link_id or order.order_id[:8]} ({order.leaves} at {order.price})"
