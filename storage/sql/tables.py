"""The schema, as SQLModel tables. The migrations bring a database to it; a test compares them.

Numbers are exact text, instants are UTC text (:mod:`.column_types`), enumerations are their values,
and what belongs to one row alone is a list in it, as JSON.
The metadata is trueup's own: a bot that embeds it keeps its SQLModel tables apart.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Index, MetaData, UniqueConstraint, text
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from ...domain.model.record import Source
from .column_types import ExactDecimal, Packed, Sealed, UtcInstant
from .conditions import CURRENT_CONTROL, ENDED_ORDERS, EVENTS, PENDING_ALERT

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _partial(name: str, *columns: str, where: str) -> Index:
    """An index of only those rows."""
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


class _Table(SQLModel, registry=registry(metadata=metadata)):
    """Base of the tables."""


class MonitorRow(_Table, table=True):
    """One monitor: where its machine stands.

    ``version`` counts commits and is in every commit's WHERE. ``wakes`` counts apart from it.
    ``source`` says how it came under watch, as the latest call has it; an ``unwatched`` monitor
    does not run. ``epoch`` is that of the lease under which its account is owned, in every commit's
    WHERE, too; 0 where one engine owns the database. ``covered_quantity`` and ``coverage_pct`` are
    calculated at each commit, since SQL cannot add numbers that are text. ``levels`` and ``orders``
    are those of its ladder and of this cycle; ``targets`` has a quantity for each level's number.
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
    levels: list[Any] = Field(sa_type=Packed, sa_column_kwargs={"server_default": "[]"})
    targets: dict[str, Any] = Field(sa_type=Packed, sa_column_kwargs={"server_default": "{}"})
    orders: list[Any] = Field(sa_type=Packed, sa_column_kwargs={"server_default": "[]"})
    reported: list[Any] | None = Field(sa_type=Packed)
    instead_of: list[Any] | None = Field(sa_type=Packed)
    withheld: list[Any] = Field(sa_type=Packed, sa_column_kwargs={"server_default": "[]"})
    stop: dict[str, Any] | None = Field(sa_type=Packed)
    ladder_rule: dict[str, Any] | None = Field(sa_type=Packed)
    closing: dict[str, Any] | None = Field(sa_type=Packed)
    epoch: int = Field(sa_column_kwargs={"server_default": "0"})


