"""When a monitor's contract ends, and when people were last alerted of that.

A monitor that is already on record has neither; its next run reads the contract's rules.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the columns in place, without rebuilding the table."""
    op.add_column("monitor", sa.Column("expires_at", sa.String(), nullable=True))
    op.add_column("monitor", sa.Column("expiry_alerted_at", sa.String(), nullable=True))
