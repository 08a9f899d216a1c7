"""The first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates all tables."""
    _monitors()
    _intents()
    _journal()
    _outbox()


def _monitors() -> None:
    op.create_table(
        "monitor",
        *_numbers("id"),
        *_texts("account", "symbol", "side", "role"),
        *_texts("follows", nullable=True),
        *_texts("ladder_source", "state"),
        *_numbers("version", "cycle"),
        *_texts("position_size", "entry_price", "covered_quantity"),
        *_texts("coverage_pct", "last_outcome", "last_run_id", "last_run_at", nullable=True),
        *_numbers("attempts"),
        *_texts("next_try_at", "recovered_at", nullable=True),
        *_numbers("wakes"),
        sa.PrimaryKeyConstraint("id", name="pk_monitor"),
        sa.UniqueConstraint("account", "symbol", "side", name="uq_monitor_account_symbol_side"),
    )
    op.create_table(
        "level",
        *_numbers("monitor_id", "number"),
        *_texts("price", "share"),
        *_texts("target_quantity", nullable=True),
        *_texts("live_quantity", "filled_quantity", "status"),
        sa.PrimaryKeyConstraint("monitor_id", "number", name="pk_level"),
        _of_monitor("level"),
    )
    op.create_table(
        "level_order",
        *_numbers("monitor_id", "cycle"),
        *_texts("order_link_id"),
        *_numbers("sequence", "level", "part"),
        *_texts("order_id", "price", "asked_price", "quantity", "filled", "status", "origin"),
        *_numbers("generation"),
        sa.PrimaryKeyConstraint("monitor_id", "cycle", "order_link_id", name="pk_level_order"),
        _of_monitor("level_order"),
    )


def _intents() -> None:
    op.create_table(
        "intent",
        *_numbers("number"),
        *_texts("id"),
        *_numbers("monitor_id"),
        *_texts("run_id", "operation"),
        *_numbers("level", "part"),
        *_texts("order_link_id", "order_id"),
        *_texts("price", "quantity", nullable=True),
        *_texts("covered", "covers"),
        *_numbers("generation"),
        sa.Column("again", sa.Boolean(), nullable=False),
        *_texts("status"),
        *_numbers("code", nullable=True),
        *_texts("detail", "created_at"),
        *_texts("resolved_at", nullable=True),
        sa.PrimaryKeyConstraint("number", name="pk_intent"),
        sa.UniqueConstraint("id", name="uq_intent_id"),
        _of_monitor("intent"),
    )
    op.create_index("ix_intent_monitor_id_number", "intent", ["monitor_id", "number"])
    op.create_index("ix_intent_run_id_number", "intent", ["run_id", "number"])
    op.create_index(
        "ix_intent_open",
        "intent",
        ["monitor_id", "number"],
        sqlite_where=sa.text("status IN ('planned', 'sent', 'unknown')"),
    )


def _journal() -> None:
    _log("transition", *_texts("run_id", "source", "event", "target", "at", "detail"))
    _log(
        "exchange_call",
        *_texts("run_id", "operation", "order_link_id", "outcome"),
        *_numbers("code", nullable=True),
        *_numbers("latency_ms"),
        *_texts("at", "detail"),
    )
    _log("decision", *_texts("run_id", "state", "text", "at"))


def _outbox() -> None:
    _log(
        "alert",
        *_texts("run_id", "status", "text", "created_at"),
        *_texts("delivered_at", nullable=True),
        *_numbers("attempts"),
    )
    op.create_index(
        "ix_alert_pending", "alert", ["id"], sqlite_where=sa.text("delivered_at IS NULL")
    )


def _log(name: str, *columns: sa.Column[str] | sa.Column[int]) -> None:
    """A table that grows, read by monitor in the order of writing."""
    op.create_table(
        name,
        *_numbers("id", "monitor_id"),
        *columns,
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        _of_monitor(name),
    )
    op.create_index(f"ix_{name}_monitor_id_id", name, ["monitor_id", "id"])


def _texts(*names: str, nullable: bool = False) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(), nullable=nullable) for name in names]


def _numbers(*names: str, nullable: bool = False) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.Integer(), nullable=nullable) for name in names]


def _of_monitor(name: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["monitor_id"], ["monitor.id"], name=f"fk_{name}_monitor_id_monitor"
    )
