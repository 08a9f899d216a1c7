"""One row a commit: the journal's entries, a monitor's levels and orders, as lists in JSON."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_INTENT_COLUMNS = (
    "number, id, monitor_id, run_id, operation, level, part, order_link_id, order_id, price, "
    "quantity, covered, covers, generation, again, status, code, detail, created_at, resolved_at, "
    "price_before, quantity_before, until, announced_us"
)
_STAYS = (
    "status IN ('planned', 'sent', 'unknown') OR run_id IN "
    "(SELECT last_run_id FROM monitor WHERE state <> 'Idle' AND monitor.id = intent.monitor_id)"
)
_ORDER = (
    "json_array(order_link_id, level, part, order_id, price, asked_price, quantity, filled, "
    "status, origin, generation, updated_ms, purpose)"
)


def upgrade() -> None:
    """Makes the lists, moves every row into them, and drops the tables that held the rows."""
    for name, default in (("levels", "[]"), ("targets", "{}"), ("orders", "[]")):
        column = sa.Column(name, sa.String(), nullable=False, server_default=default)
        op.add_column("monitor", column)
    _journal()
    _monitors()
    _runs()
    _ended_orders()
    _intents()
    for name in ("transition", "exchange_call", "decision", "level", "level_order"):
        op.drop_table(name)


def _journal() -> None:
    op.create_table(
        "journal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("monitor_id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.String(), nullable=False),
        sa.Column("at_us", sa.Integer(), nullable=False),
        sa.Column("transitions", sa.String(), nullable=True),
        sa.Column("calls", sa.String(), nullable=True),
        sa.Column("decisions", sa.String(), nullable=True),
        sa.Column("intents", sa.String(), nullable=True),
        sa.Column("orders", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_journal"),
        sa.ForeignKeyConstraint(
            ["monitor_id"], ["monitor.id"], name="fk_journal_monitor_id_monitor"
        ),
    )
    op.create_index("ix_journal_monitor_id_id", "journal", ["monitor_id", "id"])
    op.create_index("ix_journal_run_id_id", "journal", ["run_id", "id"])
    ended = sa.text("orders IS NOT NULL")
    op.create_index("ix_journal_orders", "journal", ["monitor_id", "id"], sqlite_where=ended)


def _monitors() -> None:
    """The levels and the orders of each monitor into its row."""
    op.execute(
        """
UPDATE monitor SET
    levels = (
        SELECT json_group_array(json_array(
            number, price, share, live_quantity, filled_quantity, status))
        FROM (SELECT * FROM level WHERE monitor_id = monitor.id ORDER BY number)),
    targets = (
        SELECT json_group_object(number, target_quantity) FROM level
        WHERE monitor_id = monitor.id AND target_quantity IS NOT NULL),
    orders = (
        SELECT json_group_array("""
        + _ORDER
        + """)
        FROM (SELECT * FROM level_order WHERE monitor_id = monitor.id AND cycle = monitor.cycle
              ORDER BY sequence))"""
    )


def _runs() -> None:
    """The entries of each run into one row of the journal, in the sequence of the runs."""
    for name in ("transition", "exchange_call", "decision"):
        op.execute(f"CREATE INDEX old_{name}_run ON {name} (run_id, id)")
    op.execute(
        """
INSERT INTO journal (monitor_id, run_id, at_us, transitions, calls, decisions, intents)
SELECT monitor_id, run_id, at_us,
    (SELECT json_group_array(json_array("""
        + _after("one.at")
        + """, source, event, target, detail))
     FROM (SELECT * FROM transition WHERE run_id = run.run_id ORDER BY id) AS one),
    (SELECT json_group_array(json_array("""
        + _after("one.at")
        + """, operation, order_link_id, outcome, code, latency_ms, detail))
     FROM (SELECT * FROM exchange_call WHERE run_id = run.run_id ORDER BY id) AS one),
    (SELECT json_group_array(json_array("""
        + _after("one.at")
        + """, state, text))
     FROM (SELECT * FROM decision WHERE run_id = run.run_id ORDER BY id) AS one),
    (SELECT json_group_array(json_array(number, id, NULL, operation, level, part, order_link_id,
            order_id, quantity, price, covered, covers, generation, again, status, code, detail, """
        + _after("one.created_at")
        + ", "
        + _after("one.resolved_at")
        + """))
     FROM (SELECT * FROM intent WHERE run_id = run.run_id AND NOT ("""
        + _STAYS
        + """) ORDER BY number) AS one)
