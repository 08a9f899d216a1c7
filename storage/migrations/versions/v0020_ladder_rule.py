"""The ladder by rule of a monitor, beside the prices that it has come to."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the column; a monitor that is there already has a ladder in prices, or none."""
    op.add_column("monitor", sa.Column("ladder_rule", sa.String(), nullable=True))
