"""Leases of shares of the accounts, where several processes share a database on PostgreSQL."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates the table, empty: one engine owns the database, and every monitor's epoch is 0."""
    op.create_table(
        "shard",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("lease_until_us", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("number", name="pk_shard"),
    )
    op.add_column("monitor", sa.Column("epoch", sa.Integer(), nullable=False, server_default="0"))
