"""Records that stay as they were written: what pruning removed, and a checksum for each row."""

from zlib import crc32

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_AT_ONCE = 500
_MODULUS = 1 << 32


def upgrade() -> None:
    """Creates the table of prunings, empty, and gives every row of the journal its checksum."""
    op.create_table(
        "pruning",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pruned_at", sa.String(), nullable=False),
        sa.Column("from_table", sa.String(), nullable=False),
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.Column("last_id", sa.Integer(), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("newest_at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_pruning"),
    )
    op.create_index("ix_pruning_from_table_id", "pruning", ["from_table", "id"])
    op.add_column("journal", sa.Column("checksum", sa.Integer(), nullable=True))
    _seal()


def _seal() -> None:
    """Calculates the checksums, some rows at a time."""
    connection, last = op.get_bind(), 0
    columns = [row[1] for row in connection.exec_driver_sql("PRAGMA table_info(journal)")]
    sealed = ", ".join(name for name in columns if name not in ("id", "checksum"))
    some = f"SELECT id, {sealed} FROM journal WHERE id > ? ORDER BY id LIMIT {_AT_ONCE}"
    while rows := connection.exec_driver_sql(some, (last,)).fetchall():
        values = [(_checksum(row[1:]), row[0]) for row in rows]
        connection.exec_driver_sql("UPDATE journal SET checksum = ? WHERE id = ?", values)
        last = rows[-1][0]


def _checksum(values: tuple[object, ...]) -> int:
    """The CRC-32 of the values, as a signed number; what is NULL at the end counts for nothing."""
    found = crc32("\0".join(map(_text, values)).rstrip("\0").encode())
    return found - _MODULUS if found >= _MODULUS // 2 else found


def _text(value: object) -> str:
    if value is None:
        return ""
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)
