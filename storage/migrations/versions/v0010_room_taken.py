"""What external reduce-only orders took of the room, where the exchange refused more cover."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the column; nothing is known of earlier refusals."""
    op.add_column("monitor", sa.Column("room_taken", sa.String(), nullable=True))
