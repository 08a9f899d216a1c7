"""The stop of a monitor, and the requests that set it."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds both columns; a monitor that is there already has no stop."""
    op.add_column("monitor", sa.Column("stop", sa.String(), nullable=True))
    op.add_column("journal", sa.Column("stops", sa.String(), nullable=True))
