"""The field's words for what is known of an order: pending_new, open, rejected."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_WORDS = (("sent", "pending_new"), ("live", "open"), ("dead", "rejected"))


def upgrade() -> None:
    """Rewrites the stored rows, those of orders and of levels."""
    for table in ("level_order", "level"):
        for before, now in _WORDS:
            op.execute(f"UPDATE {table} SET status = '{now}' WHERE status = '{before}'")
