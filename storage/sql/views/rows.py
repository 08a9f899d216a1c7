"""The rows of the views, as SQLModel classes: what people query in Python.

A test compares every class with its view: columns, order, types. Their metadata is not part of the
schema's: views are made from :mod:`.definitions`, not by migrations.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import MetaData
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from ..column_types import ExactDecimal, Packed, UtcInstant


class ViewRow(SQLModel, registry=registry(metadata=MetaData())):
    """Base of the views."""


class AccountStatus(ViewRow, table=True):
    """How an account stood at its last sweep."""

    __tablename__ = "account_status"

    account: str = Field(primary_key=True)
    swept_at: datetime = Field(sa_type=UtcInstant)
    monitors: int
    drifted: int
    view_state: str
    reason: str
    clock_offset_ms: int | None
    engine_start: int | None


class MonitorStatus(ViewRow, table=True):
    """How a monitor stands: its position, its cover, its last run and its next try.

    ``position_size``, ``covered_quantity`` and ``coverage_pct`` are None where the last run could
    not read the position; it was ``last_position_size`` at ``position_read_at``. A run that waits
    for a second or more says until when, and for what.
    """

    __tablename__ = "monitor_status"

    account: str = Field(primary_key=True)
    symbol: str = Field(primary_key=True)
    side: str = Field(primary_key=True)
    role: str
    follows: str | None
    state: str
    position_size: Decimal | None = Field(sa_type=ExactDecimal)
    covered_quantity: Decimal | None = Field(sa_type=ExactDecimal)
    coverage_pct: Decimal | None = Field(sa_type=ExactDecimal)
    last_position_size: Decimal = Field(sa_type=ExactDecimal)
    position_read_at: datetime | None = Field(sa_type=UtcInstant)
    last_outcome: str | None
    last_run_id: str | None
    last_run_at: datetime | None = Field(sa_type=UtcInstant)
    attempts: int
    next_try_at: datetime | None = Field(sa_type=UtcInstant)
    waits_until: datetime | None = Field(sa_type=UtcInstant)
    waits_for: str
    ladder_source: str
    recovered_at: datetime | None = Field(sa_type=UtcInstant)
    cycle: int
    version: int
    source: str
    expires_at: datetime | None = Field(sa_type=UtcInstant)
    stopped: str | None
    others_close: Decimal | None = Field(sa_type=ExactDecimal)


class LevelStatus(ViewRow, table=True):
    """What a level of a monitor's ladder asks for, and what rests and has filled of it."""

    __tablename__ = "level_status"

    account: str = Field(primary_key=True)
    symbol: str = Field(primary_key=True)
    side: str = Field(primary_key=True)
    level: int = Field(primary_key=True)
    price: Decimal = Field(sa_type=ExactDecimal)
    share: Decimal = Field(sa_type=ExactDecimal)
    target_quantity: Decimal | None = Field(sa_type=ExactDecimal)
    live_quantity: Decimal = Field(sa_type=ExactDecimal)
    filled_quantity: Decimal = Field(sa_type=ExactDecimal)
    withheld: str | None
    order_link_id: str | None
    order_id: str | None
    status: str


class PendingWrite(ViewRow, table=True):
    """A write whose effect no read has shown yet: what it may still do, and until when.

    ``status`` is what its order waits for, in the words of FIX: ``pending_new``,
    ``pending_replace`` or ``pending_cancel``. Until it is settled the order covers between
    ``covered`` and ``covers``.
    """

    __tablename__ = "pending_write"

    number: int = Field(primary_key=True)
    account: str
    symbol: str
    side: str
    level: int
    order_link_id: str
    status: str
    acknowledged: bool
    price_before: Decimal | None = Field(sa_type=ExactDecimal)
    quantity_before: Decimal | None = Field(sa_type=ExactDecimal)
    price: Decimal | None = Field(sa_type=ExactDecimal)
    quantity: Decimal | None = Field(sa_type=ExactDecimal)
    covered: Decimal = Field(sa_type=ExactDecimal)
    covers: Decimal = Field(sa_type=ExactDecimal)
    created_at: datetime = Field(sa_type=UtcInstant)
    until: datetime | None = Field(sa_type=UtcInstant)
    run_id: str


class TransitionLog(ViewRow, table=True):
    """One step of a monitor's machine; ``id`` is of the commit, ``part`` counts within it."""

    __tablename__ = "transition_log"

    id: int = Field(primary_key=True)
    part: int = Field(primary_key=True)
    run_id: str
    account: str
    symbol: str
    side: str
    source: str
    event: str
    target: str
    at: datetime = Field(sa_type=UtcInstant)
    detail: str


class ExchangeCallLog(ViewRow, table=True):
    """One request to the exchange, or one item of a batch, and its answer."""

    __tablename__ = "exchange_call_log"

    id: int = Field(primary_key=True)
    part: int = Field(primary_key=True)
    run_id: str
    account: str
    symbol: str
    side: str
    operation: str
    order_link_id: str
    outcome: str
    code: int | None
    latency_ms: int
    at: datetime = Field(sa_type=UtcInstant)
    detail: str


