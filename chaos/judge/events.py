"""P10: every fill of an owned order is reported exactly once, and so is a position that closed."""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from trueup.domain.model.events import (
    LevelFilled,
    PositionClosed,
    PositionFlipped,
    PositionReduced,
    Trade,
)
from trueup.domain.model.identity import MonitorKey
from trueup.domain.model.instrument import ZERO, plain
from trueup.domain.model.record import MonitorRecord
from trueup.domain.store import Step

from ..ledger.book import Book
from ..scene.scene import Scene
from .promise import Promise


class FillsReported(Promise):
    """Each fill of an order that we placed is in one event, whatever died in between.

    Events never report more than is on record to have filled, no execution is in two of them, and
    the executions of a fill make up its quantity. At rest they have reported all that
    really has filled, of every order that the exchange accepted from us, and the position's size.
    """

    name = "P10 every fill is reported once"

    def set_scene(self, scene: Scene) -> None:
        """Starts from nothing."""
        del scene
        self._said: defaultdict[tuple[MonitorKey, str], Decimal] = defaultdict(lambda: ZERO)
        self._executions: set[tuple[MonitorKey, str]] = set()

    def on_commit(self, step: Step, before: MonitorRecord, at_ms: int) -> None:
        """Adds up what the commit's events say."""
        del before, at_ms
        key = step.record.key
        for event in step.events:
            if isinstance(event, LevelFilled | PositionClosed | PositionFlipped | PositionReduced):
                self._note_executions(key, event.executions)
            if not isinstance(event, LevelFilled):
                continue
            self._said[key, event.order_link_id] += event.quantity
            of_trades = sum((one.quantity for one in event.executions), ZERO)
            if event.executions and of_trades != event.quantity:
                self.broken(key, f"executions of {plain(of_trades)}, not {plain(event.quantity)}")
            order = step.record.order(order_link_id=event.order_link_id)
            said = self._said[key, event.order_link_id]
            if order is None or said > order.filled:
                self.broken(key, f"{plain(said)} of {event.order_link_id} is said to have filled")

    def _note_executions(self, key: MonitorKey, executions: Sequence[Trade]) -> None:
        for one in executions:
            if (key, one.execution_id) in self._executions:
                self.broken(key, f"execution {one.execution_id} is in two events")
            self._executions.add((key, one.execution_id))

    def at_rest(self, book: Book, at_ms: int) -> None:
        """Compares with what has really filled."""
        del at_ms
        for order in self.ledger.orders.values():
            claim = self.ledger.claim_on(book.key.account, order)
            is_ours = (book.key.account, order.link_id) in self.ledger.sent
            if not is_ours or claim is None or claim.key != book.key:
                continue
            said = self._said[book.key, order.link_id]
            if said != order.filled:
                self.broken(
                    book.key,
                    f"{order.link_id} has filled {plain(order.filled)}, events say {plain(said)}",
                )
        reported = book.record.reported
        if reported is not None and reported.size - reported.filled != book.size:
            size = plain(reported.size - reported.filled)
            self.broken(book.key, f"the position has {plain(book.size)}, events say {size}")
