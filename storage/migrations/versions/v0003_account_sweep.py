"""The last sweep of every account, which distinguishes an idle engine from a dead one."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates the table, empty: the next sweeps fill it."""
    op.create_table(
        "account_sweep",
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("swept_at", sa.String(), nullable=False),
        sa.Column("monitors", sa.Integer(), nullable=False),
        sa.Column("drifted", sa.Integer(), nullable=False),
        sa.Column("view_state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("clock_offset_ms", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("account", name="pk_account_sweep"),
    )
