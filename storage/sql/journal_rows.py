"""The rows of the journal and the outbox, of starts, and of an account's last sweep.

Only alerts are read back by the store; the rest is for people, who read it in the views. What one
commit adds to the journal is one row: writing ten rows costs SQLite three times as much.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from ...domain.model.alert import Alert, AlertFacts, Delivery, Lack, PendingAlert
from ...domain.model.events import UnwatchedPosition
from ...domain.model.identity import MonitorKey, Side
from ...domain.model.intent import Intent
from ...domain.model.journal import ExchangeCall
from ...domain.model.record import MonitorRecord, RunOutcome
from ...domain.reporting.account_status import AccountStatus
from ...domain.reporting.engine_start import EngineStart
from ...domain.store import Step
from .columns import exact, exact_text, instant, instant_text, microseconds_since_1970
from .event_rows import event_packed
from .monitor_rows import Row, Values, orders_packed
from .stop_rows import stop_intent_packed


def journal_row(
    step: Step,
    over: Sequence[tuple[int, Intent]],
    ended: MonitorRecord | None,
    sentences: Iterable[tuple[int, Sequence[object]]],
) -> Values | None:
    """The journal's row of a commit; None where it adds nothing to it.

    Args:
        step: what is committed.
        over: the intents that leave their table with it, each with its number there.
        ended: the record with the orders of a position that is over; None if none is.
        sentences: what its decisions say: the number of a phrase, and the values in it.

    Raises:
        ValueError: a value cannot be stored.
    """
    record, run = step.record, _run_of(step)
    first = _first_time(step)
    base = 0 if first is None else microseconds_since_1970(first)
    places = {intent.order_link_id: place for place, (_, intent) in enumerate(over)}
    last = step.transitions[-1].at if step.transitions else first
    lists: dict[str, list[list[object]]] = {
        "transitions": [
            [
                _after(base, one.at),
                one.source.value,
                one.event,
                one.target.value,
                _shown(one.detail),
            ]
            for one in step.transitions
        ],
        "calls": [_call(base, call, places) for call in step.calls],
        "decisions": [
            [_after(base, one.at), phrase, *values]
            for one, (phrase, values) in zip(step.decisions, sentences, strict=True)
        ],
        "intents": [_intent(base, run, number, intent) for number, intent in over],
        "orders": [] if ended is None else [[ended.cycle, orders_packed(ended)]],
        "stops": [stop_intent_packed(one, lambda at: _after(base, at)) for one in step.stops],
        "events": [event_packed(_after(base, last), event) for event in step.events],
    }
    if not any(lists.values()):
        return None
    filled = {name: entries or None for name, entries in lists.items()}
    own = {"monitor_id": record.id, "run_id": run, "at_us": base, "inputs": step.inputs}
    return {**own, **filled, "checksum": None}


def _run_of(step: Step) -> str:
    """The run that the commit's entries are of; a commit is of one."""
    for entries in (step.transitions, step.calls, step.decisions, step.intents):
        for entry in entries:
            return entry.run_id
    return step.record.last_run_id or ""


def _first_time(step: Step) -> datetime | None:
    for entries in (step.transitions, step.calls, step.decisions):
        for entry in entries:
            return entry.at
    return next((intent.created_at for intent in step.intents), None)


def _after(base: int, at: datetime | None) -> int | None:
    """A time as the row has it: microseconds after its base."""
    return None if at is None else microseconds_since_1970(at) - base


def _shown(text: str) -> str:
    r"""The text as the views show it: SQLite cuts a text that it reads from JSON at NUL."""
    return text.replace("\0", r"\x00")


def _call(base: int, call: ExchangeCall, places: Mapping[str, int]) -> list[object]:
    """A call; where a write is over with this commit, its place in the list is its link id."""
    link = call.order_link_id
    return [
        _after(base, call.at),
        call.operation,
        places.get(link, _shown(link)),
        _shown(call.outcome),
        call.code,
        call.latency_ms,
        _shown(call.detail),
    ]


def _intent(base: int, run: str, number: int, intent: Intent) -> list[object]:
    """A write that is over; what is last, and mostly missing, is left out where it is."""
    own, of_run, rest = intent.id.partition(intent.run_id)
    values = [
        number,
        rest if not own and of_run and rest.startswith("-") else intent.id,
        intent.operation.value,
        intent.level,
        intent.part,
        _shown(intent.order_link_id),
        _shown(intent.order_id),
        exact_text(intent.quantity),
        exact_text(intent.covered),
        exact_text(intent.covers),
        intent.generation,
        int(intent.again),
        intent.status.value,
        _after(base, intent.created_at),
        _after(base, intent.resolved_at),
        exact_text(intent.price),
        intent.code,
        _shown(intent.detail) or None,
        None if intent.run_id == run else intent.run_id,
    ]
    while values[-1] is None:
        values.pop()
    return values


