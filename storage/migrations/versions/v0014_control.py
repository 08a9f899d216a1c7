"""What people pause, halt and resume, in a table that processes beside the engine write, too."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates the table, empty: nothing is stopped."""
    op.create_table(
        "control",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("symbol", sa.String(), nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("asked_at", sa.String(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.Column("acknowledged_at", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("number", name="pk_control"),
        sqlite_autoincrement=True,
    )
    current = sa.text("(ended_by IS NULL AND kind IN ('pause', 'halt')) OR acknowledged_at IS NULL")
    op.create_index("ix_control_current", "control", ["number"], sqlite_where=current)
