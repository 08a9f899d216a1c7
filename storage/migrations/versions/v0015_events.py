"""What happened to positions: events in the journal, and what of a monitor they have reported."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the columns; nothing that happened until now is reported."""
    op.add_column("monitor", sa.Column("reported", sa.String(), nullable=True))
    op.add_column("journal", sa.Column("events", sa.String(), nullable=True))