def alert_row(monitor_id: int | None, alert: Alert) -> Values:
    """The outbox's row of a new alert."""
    return {
        "monitor_id": monitor_id,
        "account": alert.key.account,
        "symbol": alert.key.symbol,
        "side": alert.key.side.value,
        "run_id": alert.run_id,
        "status": alert.status.value,
        "text": alert.text,
        "created_at": alert.created_at,
        "delivered_at": None,
        "attempts": 0,
        "deliveries": {},
        "facts": facts_row(alert.facts),
    }


def facts_row(facts: AlertFacts) -> dict[str, Any]:
    """The facts of an alert; what there is none of is left out."""
    row = {
        "kinds": [str(kind) for kind in facts.kinds],
        "codes": list(facts.codes),
        "uncovered": _lack_row(facts.uncovered),
        "unprotected": _lack_row(facts.unprotected),
        "next_try_at": instant_text(facts.next_try_at),
    }
    return {name: value for name, value in row.items() if value}


def _lack_row(lack: Lack | None) -> list[str | None]:
    return [] if lack is None else [exact_text(lack.quantity), instant_text(lack.since)]


def facts_of(row: Mapping[str, Any]) -> AlertFacts:
    """The facts that such a row says."""
    return AlertFacts(
        kinds=tuple(row.get("kinds", ())),
        codes=tuple(row.get("codes", ())),
        uncovered=_lack_of(row.get("uncovered")),
        unprotected=_lack_of(row.get("unprotected")),
        next_try_at=instant(row.get("next_try_at")),
    )


def _lack_of(row: Sequence[str] | None) -> Lack | None:
    quantity = exact(row[0]) if row else None
    return None if row is None or quantity is None else Lack(quantity, instant(row[1]))


def deliveries_row(pending: PendingAlert) -> Values:
    """How far an alert has got: by sink the attempts, when it had it, the next try, the error.

    Where the sink itself asked to be left alone until the next try, that follows.
    """
    return {
        "alert_id": pending.id,
        "delivered_at": pending.delivered_at,
        "attempts": pending.attempts,
        "deliveries": {
            name: [
                one.attempts,
                instant_text(one.delivered_at),
                instant_text(one.next_try_at),
                one.error,
                *([True] if one.is_asked else []),
            ]
            for name, one in pending.deliveries.items()
        },
    }


def pending_alert_of(row: Row) -> PendingAlert:
    """The alert of its row."""
    key = MonitorKey(row.account, row.symbol, Side(row.side))
    status, facts = RunOutcome(row.status), facts_of(row.facts)
    alert = Alert(row.run_id, key, status, row.text, row.created_at, facts=facts)
    deliveries = {
        name: Delivery(attempts, instant(delivered), instant(next_try), error, bool(is_asked))
        for name, (attempts, delivered, next_try, error, *is_asked) in row.deliveries.items()
    }
    return PendingAlert(row.id, alert, deliveries, row.delivered_at)


def unwatched_row(key: MonitorKey, event: UnwatchedPosition) -> Values:
    """The row of a position that no monitor watches, as it was first seen."""
    return {
        "account": key.account,
        "symbol": key.symbol,
        "side": key.side.value,
        "size": event.size,
        "entry_price": event.entry_price,
        "since": event.since,
        "until": None,
        "why": "",
    }


def unwatched_of(row: Row) -> tuple[MonitorKey, UnwatchedPosition]:
    """The position of its row, and whose it is."""
    key = MonitorKey(row.account, row.symbol, Side(row.side))
    return key, UnwatchedPosition(row.size, row.entry_price, row.since)


def sweep_row(status: AccountStatus) -> Values:
    """The row of an account's last sweep."""
    return {
        "account": status.account,
        "swept_at": status.swept_at,
        "monitors": status.monitors,
        "drifted": status.drifted,
        "view_state": status.view.value,
        "reason": status.reason,
        "clock_offset_ms": status.clock_offset_ms,
        "engine_start": status.engine_start,
    }


def start_row(start: EngineStart) -> Values:
    """The row of a start of the service, but for the schema's version."""
    versions = {f"{of}_version": start.versions.get(of, "") for of in ("trueup", "pybit")}
    settings = dict(start.settings)
    return {"started_at": start.started_at, "stopped_at": None, "settings": settings, **versions}
