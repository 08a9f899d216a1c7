"""Orders to the processes that share a database: no lease for anybody, or none for one of them."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates the table, empty: every process may have leases."""
    op.create_table(
        "fleet_order",
        sa.Column("worker", sa.String(), nullable=False),
        sa.Column("ordered_at", sa.String(), nullable=False),
        sa.Column("ordered_by", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("worker", name="pk_fleet_order"),
    )
