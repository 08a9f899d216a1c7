"""What makes a new database, made by `make docs`.

To change it, change the tables and add a migration.
"""

REVISIONS = (
    "0001",
    "0002",
    "0003",
    "0004",
    "0005",
)
"""The migrations, oldest first; the last one is the schema of a new database."""

STATEMENTS = (
    """CREATE TABLE alembic_version (
    version_num VARCHAR(32) NOT NULL,
    CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
)""",
    """CREATE TABLE account_key (
    fingerprint VARCHAR NOT NULL,
    account VARCHAR NOT NULL,
    uid VARCHAR NOT NULL,
    read_at VARCHAR NOT NULL,
    expires_at VARCHAR,
    expiry_alerted INTEGER,
    CONSTRAINT pk_account_key PRIMARY KEY (fingerprint)
)""",
    """CREATE TABLE account_sweep (
    account VARCHAR NOT NULL,
    swept_at VARCHAR NOT NULL,
    monitors INTEGER NOT NULL,
    drifted INTEGER NOT NULL,
    view_state VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    clock_offset_ms INTEGER,
    CONSTRAINT pk_account_sweep PRIMARY KEY (account)
)""",
    """CREATE TABLE monitor (
    id INTEGER NOT NULL,
    account VARCHAR NOT NULL,
    symbol VARCHAR NOT NULL,
    side VARCHAR NOT NULL,
    role VARCHAR NOT NULL,
    follows VARCHAR,
    ladder_source VARCHAR NOT NULL,
    state VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    cycle INTEGER NOT NULL,
    position_size VARCHAR NOT NULL,
    entry_price VARCHAR NOT NULL,
    covered_quantity VARCHAR NOT NULL,
    coverage_pct VARCHAR,
    last_outcome VARCHAR,
    last_run_id VARCHAR,
    last_run_at VARCHAR,
    attempts INTEGER NOT NULL,
    next_try_at VARCHAR,
    recovered_at VARCHAR,
    wakes INTEGER NOT NULL,
    source VARCHAR DEFAULT 'configured' NOT NULL,
    CONSTRAINT pk_monitor PRIMARY KEY (id),
    CONSTRAINT uq_monitor_account_symbol_side UNIQUE (account, symbol, side)
)""",
    """CREATE TABLE alert (
    id INTEGER NOT NULL,
    monitor_id INTEGER NOT NULL,
    run_id VARCHAR NOT NULL,
    status VARCHAR NOT NULL,
    text VARCHAR NOT NULL,
    created_at VARCHAR NOT NULL,
    delivered_at VARCHAR,
    attempts INTEGER NOT NULL,
    CONSTRAINT pk_alert PRIMARY KEY (id),
    CONSTRAINT fk_alert_monitor_id_monitor FOREIGN KEY(monitor_id) REFERENCES monitor (id)
)""",
    """CREATE INDEX ix_alert_monitor_id_id ON alert (monitor_id, id)""",
    """CREATE INDEX ix_alert_pending ON alert (id)
WHERE delivered_at IS NULL""",
    """CREATE TABLE decision (
    id INTEGER NOT NULL,
    monitor_id INTEGER NOT NULL,
    run_id VARCHAR NOT NULL,
    state VARCHAR NOT NULL,
    text VARCHAR NOT NULL,
    at VARCHAR NOT NULL,
    CONSTRAINT pk_decision PRIMARY KEY (id),
    CONSTRAINT fk_decision_monitor_id_monitor FOREIGN KEY(monitor_id) REFERENCES monitor (id)
)""",
    """CREATE INDEX ix_decision_monitor_id_id ON decision (monitor_id, id)""",
    """CREATE TABLE exchange_call (
    id INTEGER NOT NULL,
    monitor_id INTEGER NOT NULL,
    run_id VARCHAR NOT NULL,
    operation VARCHAR NOT NULL,
    order_link_id VARCHAR NOT NULL,
    outcome VARCHAR NOT NULL,
    code INTEGER,
    latency_ms INTEGER NOT NULL,
    at VARCHAR NOT NULL,
    detail VARCHAR NOT NULL,
    CONSTRAINT pk_exchange_call PRIMARY KEY (id),
    CONSTRAINT fk_exchange_call_monitor_id_monitor FOREIGN KEY(monitor_id) REFERENCES monitor (id)
)""",
    """CREATE INDEX ix_exchange_call_monitor_id_id ON exchange_call (monitor_id, id)""",
    """CREATE TABLE intent (
    number INTEGER NOT NULL,
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
    CONSTRAINT pk_intent PRIMARY KEY (number),
    CONSTRAINT uq_intent_id UNIQUE (id),
    CONSTRAINT fk_intent_monitor_id_monitor FOREIGN KEY(monitor_id) REFERENCES monitor (id)
)""",
    """CREATE INDEX ix_intent_monitor_id_number ON intent (monitor_id, number)""",
    """CREATE INDEX ix_intent_open ON intent (monitor_id, number)
WHERE status IN ('planned', 'sent', 'unknown')""",
    """CREATE INDEX ix_intent_run_id_number ON intent (run_id, number)""",
    """CREATE TABLE level (
    monitor_id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    price VARCHAR NOT NULL,
    share VARCHAR NOT NULL,
    target_quantity VARCHAR,
    live_quantity VARCHAR NOT NULL,
    filled_quantity VARCHAR NOT NULL,
    status VARCHAR NOT NULL,
    CONSTRAINT pk_level PRIMARY KEY (monitor_id, number),
    CONSTRAINT fk_level_monitor_id_monitor FOREIGN KEY(monitor_id) REFERENCES monitor (id)
)""",
    """CREATE TABLE level_order (
    monitor_id INTEGER NOT NULL,
    cycle INTEGER NOT NULL,
    order_link_id VARCHAR NOT NULL,
    sequence INTEGER NOT NULL,
    level INTEGER NOT NULL,
    part INTEGER NOT NULL,
    order_id VARCHAR NOT NULL,
    price VARCHAR NOT NULL,
    asked_price VARCHAR NOT NULL,
    quantity VARCHAR NOT NULL,
    filled VARCHAR NOT NULL,
    status VARCHAR NOT NULL,
    origin VARCHAR NOT NULL,
    generation INTEGER NOT NULL,
    updated_ms INTEGER DEFAULT '0' NOT NULL,
    CONSTRAINT pk_level_order PRIMARY KEY (monitor_id, cycle, order_link_id),
    CONSTRAINT fk_level_order_monitor_id_monitor FOREIGN KEY(monitor_id) REFERENCES monitor (id)
)""",
    """CREATE TABLE transition (
    id INTEGER NOT NULL,
    monitor_id INTEGER NOT NULL,
    run_id VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    event VARCHAR NOT NULL,
    target VARCHAR NOT NULL,
    at VARCHAR NOT NULL,
    detail VARCHAR NOT NULL,
    CONSTRAINT pk_transition PRIMARY KEY (id),
    CONSTRAINT fk_transition_monitor_id_monitor FOREIGN KEY(monitor_id) REFERENCES monitor (id)
)""",
    """CREATE INDEX ix_transition_monitor_id_id ON transition (monitor_id, id)""",
)
