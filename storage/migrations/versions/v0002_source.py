"""How a monitor came under watch, and when the exchange changed an order last.

Nobody knows how a monitor that is already on record came under watch. ``trueup run`` ran those that
its file named and left the others alone, and it continues to do so.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the columns in place, without rebuilding a table."""
    op.add_column(
        "monitor", sa.Column("source", sa.String(), nullable=False, server_default="configured")
    )
    op.add_column(
        "level_order", sa.Column("updated_ms", sa.Integer(), nullable=False, server_default="0")
    )
