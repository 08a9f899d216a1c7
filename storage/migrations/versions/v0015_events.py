"""What happened: events, what they reported, starts of the engine, positions without a monitor."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_KEY = ("account", "symbol", "side")
_TEXTS = ("run_id", "status", "text", "created_at")


def upgrade() -> None:
    """Adds columns and tables; nothing that happened until now is reported."""
    op.add_column("monitor", sa.Column("reported", sa.String(), nullable=True))
    op.add_column("monitor", sa.Column("instead_of", sa.String(), nullable=True))
    withheld = sa.Column("withheld", sa.String(), nullable=False, server_default="[]")
    op.add_column("monitor", withheld)
    op.add_column("journal", sa.Column("events", sa.String(), nullable=True))
    reported = sa.text("events IS NOT NULL")
    op.create_index("ix_journal_events", "journal", ["monitor_id", "id"], sqlite_where=reported)
    op.create_table(
        "engine_start",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.String(), nullable=False),
        sa.Column("stopped_at", sa.String(), nullable=True),
        sa.Column("trueup_version", sa.String(), nullable=False),
        sa.Column("schema_version", sa.String(), nullable=False),
        sa.Column("pybit_version", sa.String(), nullable=False),
        sa.Column("settings", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_engine_start"),
    )
    op.create_table(
        "unwatched",
        sa.Column("id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("account", "symbol", "side")),
        sa.Column("size", sa.String(), nullable=False),
        sa.Column("entry_price", sa.String(), nullable=False),
        sa.Column("since", sa.String(), nullable=False),
        sa.Column("until", sa.String(), nullable=True),
        sa.Column("why", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_unwatched"),
    )
    op.create_index("ix_unwatched_account_symbol_side_id", "unwatched", [*_KEY, "id"])
    _alerts()


def _alerts() -> None:
    """An alert has the key that it is about, and need not be about a monitor."""
    op.create_table(
        "alert_of_any",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("monitor_id", sa.Integer(), nullable=True),
        *(sa.Column(name, sa.String(), nullable=False) for name in (*_KEY, *_TEXTS)),
        sa.Column("delivered_at", sa.String(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("deliveries", sa.String(), nullable=False, server_default="{}"),
        sa.PrimaryKeyConstraint("id", name="pk_alert"),
        sa.ForeignKeyConstraint(["monitor_id"], ["monitor.id"], name="fk_alert_monitor_id_monitor"),
    )
    columns = (*_TEXTS, "delivered_at", "attempts", "deliveries")
    op.execute(
        f"INSERT INTO alert_of_any (id, monitor_id, {', '.join((*_KEY, *columns))}) "
        "SELECT a.id, a.monitor_id, m.account, m.symbol, m.side, "
        f"{', '.join(f'a.{name}' for name in columns)} "
        "FROM alert a JOIN monitor m ON m.id = a.monitor_id"
    )
    op.drop_table("alert")
    op.rename_table("alert_of_any", "alert")
    op.create_index("ix_alert_monitor_id_id", "alert", ["monitor_id", "id"])
    op.create_index("ix_alert_account_symbol_side_id", "alert", [*_KEY, "id"])
    pending = sa.text("delivered_at IS NULL")
    op.create_index("ix_alert_pending", "alert", ["id"], sqlite_where=pending)
