"""What was last read of every API key, by its fingerprint; the key itself is not stored."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates the table, empty: the next start fills it."""
    op.create_table(
        "account_key",
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("read_at", sa.String(), nullable=False),
        sa.Column("expires_at", sa.String(), nullable=True),
        sa.Column("expiry_alerted", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("fingerprint", name="pk_account_key"),
    )
