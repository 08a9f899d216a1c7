"""P1: at no time do two live owned orders stand for the same level part."""

from trueup.simulator import SimOrder

from ..ledger.effects import Effect
from .promise import Promise


class NeverTwice(Promise):
    """Held against every change of the books.

    Owned is every order whose id the store ever recorded, whatever became of the record: an
    order that was given up and comes to rest all the same counts.
    """

    name = "P1 never twice"

    def on_effect(self, effect: Effect) -> None:
        """No two live orders of one level part."""
        for impact in effect.impacts:
            book = impact.book
            if len(book.live) < 2:  # noqa: PLR2004 - one cannot be twice
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
