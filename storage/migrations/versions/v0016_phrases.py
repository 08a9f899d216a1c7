"""The words of decisions once for all, and writes without what they lack."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the table of phrases; of decisions until now, each text is a value as a whole."""
    op.create_table(
        "phrase",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_phrase"),
        sa.UniqueConstraint("state", "text", name="uq_phrase_state_text"),
    )
    op.execute(
        "INSERT INTO phrase (state, text) SELECT DISTINCT json_extract(e.value, '$[1]'), '%s' "
        "FROM journal JOIN json_each(journal.decisions) AS e ORDER BY 1"
    )
    op.execute(
        "UPDATE journal SET decisions = (SELECT json_group_array(json_array("
        f"{_places('0')}, (SELECT id FROM phrase WHERE state = {_places('1')} AND text = '%s'), "
        f"{_places('2')})) FROM json_each(journal.decisions) AS e) "
        "WHERE decisions IS NOT NULL"
    )
    op.execute(
        "UPDATE journal SET intents = (SELECT json_group_array(json_array("
        f"{_places('0 1 3 4 5 6 7 8 10 11 12 13 14 17 18 9 15 16 2')})) "
        "FROM json_each(journal.intents) AS e) WHERE intents IS NOT NULL"
    )


def _places(places: str) -> str:
    """What stands at these places of an entry."""
    return ", ".join(f"json_extract(e.value, '$[{place}]')" for place in places.split())