FROM (
    SELECT min(monitor_id) AS monitor_id, run_id, min(at) AS at, """
        + _microseconds("min(at)")
        + """ AS at_us
    FROM (SELECT monitor_id, run_id, at FROM transition
          UNION ALL SELECT monitor_id, run_id, at FROM exchange_call
          UNION ALL SELECT monitor_id, run_id, at FROM decision
          UNION ALL SELECT monitor_id, run_id, created_at FROM intent)
    GROUP BY run_id) AS run
ORDER BY at"""
    )
    for name in ("transitions", "calls", "decisions", "intents"):
        op.execute(f"UPDATE journal SET {name} = NULL WHERE {name} = '[]'")


def _ended_orders() -> None:
    """The orders of positions that are over: a row for each."""
    op.execute(
        """
INSERT INTO journal (monitor_id, run_id, at_us, orders)
SELECT o.monitor_id, '', 0, json_array(json_array(o.cycle, json((
    SELECT json_group_array("""
        + _ORDER
        + """)
    FROM (SELECT * FROM level_order
          WHERE monitor_id = o.monitor_id AND cycle = o.cycle ORDER BY sequence)))))
FROM (SELECT DISTINCT monitor_id, cycle FROM level_order) AS o
JOIN monitor ON monitor.id = o.monitor_id AND monitor.cycle <> o.cycle
ORDER BY o.monitor_id, o.cycle"""
    )


def _intents() -> None:
    """Keeps the rows of intents that may still matter, under numbers that are never given twice."""
    op.execute(f"CREATE TABLE kept AS SELECT * FROM intent WHERE {_STAYS}")
    last = op.get_bind().execute(sa.text("SELECT coalesce(max(number), 0) FROM intent")).scalar()
    op.drop_table("intent")
    op.execute(_NEW_INTENT)
    op.create_index("ix_intent_monitor_id_number", "intent", ["monitor_id", "number"])
    op.execute(f"INSERT INTO intent ({_INTENT_COLUMNS}) SELECT {_INTENT_COLUMNS} FROM kept")
    op.execute("DELETE FROM sqlite_sequence WHERE name = 'intent'")
    op.execute(f"INSERT INTO sqlite_sequence (name, seq) VALUES ('intent', {last})")
    op.drop_table("kept")


def _microseconds(at: str) -> str:
    """An instant's text as microseconds since 1970."""
    return (
        f"(CAST(strftime('%s', {at}) AS INTEGER) * 1000000 + CAST(substr({at}, 21, 6) AS INTEGER))"
    )


def _after(at: str) -> str:
    """An instant's text as microseconds after the row's base; NULL stays NULL."""
    return f"iif({at} IS NULL, NULL, {_microseconds(at)} - run.at_us)"


_NEW_INTENT = """
CREATE TABLE intent (
    number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    id VARCHAR NOT NULL,
    monitor_id INTEGER NOT NULL,
    run_id VARCHAR NOT NULL,
    operation VARCHAR NOT NULL,
    level INTEGER NOT NULL,
    part INTEGER NOT NULL,
    order_link_id VARCHAR NOT NULL,
    order_id VARCHAR NOT NULL,
    price VARCHAR,
    quantity VARCHAR,
    covered VARCHAR NOT NULL,
    covers VARCHAR NOT NULL,
    generation INTEGER NOT NULL,
    again BOOLEAN NOT NULL,
    status VARCHAR NOT NULL,
    code INTEGER,
    detail VARCHAR NOT NULL,
    created_at VARCHAR NOT NULL,
    resolved_at VARCHAR,
    price_before VARCHAR,
    quantity_before VARCHAR,
    until VARCHAR,
    announced_us INTEGER,
    CONSTRAINT uq_intent_id UNIQUE (id),
    CONSTRAINT fk_intent_monitor_id_monitor FOREIGN KEY(monitor_id) REFERENCES monitor (id)
)"""
