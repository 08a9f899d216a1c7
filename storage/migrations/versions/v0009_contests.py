"""How often somebody else changed a monitor's orders, so that a restart begins no new fight."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the columns in place; no change is on record yet."""
    op.add_column(
        "monitor", sa.Column("contests", sa.Integer(), nullable=False, server_default="0")
    )
    op.add_column("monitor", sa.Column("contested_at", sa.String(), nullable=True))
