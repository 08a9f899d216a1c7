"""Whose position it was when that was last known: what tells a new position from a grown one."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the columns; NULL: the next run starts from the last run's end."""
    op.add_column("monitor", sa.Column("anchor_size", sa.String(), nullable=True))
    op.add_column("monitor", sa.Column("anchor_ms", sa.Integer(), nullable=True))
    op.add_column("monitor", sa.Column("anchor_seq", sa.Integer(), nullable=True))
    op.add_column("monitor", sa.Column("anchor_opened_ms", sa.Integer(), nullable=True))
