"""P9 and P11: every write has its intent before it, and every failed run its next try on record."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from trueup.domain.model.commands import Operation
from trueup.domain.model.intent import Intent
from trueup.domain.model.record import MonitorRecord, RunOutcome, StateName
from trueup.domain.stopping.control import why_stopped
from trueup.domain.store import Step
from trueup.states.work.settings import RunSettings
from trueup.testing import ApiRequest

from ..ledger.book import Book
from .promise import Promise

_NEW = (Operation.PLACE, Operation.CLOSE)
_APART = (Operation.CLOSE, Operation.CANCEL_ENTRY)
"""Writes that are pending by themselves, whatever rests."""
_OPERATIONS = {
    "/v5/order/create-batch": _NEW,
    "/v5/order/amend-batch": (Operation.AMEND,),
    "/v5/order/cancel-batch": (Operation.CANCEL, Operation.CANCEL_ENTRY),
}
_GOOD = (RunOutcome.IN_SYNC, RunOutcome.SUCCESS)
_LEFT = (RunOutcome.PARTIAL, RunOutcome.SKIPPED)
_CONTEST = RunSettings().contest


class IntentFirst(Promise):
    """Every order in a write request has a committed, open intent of the same account."""

    name = "P9 everything is on record"

    def before_request(self, request: ApiRequest) -> None:
        """Looks for the intent of each item."""
        operations = _OPERATIONS.get(request.path)
        if operations is None:
            return
        intents = [
            intent
            for book in self.ledger.books.values()
            if book.key.account == request.uid
            for intent in book.open_intents()
            if intent.operation in operations
        ]
        for item in request.fields["request"]:
            if not any(_is_for(intent, item) for intent in intents):
                named = item.get("orderId") or item.get("orderLinkId")
                self.broken(
                    f"{request.uid} {item['symbol']}",
                    f"{operations[0].value} of {named} left without a committed intent",
                )

    def at_rest(self, book: Book, at_ms: int) -> None:
        """No intent is left open, and the caller's last ladder is on record."""
        del at_ms
        for intent in book.open_intents():
            self.broken(
                book.key,
                f"the intent to {intent.operation.value} {intent.order_link_id} was never resolved",
            )
        given = book.given
        if given is not None and book.record.ladder != given:
            self.broken(book.key, "the caller's last ladder is not on record")


class NeverSilent(Promise):
    """A run that fails counts one attempt and states when the next one is due.

    One that leaves its monitor to a person who has stopped it counts none, and ends those before.

    A run of a contested monitor that succeeds states when the contest will be over, and one that
    leaves a write pending, of an order that may rest, when its time is. No wait is longer than the
    back-off's cap, or in a contest its own.
    """

    name = "P11 never silent"
    cap = timedelta(minutes=10)

    def on_commit(self, step: Step, before: MonitorRecord, at_ms: int) -> None:
        """Checks attempts and next try when a run ends."""
        record = step.record
        ended = [t for t in step.transitions if _ends(t.event, t.target)]
        if not ended:
            return
        good = record.last_outcome in _GOOD
        is_left = record.last_outcome in _LEFT
        controls = self.ledger.controls_at(self.ledger.decided_ms(record.key, at_ms))
        is_stopped = is_left and bool(why_stopped(controls, record.key))
        expected = 0 if good or is_stopped else before.attempts + 1
        if record.attempts != expected:
            self.broken(record.key, f"attempts are {record.attempts}, not {expected}")
        contested = _CONTEST.is_contested(record)
        due, cap = record.next_try_at, _longest_wait(good=good) if contested else self.cap
        resting = {order.order_link_id for order in record.resting}
        writes = self.ledger.books[record.key].open_intents()
        is_open = any(write.order_link_id in resting for write in writes)
        is_open = is_open or bool(record.stop and record.stop.intents)
        is_open = is_open or any(write.operation in _APART for write in writes)
        if (good and not contested and not is_open) is not (due is None):
            self.broken(record.key, f"next try {due} after {record.last_outcome}")
        if due is not None and not timedelta(0) <= due - ended[-1].at <= cap:
            self.broken(record.key, f"the next try is at {due}")


def _longest_wait(*, good: bool) -> timedelta:
    """In a contest: until its end, or until the next repair."""
    return max(_CONTEST.window, 2 * _CONTEST.cap) if good else _CONTEST.cap


def _ends(event: str, target: StateName) -> bool:
    return target is StateName.IDLE or event == "again"


def _is_for(intent: Intent, item: dict[str, Any]) -> bool:
    named = (item.get("orderId"), item.get("orderLinkId"))
    if intent.operation in _NEW:
        if item.get("orderLinkId") != intent.order_link_id:
            return False
    elif not ({intent.order_id, intent.order_link_id} - {""}) & set(named):
        return False
    return _same(item.get("qty"), intent.quantity) and _same(item.get("price"), intent.price)


def _same(sent: str | None, meant: Decimal | None) -> bool:
    return (None if sent is None else Decimal(sent)) == meant
