"""P12 of a stop that is an order of ours: one order, of the right kind, as large as it has to be.

The exchange sizes its own stop. One of ours is as large as it was asked to be, so the judge holds
its quantity against the true position, and against what the engine was shown of it.
"""

from typing import Any

from trueup.domain.model.identity import Side
from trueup.domain.model.instrument import ZERO
from trueup.domain.model.stop import TriggerBy
from trueup.simulator import CancelType, SimOrder
from trueup.testing import ApiRequest

from ...ledger.book import Book
from ...ledger.effects import Effect
from ...ledger.ledger import Cause
from ...ledger.protection import By, Held
from ...ledger.stop_requests import AMEND_STOP, PLACE_STOP, monitors_of
from .truths import StopPromise

_DIRECTIONS = {Side.BUY: 2, Side.SELL: 1}
"""A long's stop is reached as the price falls, a short's as it rises."""

_TRIGGERS = {
    TriggerBy.LAST: "LastPrice",
    TriggerBy.MARK: "MarkPrice",
    TriggerBy.INDEX: "IndexPrice",
}
_LADDER = ("/v5/order/create-batch", "/v5/order/amend-batch")


class OneStopOrder(StopPromise):
    """A monitor never has two stop orders at rest, and none is left over at last.

    One that arrives later than the engine is told a request may be is excused until then.
    """

    name = "P12 one stop order"

    def on_effect(self, effect: Effect) -> None:
        """Looks at each order of ours that is new."""
        for changed in effect.changed_orders:
            uid, order = changed.uid, changed.after
            is_new = changed.before is None and order.status.is_open
            if not is_new or self.ledger.is_too_late(uid, effect.at_ms):
                continue
            for book in self.ledger.books_of(uid, order.symbol):
                if order.link_id in book.protection.link_ids:
                    self._check(book)

    def at_rest(self, book: Book, at_ms: int) -> None:
        """One rests where it is the stop of an open position, and none elsewhere."""
        del at_ms
        self._check(book)
        is_wanted = book.size and book.protection.is_order
        for order in () if is_wanted else self._resting(book):
            self.broken(book.key, f"{order.link_id} rests, and protects nothing")

    def _check(self, book: Book) -> None:
        resting = [order.link_id for order in self._resting(book)]
        if len(resting) > 1:
            self.broken(book.key, f"two stop orders rest: {' and '.join(resting)}")

    def _resting(self, book: Book) -> list[SimOrder]:
        orders = self.ledger.open_orders(book.key.account, book.key.symbol)
        return [order for order in orders if order.link_id in book.protection.link_ids]


class StopOrderIsSound(StopPromise):
    """An order that is a stop closes the position, and nothing else, when its price is reached."""

    name = "P12 a stop's order is of the right kind"

    def before_request(self, request: ApiRequest) -> None:
        """Checks the order before it leaves."""
        if request.path != PLACE_STOP:
            return
        for book in monitors_of(self.ledger, request):
            wanted = self.wanted(book)
            right: dict[str, Any] = {
                "side": book.closing,
                "triggerDirection": _DIRECTIONS[book.key.side],
                "reduceOnly": True,
                "positionIdx": book.index,
            }
            if wanted is not None and book.protection.given_ms < self.shown_since(
                book, request.stamp_ms
            ):
                right["triggerBy"] = _TRIGGERS[wanted.trigger_by]
            for name, value in right.items():
                if request.fields.get(name) != value:
                    self.broken(
                        book.key, f"a stop has {name} {request.fields.get(name)}, not {value}"
                    )


class StopCoverKept(StopPromise):
    """A write of ours makes a stop's order no smaller than the position, nor takes it away.

    The position is any that was there, or was shown, since the read that the write was decided by.
    A request that was held up on its way is held to nothing. Before one leaves that makes the order
    smaller, two reads in a row have shown a position that is no larger.
    """

    name = "P12 a stop's order covers no less"

    def on_effect(self, effect: Effect) -> None:
        """Checks each stop that a write of ours changed, and each that it took away."""
        if effect.cause is Cause.WORLD:
            return
        for book in effect.protected:
            held = book.protection.held
            before, now = (held[-2] if len(held) > 1 else None), held[-1]
            if before is None or now.by is By.WORLD or not (before.is_order and now.is_order):
                continue
            if now.stop.is_set and before.size == now.size:
                self._check(book, before, now, effect)
        for changed in effect.changed_orders:
            if changed.after.cancel_type is CancelType.BY_USER:
                self._check_gone(changed.uid, changed.after, effect.at_ms)

    def _check(self, book: Book, before: Held, now: Held, effect: Effect) -> None:
        least = min(before.covers, *self.sizes(book, effect.at_ms))
        is_late = effect.cause is Cause.DELAYED and self.may_be_late(book, effect.at_ms)
        if now.covers < least and not is_late:
            self.broken(
                book.key,
                f"a write of ours left {now.covers} of {now.size} with a stop, after "
                f"{before.covers}",
            )

    def _check_gone(self, uid: str, order: SimOrder, at_ms: int) -> None:
        """An order of ours goes where the position is closed, or the exchange's own stop is there.

        As far as that was so at any time since the read by which it was decided.
        """
        for book in self.ledger.books_of(uid, order.symbol):
            if order.link_id in book.protection.link_ids:
                window = self.window(book, at_ms)
                if all(held.is_bare or (held.is_order and held.size) for held in window):
                    self.broken(book.key, f"a write of ours took {order.link_id} away")

    def before_request(self, request: ApiRequest) -> None:
        """Checks an amend that makes the order smaller than it was shown."""
        if request.path != AMEND_STOP:
            return
        for book in monitors_of(self.ledger, request):
            asked = book.protection.asked[-1].quantity or ZERO
            last = book.protection.shown[-1:]
            sizes = [one.quantity for one in book.shown[-2:]]
            is_shown = len(sizes) > 1 and max(sizes) <= asked
            if last and asked < last[0].quantity and not is_shown:
                self.broken(
                    book.key,
                    f"a request makes the stop {asked} instead of {last[0].quantity}, and the "
                    f"position was shown as {' and '.join(map(str, sizes))}",
                )


class StopGrowsFirst(StopPromise):
    """A stop's order is asked to grow before any order of the ladder is placed or amended.

    That holds from the read on that showed both the order, and a position that is larger.
    """

    name = "P12 a stop grows before the ladder"

    def before_request(self, request: ApiRequest) -> None:
        """Checks each monitor for whose ladder a request leaves."""
        if request.path not in _LADDER:
            return
        for item in request.fields["request"]:
            named = (item.get("orderLinkId"), item.get("orderId"))
            claims = (self.ledger.claims.get((request.uid, name)) for name in named if name)
            claim = next(filter(None, claims), None)
            book = self.ledger.books.get(claim.key) if claim else None
            if book is not None and book.protection.is_order:
                self._check(book)

    def _check(self, book: Book) -> None:
        protection = book.protection
        last = protection.shown[-1:]
        size = self.coverable(book, book.shown[-1].quantity if book.shown else ZERO)
        if not last or not last[0].stop.is_set or size <= last[0].quantity:
            return
        smaller = [one for one in book.shown if one.quantity <= last[0].quantity]
        since_ms = smaller[-1].at_ms if smaller else 0
        is_asked = any(
            one.at_ms >= since_ms and (one.quantity or ZERO) >= size for one in protection.asked
        )
        if not is_asked and protection.given_ms < since_ms:
            self.broken(
                book.key,
                f"the ladder is written for {size}, while the stop closes {last[0].quantity}",
            )
