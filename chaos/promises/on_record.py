"""P9 and P11: every write has its intent before it; attempts and the next try are columns."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from trueup.domain.model.commands import Operation
from trueup.domain.model.intent import Intent
from trueup.domain.model.record import MonitorRecord, RunOutcome, StateName
from trueup.domain.ports import Step
from trueup.testing import ApiRequest

from ..checker.ledger import Book
from .promise import Promise

_OPERATIONS = {
    "/v5/order/create-batch": Operation.PLACE,
    "/v5/order/amend-batch": Operation.AMEND,
    "/v5/order/cancel-batch": Operation.CANCEL,
}
_GOOD = (RunOutcome.IN_SYNC, RunOutcome.SUCCESS)


class IntentFirst(Promise):
    """Every order of every write request stands in a committed, open intent of that account."""

    name = "P9 everything is on record"

    def before_request(self, asked: ApiRequest) -> None:
        """Looks for the intent of each item."""
        operation = _OPERATIONS.get(asked.path)
        if operation is None:
            return
        intents = [
            intent
            for book in self.ledger.books.values()
            if book.key.account == asked.uid
            for intent in book.open_intents()
            if intent.operation is operation
        ]
        for item in asked.fields["request"]:
            if not any(_is_for(intent, item) for intent in intents):
                named = item.get("orderId") or item.get("orderLinkId")
                self.broken(
                    f"{asked.uid} {item['symbol']}",
                    f"{operation.value} of {named} left without a committed intent",
                )

    def at_rest(self, book: Book, at_ms: int) -> None:
        """No intent is left open."""
        del at_ms
        for intent in book.open_intents():
            self.broken(
                book.key,
                f"the intent to {intent.operation.value} {intent.order_link_id} was never settled",
            )
        given = book.given
        if given is not None and book.record.ladder != given:
            self.broken(book.key, "the ladder that was given last is not on record")


class NeverSilent(Promise):
    """Each run that did not come out counts one attempt, and says when it is tried again."""

    name = "P11 never silent"
    cap = timedelta(minutes=10)

    def on_commit(self, step: Step, before: MonitorRecord, at_ms: int) -> None:
        """At the end of a run."""
        del at_ms
        record = step.record
        ended = [t for t in step.transitions if _ends(t.event, t.target)]
        if not ended:
            return
        good = record.last_outcome in _GOOD
        expected = 0 if good else before.attempts + 1
        if record.attempts != expected:
            self.broken(record.key, f"attempts are {record.attempts}, not {expected}")
        if good is not (record.next_try_at is None):
            self.broken(record.key, f"next try {record.next_try_at} after {record.last_outcome}")
        due = record.next_try_at
        if due is not None and not timedelta(0) < due - ended[-1].at <= self.cap:
            self.broken(record.key, f"the next try is at {due}")


def _ends(event: str, target: StateName) -> bool:
    return target is StateName.IDLE or event == "again"


def _is_for(intent: Intent, item: dict[str, Any]) -> bool:
    named = (item.get("orderId"), item.get("orderLinkId"))
    if intent.operation is Operation.PLACE:
        if item.get("orderLinkId") != intent.order_link_id:
            return False
    elif not ({intent.order_id, intent.order_link_id} - {""}) & set(named):
        return False
    return _same(item.get("qty"), intent.quantity) and _same(item.get("price"), intent.price)


def _same(sent: str | None, meant: Decimal | None) -> bool:
    return (None if sent is None else Decimal(sent)) == meant
