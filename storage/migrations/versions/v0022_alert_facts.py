"""What each alert says for programs: its kinds, and how much is bare since when."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the facts; nothing is known of those of earlier alerts."""
    column = sa.Column("facts", sa.String(), nullable=False, server_default="{}")
    op.add_column("alert", column)
