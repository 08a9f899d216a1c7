"""How far each alert has got at each sink."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the deliveries; an alert that is pending goes to every sink."""
    column = sa.Column("deliveries", sa.String(), nullable=False, server_default="{}")
    op.add_column("alert", column)
