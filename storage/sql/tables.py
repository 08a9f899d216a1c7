"""The schema, as SQLModel tables. The migrations bring a database to it; a test compares them.

Numbers are exact text, instants are UTC text (:mod:`.column_types`), enumerations are their values.
The metadata is trueup's own: a bot that embeds it keeps its SQLModel tables apart.
"""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import Index, MetaData, UniqueConstraint, text
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from ...domain.model.record import Purpose, Source
from .column_types import ExactDecimal, UtcInstant

# Both are the conditions of partial indices: SQLite uses one only for a query in the same words.
OPEN_INTENT = "status IN ('planned', 'sent', 'unknown')"
PENDING_ALERT = "delivered_at IS NULL"

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class _Table(SQLModel, registry=registry(metadata=metadata)):
    """Base of the tables."""


class MonitorRow(_Table, table=True):
    """One monitor: where its machine stands.

    ``version`` counts commits and is in every commit's WHERE. ``wakes`` counts apart from it.
    ``source`` says how it came under watch, as the latest call has it; an ``unwatched`` monitor
    does not run. ``covered_quantity`` and ``coverage_pct`` are calculated at each commit, since SQL
    cannot add numbers that are text.
    """

    __tablename__ = "monitor"
    __table_args__ = (UniqueConstraint("account", "symbol", "side"),)

    id: int | None = Field(default=None, primary_key=True)
    account: str
    symbol: str
    side: str
    role: str
    follows: str | None
    ladder_source: str
    state: str
    version: int
    cycle: int
    position_size: Decimal = Field(sa_type=ExactDecimal)
    entry_price: Decimal = Field(sa_type=ExactDecimal)
    covered_quantity: Decimal = Field(sa_type=ExactDecimal)
    coverage_pct: Decimal | None = Field(sa_type=ExactDecimal)
    last_outcome: str | None
    last_run_id: str | None
    last_run_at: datetime | None = Field(sa_type=UtcInstant)
    attempts: int
    next_try_at: datetime | None = Field(sa_type=UtcInstant)
    recovered_at: datetime | None = Field(sa_type=UtcInstant)
    wakes: int
    source: str = Field(sa_column_kwargs={"server_default": Source.CONFIGURED.value})
    expires_at: datetime | None = Field(sa_type=UtcInstant)
    expiry_alerted_at: datetime | None = Field(sa_type=UtcInstant)
    anchor_size: Decimal | None = Field(sa_type=ExactDecimal)
    anchor_ms: int | None
    anchor_seq: int | None
    anchor_opened_ms: int | None
    position_read_at: datetime | None = Field(sa_type=UtcInstant)
    contests: int = Field(sa_column_kwargs={"server_default": "0"})
    contested_at: datetime | None = Field(sa_type=UtcInstant)
    room_taken: Decimal | None = Field(sa_type=ExactDecimal)
    anchor_unsure: bool = Field(sa_column_kwargs={"server_default": "0"})
    position_seq: int = Field(sa_column_kwargs={"server_default": "-1"})
    position_read_us: int | None
    waits_until: datetime | None = Field(sa_type=UtcInstant)
    waits_for: str = Field(sa_column_kwargs={"server_default": ""})


class LevelRow(_Table, table=True):
    """One level of a monitor's ladder, with what rests and what has filled in this cycle."""

    __tablename__ = "level"

    monitor_id: int = Field(primary_key=True, foreign_key="monitor.id")
    number: int = Field(primary_key=True)
    price: Decimal = Field(sa_type=ExactDecimal)
    share: Decimal = Field(sa_type=ExactDecimal)
    target_quantity: Decimal | None = Field(sa_type=ExactDecimal)
    live_quantity: Decimal = Field(sa_type=ExactDecimal)
    filled_quantity: Decimal = Field(sa_type=ExactDecimal)
    status: str


class OrderRow(_Table, table=True):
    """One owned order; those of the monitor's own cycle are its record, older ones history."""

    __tablename__ = "level_order"

    monitor_id: int = Field(primary_key=True, foreign_key="monitor.id")
    cycle: int = Field(primary_key=True)
    order_link_id: str = Field(primary_key=True)
    sequence: int
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
    updated_ms: int = Field(sa_column_kwargs={"server_default": "0"})
    purpose: str = Field(sa_column_kwargs={"server_default": Purpose.TAKE_PROFIT.value})