class DecisionLog(ViewRow, table=True):
    """What a state decided, in view of what it saw."""

    __tablename__ = "decision_log"

    id: int = Field(primary_key=True)
    part: int = Field(primary_key=True)
    run_id: str
    account: str
    symbol: str
    side: str
    state: str
    text: str
    at: datetime = Field(sa_type=UtcInstant)


class IntentLog(ViewRow, table=True):
    """One write to the exchange, from its plan to what became of it.

    ``settled_in`` is the commit that recorded its end; of an open one the commit to come.
    """

    __tablename__ = "intent_log"

    number: int = Field(primary_key=True)
    id: str
    run_id: str
    account: str
    symbol: str
    side: str
    operation: str
    level: int
    part: int
    order_link_id: str
    order_id: str
    quantity: Decimal | None = Field(sa_type=ExactDecimal)
    price: Decimal | None = Field(sa_type=ExactDecimal)
    covered: Decimal = Field(sa_type=ExactDecimal)
    covers: Decimal = Field(sa_type=ExactDecimal)
    generation: int
    again: bool
    status: str
    code: int | None
    detail: str
    created_at: datetime = Field(sa_type=UtcInstant)
    resolved_at: datetime | None = Field(sa_type=UtcInstant)
    settled_in: int


class AlertLog(ViewRow, table=True):
    """One alert, delivered or still pending."""

    __tablename__ = "alert_log"

    id: int = Field(primary_key=True)
    run_id: str
    account: str
    symbol: str
    side: str
    status: str
    kinds: str
    uncovered: Decimal | None = Field(sa_type=ExactDecimal)
    uncovered_since: datetime | None = Field(sa_type=UtcInstant)
    unprotected: Decimal | None = Field(sa_type=ExactDecimal)
    unprotected_since: datetime | None = Field(sa_type=UtcInstant)
    text: str
    created_at: datetime = Field(sa_type=UtcInstant)
    delivered_at: datetime | None = Field(sa_type=UtcInstant)
    attempts: int
    facts: dict[str, Any] = Field(sa_type=Packed)


class AlertDeliveryLog(ViewRow, table=True):
    """How far an alert has got at one sink; there is none before some sink was given the alert."""

    __tablename__ = "alert_delivery_log"

    alert_id: int = Field(primary_key=True)
    sink: str = Field(primary_key=True)
    run_id: str
    account: str
    symbol: str
    side: str
    created_at: datetime = Field(sa_type=UtcInstant)
    attempts: int
    delivered_at: datetime | None = Field(sa_type=UtcInstant)
    next_try_at: datetime | None = Field(sa_type=UtcInstant)
    error: str


class OrderLog(ViewRow, table=True):
    """One owned order, of this position or of one that is over, as it was last seen."""

    __tablename__ = "order_log"

    account: str = Field(primary_key=True)
    symbol: str = Field(primary_key=True)
    side: str = Field(primary_key=True)
    cycle: int = Field(primary_key=True)
    order_link_id: str = Field(primary_key=True)
    level: int
    part: int
    order_id: str
    price: Decimal = Field(sa_type=ExactDecimal)
    asked_price: Decimal = Field(sa_type=ExactDecimal)
    quantity: Decimal = Field(sa_type=ExactDecimal)
    filled: Decimal = Field(sa_type=ExactDecimal)
    status: str
    origin: str
    generation: int
    updated_ms: int
    purpose: str


class ControlStatus(ViewRow, table=True):
    """A pause, halt, resume or close: who asked for it, and whether it keeps writes from leaving.

    ``account``, ``symbol`` and ``side`` are None where it concerns all of them.
    """

    __tablename__ = "control_status"

    number: int = Field(primary_key=True)
    kind: str
    account: str | None
    symbol: str | None
    side: str | None
    asked_at: datetime = Field(sa_type=UtcInstant)
    asked_by: str
    reason: str
    in_force: bool
    acknowledged_at: datetime | None = Field(sa_type=UtcInstant)
    share: Decimal | None = Field(sa_type=ExactDecimal)
    cycle: int | None
    ended_by: int | None
    ended_at: datetime | None = Field(sa_type=UtcInstant)


class CommandLog(ViewRow, table=True):
    """A command to the service: who asked for what, what it was to change, and the answer.

    ``account``, ``symbol`` and ``side`` are None where it concerns all of them. ``arguments``,
    ``changes`` and ``answer`` are JSON; ``answer`` is None where the service gave none.
    """

    __tablename__ = "command_log"

    id: int = Field(primary_key=True)
    command_id: str
    kind: str
    account: str | None
    symbol: str | None
    side: str | None
    asked_at: datetime = Field(sa_type=UtcInstant)
    asked_by: str
    reason: str
    arguments: str
    changes: str
    answered_at: datetime | None = Field(sa_type=UtcInstant)
    answer: str | None


class EngineLog(ViewRow, table=True):
    """One start of the service.

    ``stopped_at`` is None while it runs, and where the process died. ``changed`` has the settings
    that are new or other ones than at the start before; None for the first one.
    """

    __tablename__ = "engine_log"

    id: int = Field(primary_key=True)
    started_at: datetime = Field(sa_type=UtcInstant)
    stopped_at: datetime | None = Field(sa_type=UtcInstant)
    trueup_version: str
    schema_version: str
    pybit_version: str
    changed: str | None
