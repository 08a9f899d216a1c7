"""P12 of a stop that is a limit order of ours: its price stays behind its trigger, as was asked."""

from collections.abc import Iterator
from decimal import Decimal

from trueup.domain.model.identity import MonitorKey, Side
from trueup.domain.model.instrument import ZERO
from trueup.domain.model.record import MonitorRecord
from trueup.domain.store import Step
from trueup.simulator import SimOrder
from trueup.testing import ApiRequest

from ...ledger.book import Book
from ...ledger.stop_requests import AMEND_STOP, PLACE_STOP, link_id_of, monitors_of
from ...scene.scene import Scene
from .reckoning import behind, on_tick
from .truths import StopPromise


class StopLimitFollows(StopPromise):
    """A stop's order has the type that is asked for, and a limit order its price.

    That is so many per cent of the trigger behind it, on the losing side, on the tick. The exchange
    changes no order's type: a limit order stays one, by the last percentage that was asked for. It
    may have been another one when the request was decided.
    """

    name = "P12 a stop's limit follows its trigger"

    def set_scene(self, scene: Scene) -> None:
        """No order is placed yet."""
        super().set_scene(scene)
        self._asked: dict[MonitorKey, list[Decimal | None]] = {}
        self._are_limits: dict[str, bool] = {}

    def on_commit(self, step: Step, before: MonitorRecord, at_ms: int) -> None:
        """Takes what is asked for from now on."""
        del before, at_ms
        self._note_asked(self.ledger.books[step.record.key])

    def before_request(self, request: ApiRequest) -> None:
        """Checks an order that is about to be placed, and an amend of one."""
        if request.path not in (PLACE_STOP, AMEND_STOP):
            return
        link_id = link_id_of(self.ledger, request)
        for book in monitors_of(self.ledger, request):
            self._note_asked(book)
            if request.path == PLACE_STOP:
                self._are_limits[link_id] = request.fields["orderType"] == "Limit"
            price = Decimal(request.fields.get("price", ZERO))
            trigger = Decimal(request.fields["triggerPrice"])
            right = self._right(book, request, trigger, is_limit=self._are_limits[link_id])
            if price not in right:
                self.broken(
                    book.key,
                    f"a request puts the limit of a stop at {trigger} to {price}, not to "
                    f"{' or '.join(map(str, sorted(right)))}",
                )

    def _right(
        self, book: Book, request: ApiRequest, trigger: Decimal, *, is_limit: bool
    ) -> set[Decimal]:
        """The prices that are right; 0 for a market order."""
        asked = self._asked[book.key]
        if request.path == AMEND_STOP:
            if not is_limit:
                return {ZERO}
            asked = [percent for percent in asked if percent is not None]
        # An order keeps what it was announced with until it is there.
        is_new = request.path == PLACE_STOP
        is_new = is_new or book.protection.given_ms >= self.shown_since(book, request.stamp_ms)
        return {
            limit
            for percent in (asked if is_new else asked[-1:])
            for limit in ((ZERO,) if percent is None else self._limits(book, trigger, percent))
        }

    def at_rest(self, book: Book, at_ms: int) -> None:
        """The order that waits for its trigger has its price behind it at last."""
        del at_ms
        for order in self._waiting(book):
            asked = [one for one in self._asked.get(book.key, ()) if one is not None]
            limits = self._limits(book, order.trigger_price, asked[-1]) if asked else ()
            if self._are_limits[order.link_id] and order.price not in limits:
                self.broken(book.key, f"the stop at {order.trigger_price} rests with {order.price}")

    def _waiting(self, book: Book) -> Iterator[SimOrder]:
        for order in self.ledger.open_orders(book.key.account, book.key.symbol):
            if order.link_id in book.protection.link_ids and order.is_conditional and book.size:
                yield order

    def _note_asked(self, book: Book) -> None:
        """What the record says that the user asks for."""
        wanted = self.wanted(book)
        asked = self._asked.setdefault(book.key, [])
        if wanted is not None and asked[-1:] != [wanted.limit_percent]:
            asked.append(wanted.limit_percent)

    def _limits(self, book: Book, trigger: Decimal | None, percent: Decimal) -> Iterator[Decimal]:
        """Where the price belongs, by each tick, within the prices that the exchange takes."""
        changed = self.ledger.rules.get(book.key.symbol)
        ticks = {self._ticks[book.key.symbol], *((changed.tick,) if changed else ())}
        for tick in ticks:
            price = behind(book.key.side, trigger or ZERO, percent, tick)
            yield price
            if changed is not None and changed.max_price:
                yield on_tick(Side.SELL, min(price, changed.max_price), tick)
            if changed is not None:
                yield on_tick(Side.BUY, max(price, changed.min_price, tick), tick)
