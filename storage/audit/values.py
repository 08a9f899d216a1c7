"""Rows of the logs as values of the domain again."""

import json
from collections.abc import Mapping
from datetime import datetime

from ...domain.copies import replace
from ...domain.model.alert import Alert
from ...domain.model.commands import Operation
from ...domain.model.events import Event
from ...domain.model.identity import MonitorKey, Side
from ...domain.model.intent import Intent, IntentStatus
from ...domain.model.journal import Decision, ExchangeCall, Transition
from ...domain.model.protection import PositionStop, StopIntent
from ...domain.model.record import RunOutcome, StateName
from ..sql.columns import decimal, exact, instant
from ..sql.journal_rows import facts_of
from .event_values import event_of

LogRow = Mapping[str, str | int | None]
"""A row of a log: a value by the name of each column."""


def key_of(row: LogRow) -> MonitorKey:
    """Whose row it is."""
    return MonitorKey(str(row["account"]), str(row["symbol"]), Side(str(row["side"])))


def at_of(row: LogRow, name: str = "at") -> datetime:
    """The instant in a column that always has one."""
    return datetime.fromisoformat(str(row[name]))


def transition_of(row: LogRow) -> Transition:
    """The transition of a row of ``transition_log``."""
    return Transition(
        str(row["run_id"]),
        StateName(str(row["source"])),
        str(row["event"]),
        StateName(str(row["target"])),
        at_of(row),
        str(row["detail"]),
    )


def call_of(row: LogRow) -> ExchangeCall:
    """The call of a row of ``exchange_call_log``."""
    return ExchangeCall(
        str(row["run_id"]),
        str(row["operation"]),
        str(row["order_link_id"]),
        str(row["outcome"]),
        _number(row["code"]),
        int(row["latency_ms"] or 0),
        at_of(row),
        str(row["detail"]),
    )


def decision_of(row: LogRow) -> Decision:
    """The decision of a row of ``decision_log``."""
    return Decision(str(row["run_id"]), StateName(str(row["state"])), str(row["text"]), at_of(row))


def event_in(row: LogRow) -> Event:
    """The event of a row of ``event_log``."""
    return event_of(str(row["kind"]), json.loads(str(row["detail"])))


def alert_of(row: LogRow) -> Alert:
    """The alert of a row of ``alert_log``."""
    outcome, text = RunOutcome(str(row["status"])), str(row["text"])
    facts = facts_of(json.loads(str(row["facts"])))
    at = at_of(row, "created_at")
    return Alert(str(row["run_id"]), key_of(row), outcome, text, at, facts=facts)


def intent_in(row: LogRow) -> Intent:
    """The intent of a row of ``intent_log``, which does not have what was before it."""
    return Intent(
        id=str(row["id"]),
        run_id=str(row["run_id"]),
        operation=Operation(str(row["operation"])),
        level=int(row["level"] or 0),
        part=int(row["part"] or 1),
        order_link_id=str(row["order_link_id"]),
        order_id=str(row["order_id"]),
        price=exact(_text(row["price"])),
        quantity=exact(_text(row["quantity"])),
        created_at=at_of(row, "created_at"),
        covered=decimal(str(row["covered"])),
        covers=decimal(str(row["covers"])),
        generation=int(row["generation"] or 1),
        again=bool(row["again"]),
        status=IntentStatus(str(row["status"])),
        code=_number(row["code"]),
        detail=str(row["detail"]),
        resolved_at=instant(_text(row["resolved_at"])),
    )


def stop_intent_in(row: LogRow) -> StopIntent:
    """The intent of a row of ``stop_log``, as the row's commit left it."""
    names = ("price", "trailing", "activation")
    asked = [decimal(str(row[name])) for name in names]
    before = [decimal(str(row[f"{name}_before"])) for name in names]
    of_order = ("quantity", "quantity_before", "limit_price", "limit_price_before")
    sizes = [decimal(str(row[name] or "0")) for name in of_order]
    operation = str(row["operation"])
    return StopIntent(
        id=str(row["intent_id"]),
        run_id=str(row["run_id"]),
        cycle=int(row["cycle"] or 0),
        generation=int(row["generation"] or 0),
        position_index=0,
        asked=replace(PositionStop(*asked), quantity=sizes[0], limit=sizes[2]),
        rule=str(row["rule"]),
        before=replace(PositionStop(*before), quantity=sizes[1], limit=sizes[3]),
        created_at=at_of(row),
        status=IntentStatus(str(row["status"])),
        code=_number(row["code"]),
        detail=str(row["detail"]),
        order_link_id=str(row["order_link_id"]),
        operation=Operation(operation) if operation else None,
    )


def _number(value: str | int | None) -> int | None:
    return None if value is None else int(value)


def _text(value: str | int | None) -> str | None:
    return None if value is None else str(value)