class IntentRow(_Table, table=True):
    """One write to the exchange that is open, or of a run that is under way.

    Writes are ordered by ``number``, which is never given twice. Those that are over go on in the
    journal.
    """

    __tablename__ = "intent"
    __table_args__ = (
        Index(None, "monitor_id", "number"),
        {"sqlite_autoincrement": True},
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


class JournalRow(_Table, table=True):
    """What one commit adds to the record of a run: a list each, of lists; NULL where it adds none.

    A time in them is a number of microseconds after ``at_us``, which counts from 1970. ``intents``
    are those that are over, ``orders`` those of a position that is; ``stops`` are the requests that
    set the position's stop, each as the commit leaves it; ``events`` are in the commit
    that ends a run. The views unfold the lists. ``inputs`` is what was recorded of the run, for a
    replay: a segment of :mod:`trueup.domain.recording.segments`. ``checksum`` is that of all other
    columns but the id (:mod:`.checksum`).
    """

    __tablename__ = "journal"
    __table_args__ = (
        Index(None, "monitor_id", "id"),
        Index(None, "run_id", "id"),
        _partial("ix_journal_orders", "monitor_id", "id", where=ENDED_ORDERS),
        _partial("ix_journal_events", "monitor_id", "id", where=EVENTS),
    )

    id: int | None = Field(default=None, primary_key=True)
    monitor_id: int = Field(foreign_key="monitor.id")
    run_id: str
    at_us: int
    transitions: list[Any] | None = Field(sa_type=Packed)
    calls: list[Any] | None = Field(sa_type=Packed)
    decisions: list[Any] | None = Field(sa_type=Packed)
    intents: list[Any] | None = Field(sa_type=Packed)
    orders: list[Any] | None = Field(sa_type=Packed)
    events: list[Any] | None = Field(sa_type=Packed)
    inputs: bytes | None
    checksum: int | None = Field(sa_type=Sealed)
    stops: list[Any] | None = Field(sa_type=Packed)


class PhraseRow(_Table, table=True):
    """The words of a decision, with ``%s`` for each value, and the state that says it.

    The journal has the number of the words, and the values.
    """

    __tablename__ = "phrase"
    __table_args__ = (UniqueConstraint("state", "text"),)

    id: int | None = Field(default=None, primary_key=True)
    state: str
    text: str


class AlertRow(_Table, table=True):
    """One alert of the outbox; pending until ``delivered_at`` is set.

    ``monitor_id`` is NULL where it is about a position that no monitor watches.
    """

    __tablename__ = "alert"
    __table_args__ = (
        Index(None, "monitor_id", "id"),
        Index(None, "account", "symbol", "side", "id"),
        _partial("ix_alert_pending", "id", where=PENDING_ALERT),
    )

    id: int | None = Field(default=None, primary_key=True)
    monitor_id: int | None = Field(foreign_key="monitor.id")
    account: str
    symbol: str
    side: str
    run_id: str
    status: str
    text: str
    created_at: datetime = Field(sa_type=UtcInstant)
    delivered_at: datetime | None = Field(sa_type=UtcInstant)
    attempts: int
    deliveries: dict[str, Any] = Field(sa_type=Packed, sa_column_kwargs={"server_default": "{}"})
    facts: dict[str, Any] = Field(sa_type=Packed, sa_column_kwargs={"server_default": "{}"})


class UnwatchedRow(_Table, table=True):
    """One position that a sweep found on an account with monitors, and that no monitor watches.

    ``size`` and ``entry_price`` are as first seen. ``until`` is NULL while it lasts.
    """

    __tablename__ = "unwatched"
    __table_args__ = (Index(None, "account", "symbol", "side", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    account: str
    symbol: str
    side: str
    size: Decimal = Field(sa_type=ExactDecimal)
    entry_price: Decimal = Field(sa_type=ExactDecimal)
    since: datetime = Field(sa_type=UtcInstant)
    until: datetime | None = Field(sa_type=UtcInstant)
    why: str


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
    ``engine_start`` is the id of the start that made it. No foreign key: pruning removes starts.
    """

    __tablename__ = "account_sweep"

    account: str = Field(primary_key=True)
    swept_at: datetime = Field(sa_type=UtcInstant)
    monitors: int
    drifted: int
    view_state: str
    reason: str
    clock_offset_ms: int | None
    engine_start: int | None


class ControlRow(_Table, table=True):
    """One pause, halt or resume, by a person or a program: no write leaves for what is stopped.

    Or a command to close a position: ``share`` of the one that the monitor counts as ``cycle``.
    The one table that processes beside the engine write, too.
    """

    __tablename__ = "control"
    __table_args__ = (
        _partial("ix_control_current", "number", where=CURRENT_CONTROL),
        {"sqlite_autoincrement": True},
    )

    number: int | None = Field(default=None, primary_key=True)
    kind: str
    account: str
    symbol: str
    side: str
    asked_at: datetime = Field(sa_type=UtcInstant)
    asked_by: str
    reason: str
    ended_by: int | None
    acknowledged_at: datetime | None = Field(sa_type=UtcInstant)
    share: Decimal | None = Field(sa_type=ExactDecimal)
    cycle: int | None


class CommandRow(_Table, table=True):
    """One command to the service, by a person or a program; its ``command_id`` is there once.

    ``changes`` has what it was to change, from what to what. ``answer`` is NULL while the service
    works on it, and for good where the process died meanwhile.
    """

    __tablename__ = "command"

    id: int | None = Field(default=None, primary_key=True)
    command_id: str = Field(sa_column_kwargs={"unique": True})
    kind: str
    account: str
    symbol: str
    side: str
    asked_at: datetime = Field(sa_type=UtcInstant)
    asked_by: str
    reason: str
    arguments: dict[str, Any] = Field(sa_type=Packed)
    changes: list[Any] = Field(sa_type=Packed)
    answered_at: datetime | None = Field(sa_type=UtcInstant)
    answer: list[Any] | None = Field(sa_type=Packed)


class EngineStartRow(_Table, table=True):
    """One start of the service, with which versions and settings.

    ``stopped_at`` is NULL while it runs, and for good where the process died. ``settings`` has a
    text for each setting by its name, and no key of an account.
    """

    __tablename__ = "engine_start"

    id: int | None = Field(default=None, primary_key=True)
    started_at: datetime = Field(sa_type=UtcInstant)
    stopped_at: datetime | None = Field(sa_type=UtcInstant)
    trueup_version: str
    schema_version: str
    pybit_version: str
    settings: dict[str, Any] = Field(sa_type=Packed)


class ShardRow(_Table, table=True):
    """One share of the accounts, which one process at a time owns for as long as its lease lasts.

    ``number`` follows from an account's name. ``epoch`` counts owners. ``lease_until_us`` counts
    from 1970 by the server's clock, and is NULL while nobody has a lease. The table is empty where
    one engine owns the database.
    """

    __tablename__ = "shard"

    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    owner: str
    epoch: int
    lease_until_us: int | None


class FleetOrderRow(_Table, table=True):
    """One order to the processes that share the accounts, for as long as it is in force.

    An empty ``worker`` is a halt of them all: no lease is renewed or claimed. Else that process
    gives its shards back and claims none.
    """

    __tablename__ = "fleet_order"

    worker: str = Field(primary_key=True)
    ordered_at: datetime = Field(sa_type=UtcInstant)
    ordered_by: str
    reason: str


class PruningRow(_Table, table=True):
    """One range of row ids that a pruning removed from a table; no row of the range stayed.

    ``row_count`` says how many rows it had, and ``newest_at`` of when the newest one was.
    """

    __tablename__ = "pruning"
    __table_args__ = (Index(None, "from_table", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    pruned_at: datetime = Field(sa_type=UtcInstant)
    from_table: str
    first_id: int
    last_id: int
    row_count: int
    newest_at: datetime = Field(sa_type=UtcInstant)
