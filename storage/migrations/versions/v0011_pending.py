"""What a write found its order like, and until when it may take effect."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the columns; of writes that are stored already, neither is known."""
    for name in ("price_before", "quantity_before", "until"):
        op.add_column("intent", sa.Column(name, sa.String(), nullable=True))
