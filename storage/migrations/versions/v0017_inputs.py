"""What the decisions of a run were made from."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the recorded inputs to the journal."""
    op.add_column("journal", sa.Column("inputs", sa.LargeBinary(), nullable=True))
