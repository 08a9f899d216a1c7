"""Closes that are commanded: what is on record of them, and what each command asks for."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the columns; nothing has been commanded before."""
    op.add_column("monitor", sa.Column("closing", sa.String(), nullable=True))
    op.add_column("control", sa.Column("share", sa.String(), nullable=True))
    op.add_column("control", sa.Column("cycle", sa.Integer(), nullable=True))
