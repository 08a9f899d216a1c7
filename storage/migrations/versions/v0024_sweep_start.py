"""Which start of the service made an account's last sweep: clocks go back, ids do not."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the start's id; of the sweeps up to now nobody knows it."""
    op.add_column("account_sweep", sa.Column("engine_start", sa.Integer(), nullable=True))
