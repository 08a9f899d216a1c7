"""When a monitor's position was read last: its size is not known after a run that could not."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the column; a run that ended well had read the position."""
    op.add_column("monitor", sa.Column("position_read_at", sa.String(), nullable=True))
    op.execute(
        "UPDATE monitor SET position_read_at = last_run_at "
        "WHERE last_outcome IN ('IN_SYNC', 'SUCCESS')"
    )
