"""P9, P10 and P11 of stops: each request has its intent, no word of one lies, none is missing."""

from decimal import Decimal
from functools import partial

from trueup.domain.model.commands import Operation
from trueup.domain.model.identity import MonitorKey
from trueup.domain.model.intent import IntentStatus
from trueup.domain.model.protection import PositionStop, StopIntent
from trueup.domain.model.record import MonitorRecord, RunOutcome, StateName
from trueup.domain.model.stop_events import StopMoved
from trueup.domain.store import Step
from trueup.testing import ApiRequest

from ...ledger.book import Book
from ...ledger.stop_requests import (
    AMEND_STOP,
    CANCEL_STOP,
    PLACE_STOP,
    SET_STOP,
    WRITES,
    link_id_of,
)
from ...scene.scene import Scene
from ..promise import Promise
from .settled import UNPROTECTED
from .truths import StopPromise

_SLACK_MS = 15_000
"""A run reads before its first commit."""
_UNKNOWN = "Position Size: unknown"
_MAY_BE_GONE = "is in no list, and may be gone"
_GOOD = (RunOutcome.IN_SYNC, RunOutcome.SUCCESS)
_OPERATIONS = {
    PLACE_STOP: Operation.PLACE,
    AMEND_STOP: Operation.AMEND,
    CANCEL_STOP: Operation.CANCEL,
}


class StopIntentFirst(Promise):
    """Each request that sets a stop has a committed, open intent that says the same."""

    name = "P9 a stop's intent is on record first"

    def before_request(self, request: ApiRequest) -> None:
        """Looks for the intent."""
        if request.path not in WRITES:
            return
        books = self.ledger.books_of(request.uid, request.fields["symbol"])
        intents = [one for book in books if (stop := book.record.stop) for one in stop.intents]
        named = link_id_of(self.ledger, request)
        is_for = _is_for if request.path == SET_STOP else partial(_is_for_order, named)
        if not any(is_for(intent, request) for intent in intents):
            what = request.fields.get("stopLoss", named)
            self.broken(
                f"{request.uid} {request.fields['symbol']}",
                f"the stop {what} left without a committed intent",
            )

    def at_rest(self, book: Book, at_ms: int) -> None:
        """No intent is left open."""
        del at_ms
        for intent in book.record.stop.intents if book.record.stop else ():
            self.broken(book.key, f"the intent to set the stop {intent.id} was never resolved")


class StopNeverLies(Promise):
    """A stop is said to be set, in an intent or an event, only once the exchange has shown it.

    An order of ours that was shown, and is as it was asked to be, may have been so before it was
    asked. One is said to be cancelled only once it rests no more.
    """

    name = "P10 no word of a stop lies"

    def set_scene(self, scene: Scene) -> None:
        """No intent is on record yet."""
        del scene
        self._announced_ms: dict[str, int] = {}
        self._asked_ms: dict[tuple[MonitorKey, PositionStop], int] = {}

    def on_commit(self, step: Step, before: MonitorRecord, at_ms: int) -> None:
        """Checks confirmed intents, and events that say that a stop was moved."""
        del before
        key = step.record.key
        protection = self.ledger.books[key].protection
        resting = {one.link_id for one in self.ledger.open_orders(key.account, key.symbol)}
        for intent in step.stops:
            began_ms = self._announced_ms.setdefault(intent.id, at_ms)
            self._asked_ms.setdefault((key, intent.asked), at_ms)
            is_confirmed = intent.status is IntentStatus.CONFIRMED
            if intent.cancels:
                if is_confirmed and intent.order_link_id in resting:
                    self.broken(key, f"{intent.order_link_id} is said to be cancelled, and rests")
                continue
            since_ms = 0 if protection.is_now(intent.asked) else began_ms
            if is_confirmed and not protection.was_shown(intent.asked, since_ms):
                self.broken(key, f"{intent.asked} is confirmed, but was never shown")
        for event in step.events:
            if isinstance(event, StopMoved):
                since_ms = self._asked_ms.get((key, event.after), 0)
                if not protection.was_shown(event.after, since_ms):
                    self.broken(
                        key, f"an event says that the stop is {event.after}; none showed it"
                    )


class BareIsAlerted(StopPromise):
    """A run that finds a position without the stop that is wanted does not end well, and says so.

    It has read the position, and the position was without any stop ever since that read. One that
    could not use what it read says that the position is unknown. One that found the stop's order
    in no list, and had no answer to what became of it, says that it may be gone.
    """

    name = "P11 a bare position is alerted"

    def on_commit(self, step: Step, before: MonitorRecord, at_ms: int) -> None:
        """Checks the end of each run that has read the position."""
        del before
        last = step.transitions[-1] if step.transitions else None
        book = self.ledger.books[step.record.key]
        if last is None or last.target is not StateName.IDLE or self.wanted(book) is None:
            return
        at_ms = self.ledger.decided_ms(book.key, at_ms)
        began_ms = self.ledger.runs[last.run_id].began_ms - _SLACK_MS
        window = self.window(book, at_ms)
        has_read = bool(book.protection.shown) and book.protection.shown[-1].at_ms >= began_ms
        if not has_read or not all(held.is_bare for held in window):
            return
        if book.protection.given_ms >= self.shown_since(book, at_ms):
            return
        alerts = [alert for alert in self.ledger.alerts if alert.key == book.key]
        if alerts and _UNKNOWN in alerts[-1].text and step.record.last_outcome not in _GOOD:
            return
        if step.record.last_outcome in _GOOD:
            self.broken(book.key, f"{window[-1].size} is bare, and the run ends well")
        elif not alerts or not _says_so(book, alerts[-1].text):
            self.broken(book.key, f"{window[-1].size} is bare, and the last alert does not say so")


def _says_so(book: Book, text: str) -> bool:
    """Whether an alert says that the position is bare, as far as the engine may know."""
    order = book.record.stop.order if book.record.stop else None
    may_rest = book.protection.is_order and order is not None and order.exists
    return UNPROTECTED in text or (may_rest and _MAY_BE_GONE in text)


def _is_for_order(named: str, intent: StopIntent, request: ApiRequest) -> bool:
    """Whether the intent says the same of the order of that link id."""
    asked, fields = intent.asked, request.fields
    price, quantity = fields.get("triggerPrice"), fields.get("qty")
    limit = fields.get("price")
    return (
        intent.status.is_open
        and intent.order_link_id == named
        and intent.operation is _OPERATIONS[request.path]
        and (price is None or Decimal(price) == asked.price)
        and (quantity is None or Decimal(quantity) == asked.quantity)
        and (limit is None or Decimal(limit) == asked.limit)
    )


def _is_for(intent: StopIntent, request: ApiRequest) -> bool:
    asked, fields = intent.asked, request.fields
    price, trailing = fields.get("stopLoss"), fields.get("trailingStop")
    return (
        intent.status.is_open
        and intent.position_index == fields["positionIdx"]
        and (price is None or Decimal(price) == asked.price)
        and (trailing is None or Decimal(trailing) == asked.trailing)
    )
