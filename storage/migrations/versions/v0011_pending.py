"""What a write found its order like, until when it may take effect; an order's purpose; waits."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the columns; of writes that are stored already, neither is known.

    All orders until now are take-profits; no doubt whose a position is was kept.
    """
    for name in ("price_before", "quantity_before", "until"):
        op.add_column("intent", sa.Column(name, sa.String(), nullable=True))
    op.add_column("intent", sa.Column("announced_us", sa.Integer(), nullable=True))
    purpose = sa.Column("purpose", sa.String(), nullable=False, server_default="take_profit")
    op.add_column("level_order", purpose)
    op.add_column(
        "monitor",
        sa.Column("anchor_unsure", sa.Boolean(), nullable=False, server_default="0"),
    )
    op.add_column(
        "monitor", sa.Column("position_seq", sa.Integer(), nullable=False, server_default="-1")
    )
    op.add_column("monitor", sa.Column("position_read_us", sa.Integer(), nullable=True))
    op.add_column("monitor", sa.Column("waits_until", sa.String(), nullable=True))
    op.add_column("monitor", sa.Column("waits_for", sa.String(), nullable=False, server_default=""))
