"""What happened: events in the journal, what of a monitor they reported, starts of the engine."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds columns and table; nothing that happened until now is reported."""
    op.add_column("monitor", sa.Column("reported", sa.String(), nullable=True))
    op.add_column("monitor", sa.Column("instead_of", sa.String(), nullable=True))
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