class IntentRow(_Table, table=True):
    """One write to the exchange; writes are ordered by ``number``."""

    __tablename__ = "intent"
    __table_args__ = (
        Index(None, "monitor_id", "number"),
        Index(None, "run_id", "number"),
        Index("ix_intent_open", "monitor_id", "number", sqlite_where=text(OPEN_INTENT)),
    )

    number: int | None = Field(default=None, primary_key=True)
    id: str = Field(unique=True)
    monitor_id: int = Field(foreign_key="monitor.id")
    run_id: str
    operation: str
    level: int
    part: int
    order_link_id: str
    order_id: str
    price: Decimal | None = Field(sa_type=ExactDecimal)
    quantity: Decimal | None = Field(sa_type=ExactDecimal)
    covered: Decimal = Field(sa_type=ExactDecimal)
    covers: Decimal = Field(sa_type=ExactDecimal)
    generation: int
    again: bool
    status: str
    code: int | None
    detail: str
    created_at: datetime = Field(sa_type=UtcInstant)
    resolved_at: datetime | None = Field(sa_type=UtcInstant)
    price_before: Decimal | None = Field(sa_type=ExactDecimal)
    quantity_before: Decimal | None = Field(sa_type=ExactDecimal)
    until: datetime | None = Field(sa_type=UtcInstant)
    announced_us: int | None


class TransitionRow(_Table, table=True):
    """One step of a machine."""

    __tablename__ = "transition"
    __table_args__ = (Index(None, "monitor_id", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    monitor_id: int = Field(foreign_key="monitor.id")
    run_id: str
    source: str
    event: str
    target: str
    at: datetime = Field(sa_type=UtcInstant)
    detail: str


class ExchangeCallRow(_Table, table=True):
    """One request to the exchange, or one item of a batch, and its answer."""

    __tablename__ = "exchange_call"
    __table_args__ = (Index(None, "monitor_id", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    monitor_id: int = Field(foreign_key="monitor.id")
    run_id: str
    operation: str
    order_link_id: str
    outcome: str
    code: int | None
    latency_ms: int
    at: datetime = Field(sa_type=UtcInstant)
    detail: str


class DecisionRow(_Table, table=True):
    """What a state decided, in view of what it saw."""

    __tablename__ = "decision"
    __table_args__ = (Index(None, "monitor_id", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    monitor_id: int = Field(foreign_key="monitor.id")
    run_id: str
    state: str
    text: str
    at: datetime = Field(sa_type=UtcInstant)


class AlertRow(_Table, table=True):
    """One alert of the outbox; pending until ``delivered_at`` is set."""

    __tablename__ = "alert"
    __table_args__ = (
        Index(None, "monitor_id", "id"),
        Index("ix_alert_pending", "id", sqlite_where=text(PENDING_ALERT)),
    )

    id: int | None = Field(default=None, primary_key=True)
    monitor_id: int = Field(foreign_key="monitor.id")
    run_id: str
    status: str
    text: str
    created_at: datetime = Field(sa_type=UtcInstant)
    delivered_at: datetime | None = Field(sa_type=UtcInstant)
    attempts: int


class AccountKeyRow(_Table, table=True):
    """What was last read of an API key; the key itself is nowhere in the database.

    An account whose key is on record goes on by the record while the exchange cannot be asked.
    """

    __tablename__ = "account_key"

    fingerprint: str = Field(primary_key=True)
    account: str
    uid: str
    read_at: datetime = Field(sa_type=UtcInstant)
    expires_at: datetime | None = Field(sa_type=UtcInstant)
    expiry_alerted: int | None


class AccountSweepRow(_Table, table=True):
    """The last sweep of an account; the next sweep overwrites it.

    An idle engine leaves no other trace: the age of this row shows whether the engine is alive.
    """

    __tablename__ = "account_sweep"

    account: str = Field(primary_key=True)
    swept_at: datetime = Field(sa_type=UtcInstant)
    monitors: int
    drifted: int
    view_state: str
    reason: str
    clock_offset_ms: int | None
