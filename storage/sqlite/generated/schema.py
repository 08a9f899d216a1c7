"""What makes a new database, made by `make docs`.

To change it, change the tables and add a migration.
"""

REVISIONS = (
    "0001",
    "0002",
    "0003",
    "0004",
    "0005",
    "0006",
    "0007",
    "0008",
    "0009",
    "0010",
    "0011",
    "0012",
    "0013",
    "0014",
    "0015",
    "0016",
    "0017",
    "0018",
    "0019",
    "0020",
    "0021",
    "0022",
)
"""The migrations, oldest first; the last one is the schema of a new database."""

FINGERPRINTS = {
    "0001": "6d04874256ccca87",
    "0002": "658877dfcadfd329",
    "0003": "3ce68388d80dabb0",
    "0004": "3ce68388d80dabb0",
    "0005": "9a0a0f632210d8b8",
    "0006": "b770439eb849f6c3",
    "0007": "4e82fb5605596f9d",
    "0008": "aed596ef2e0bab6c",
    "0009": "9e9868ae5dd81978",
    "0010": "f66d0cff83115259",
    "0011": "e9973c209ff37356",
    "0012": "2e185b2c84779d92",
    "0013": "9193431459e9846b",
    "0014": "e9fe331bdf5ee2c8",
    "0015": "be998ead0baac1d9",
    "0016": "c35844710d264a89",
    "0017": "d9066ca8e2cfa7af",
    "0018": "75acd1950be512c6",
    "0019": "b6819d806626071f",
    "0020": "a06d1ecf50187f7c",
    "0021": "7b48e0dfe68b28a4",
    "0022": "9b3e979ed63486b5",
}
"""Of each revision what its tables are, as :mod:`..shape.fingerprint` has it."""

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
    """CREATE TABLE control (
    number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    kind VARCHAR NOT NULL,
    account VARCHAR NOT NULL,
    symbol VARCHAR NOT NULL,
    side VARCHAR NOT NULL,
    asked_at VARCHAR NOT NULL,
    asked_by VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    ended_by INTEGER,
    acknowledged_at VARCHAR,
    share VARCHAR,
    cycle INTEGER
)""",
    """CREATE INDEX ix_control_current ON control (number)
WHERE (ended_by IS NULL AND kind IN ('pause', 'halt')) OR acknowledged_at IS NULL""",
    """CREATE TABLE engine_start (
    id INTEGER NOT NULL,
    started_at VARCHAR NOT NULL,
    stopped_at VARCHAR,
    trueup_version VARCHAR NOT NULL,
    schema_version VARCHAR NOT NULL,
    pybit_version VARCHAR NOT NULL,
    settings VARCHAR NOT NULL,
    CONSTRAINT pk_engine_start PRIMARY KEY (id)
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
    expires_at VARCHAR,
    expiry_alerted_at VARCHAR,
    anchor_size VARCHAR,
    anchor_ms INTEGER,
    anchor_seq INTEGER,
    anchor_opened_ms INTEGER,
    position_read_at VARCHAR,
    contests INTEGER DEFAULT '0' NOT NULL,
    contested_at VARCHAR,
    room_taken VARCHAR,
    anchor_unsure BOOLEAN DEFAULT '0' NOT NULL,
    position_seq INTEGER DEFAULT '-1' NOT NULL,
    position_read_us INTEGER,
    waits_until VARCHAR,
    waits_for VARCHAR DEFAULT '' NOT NULL,
    levels VARCHAR DEFAULT '[]' NOT NULL,
    targets VARCHAR DEFAULT '{}' NOT NULL,
    orders VARCHAR DEFAULT '[]' NOT NULL,
    reported VARCHAR,
    instead_of VARCHAR,
    withheld VARCHAR DEFAULT '[]' NOT NULL,
    stop VARCHAR,
    ladder_rule VARCHAR,
    closing VARCHAR,
    CONSTRAINT pk_monitor PRIMARY KEY (id),
    CONSTRAINT uq_monitor_account_symbol_side UNIQUE (account, symbol, side)
)""",
    """CREATE TABLE phrase (
    id INTEGER NOT NULL,
    state VARCHAR NOT NULL,
    text VARCHAR NOT NULL,
    CONSTRAINT pk_phrase PRIMARY KEY (id),
    CONSTRAINT uq_phrase_state_text UNIQUE (state, text)
)""",
    """CREATE TABLE pruning (
    id INTEGER NOT NULL,
    pruned_at VARCHAR NOT NULL,
    from_table VARCHAR NOT NULL,
    first_id INTEGER NOT NULL,
    last_id INTEGER NOT NULL,
    row_count INTEGER NOT NULL,
    newest_at VARCHAR NOT NULL,
    CONSTRAINT pk_pruning PRIMARY KEY (id)
)""",
    """CREATE INDEX ix_pruning_from_table_id ON pruning (from_table, id)""",
    """CREATE TABLE unwatched (
    id INTEGER NOT NULL,
    account VARCHAR NOT NULL,
    symbol VARCHAR NOT NULL,
    side VARCHAR NOT NULL,
    size VARCHAR NOT NULL,
    entry_price VARCHAR NOT NULL,
    since VARCHAR NOT NULL,
    until VARCHAR,
    why VARCHAR NOT NULL,
    CONSTRAINT pk_unwatched PRIMARY KEY (id)
)""",
    """CREATE INDEX ix_unwatched_account_symbol_side_id ON unwatched (account, symbol, side, id)""",
    """CREATE TABLE alert (
    id INTEGER NOT NULL,
    monitor_id INTEGER,
    account VARCHAR NOT NULL,
    symbol VARCHAR NOT NULL,
    side VARCHAR NOT NULL,
    run_id VARCHAR NOT NULL,
    status VARCHAR NOT NULL,
    text VARCHAR NOT NULL,
    created_at VARCHAR NOT NULL,
    delivered_at VARCHAR,
    attempts INTEGER NOT NULL,
    deliveries VARCHAR DEFAULT '{}' NOT NULL,
    facts VARCHAR DEFAULT '{}' NOT NULL,
    CONSTRAINT pk_alert PRIMARY KEY (id),
    CONSTRAINT fk_alert_monitor_id_monitor FOREIGN KEY(monitor_id) REFERENCES monitor (id)
)""",
    """CREATE INDEX ix_alert_account_symbol_side_id ON alert (account, symbol, side, id)""",
    """CREATE INDEX ix_alert_monitor_id_id ON alert (monitor_id, id)""",
    """CREATE INDEX ix_alert_pending ON alert (id)
WHERE delivered_at IS NULL""",
    """CREATE TABLE intent (
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
)""",
    """CREATE INDEX ix_intent_monitor_id_number ON intent (monitor_id, number)""",
    """CREATE TABLE journal (
    id INTEGER NOT NULL,
    monitor_id INTEGER NOT NULL,
    run_id VARCHAR NOT NULL,
    at_us INTEGER NOT NULL,
    transitions VARCHAR,
    calls VARCHAR,
    decisions VARCHAR,
    intents VARCHAR,
    orders VARCHAR,
    events VARCHAR,
    inputs BLOB,
    checksum INTEGER,
    stops VARCHAR,
    CONSTRAINT pk_journal PRIMARY KEY (id),
    CONSTRAINT fk_journal_monitor_id_monitor FOREIGN KEY(monitor_id) REFERENCES monitor (id)
)""",
    """CREATE INDEX ix_journal_events ON journal (monitor_id, id)
WHERE events IS NOT NULL""",
    """CREATE INDEX ix_journal_monitor_id_id ON journal (monitor_id, id)""",
    """CREATE INDEX ix_journal_orders ON journal (monitor_id, id)
WHERE orders IS NOT NULL""",
    """CREATE INDEX ix_journal_run_id_id ON journal (run_id, id)""",
)

GUARDS = {
    "journal_insert": """CREATE TRIGGER journal_insert BEFORE INSERT ON journal
WHEN EXISTS (
    SELECT 1 FROM journal WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'rows of journal are never changed'); END""",
    "journal_update": """CREATE TRIGGER journal_update BEFORE UPDATE ON journal
BEGIN SELECT RAISE(ABORT, 'rows of journal are never changed'); END""",
    "journal_delete": """CREATE TRIGGER journal_delete BEFORE DELETE ON journal
WHEN NOT EXISTS (
    SELECT 1 FROM (
        SELECT first_id, last_id FROM pruning
        WHERE from_table = 'journal' ORDER BY id DESC LIMIT 1)
    WHERE OLD.id BETWEEN first_id AND last_id)
BEGIN SELECT RAISE(ABORT, 'rows of journal are never removed, but by trueup prune'); END""",
    "phrase_insert": """CREATE TRIGGER phrase_insert BEFORE INSERT ON phrase
WHEN EXISTS (
    SELECT 1 FROM phrase WHERE id = NEW.id OR (state = NEW.state AND text = NEW.text))
BEGIN SELECT RAISE(ABORT, 'rows of phrase are never changed'); END""",
    "phrase_update": """CREATE TRIGGER phrase_update BEFORE UPDATE ON phrase
BEGIN SELECT RAISE(ABORT, 'rows of phrase are never changed'); END""",
    "phrase_delete": """CREATE TRIGGER phrase_delete BEFORE DELETE ON phrase
BEGIN SELECT RAISE(ABORT, 'rows of phrase are never removed'); END""",
    "pruning_insert": """CREATE TRIGGER pruning_insert BEFORE INSERT ON pruning
WHEN EXISTS (
    SELECT 1 FROM pruning WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'rows of pruning are never changed'); END""",
    "pruning_update": """CREATE TRIGGER pruning_update BEFORE UPDATE ON pruning
BEGIN SELECT RAISE(ABORT, 'rows of pruning are never changed'); END""",
    "pruning_delete": """CREATE TRIGGER pruning_delete BEFORE DELETE ON pruning
BEGIN SELECT RAISE(ABORT, 'rows of pruning are never removed'); END""",
    "alert_insert": """CREATE TRIGGER alert_insert BEFORE INSERT ON alert
WHEN EXISTS (
    SELECT 1 FROM alert WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'rows of alert are never changed'); END""",
    "alert_update": """CREATE TRIGGER alert_update BEFORE UPDATE ON alert
WHEN OLD.id IS NOT NEW.id
    OR OLD.monitor_id IS NOT NEW.monitor_id
    OR OLD.account IS NOT NEW.account
    OR OLD.symbol IS NOT NEW.symbol
    OR OLD.side IS NOT NEW.side
    OR OLD.run_id IS NOT NEW.run_id
    OR OLD.status IS NOT NEW.status
    OR OLD.text IS NOT NEW.text
    OR OLD.created_at IS NOT NEW.created_at
    OR OLD.facts IS NOT NEW.facts
BEGIN SELECT RAISE(ABORT, 'rows of alert are never changed'); END""",
    "alert_delete": """CREATE TRIGGER alert_delete BEFORE DELETE ON alert
WHEN NOT EXISTS (
    SELECT 1 FROM (
        SELECT first_id, last_id FROM pruning
        WHERE from_table = 'alert' ORDER BY id DESC LIMIT 1)
    WHERE OLD.id BETWEEN first_id AND last_id)
BEGIN SELECT RAISE(ABORT, 'rows of alert are never removed, but by trueup prune'); END""",
    "control_insert": """CREATE TRIGGER control_insert BEFORE INSERT ON control
WHEN EXISTS (
    SELECT 1 FROM control WHERE number = NEW.number)
BEGIN SELECT RAISE(ABORT, 'rows of control are never changed'); END""",
    "control_update": """CREATE TRIGGER control_update BEFORE UPDATE ON control
WHEN OLD.number IS NOT NEW.number
    OR OLD.kind IS NOT NEW.kind
    OR OLD.account IS NOT NEW.account
    OR OLD.symbol IS NOT NEW.symbol
    OR OLD.side IS NOT NEW.side
    OR OLD.asked_at IS NOT NEW.asked_at
    OR OLD.asked_by IS NOT NEW.asked_by
    OR OLD.reason IS NOT NEW.reason
    OR OLD.share IS NOT NEW.share
    OR OLD.cycle IS NOT NEW.cycle
BEGIN SELECT RAISE(ABORT, 'rows of control are never changed'); END""",
    "control_delete": """CREATE TRIGGER control_delete BEFORE DELETE ON control
WHEN NOT EXISTS (
    SELECT 1 FROM (
        SELECT first_id, last_id FROM pruning
        WHERE from_table = 'control' ORDER BY id DESC LIMIT 1)
    WHERE OLD.number BETWEEN first_id AND last_id)
BEGIN SELECT RAISE(ABORT, 'rows of control are never removed, but by trueup prune'); END""",
    "engine_start_insert": """CREATE TRIGGER engine_start_insert BEFORE INSERT ON engine_start
WHEN EXISTS (
    SELECT 1 FROM engine_start WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'rows of engine_start are never changed'); END""",
    "engine_start_update": """CREATE TRIGGER engine_start_update BEFORE UPDATE ON engine_start
WHEN OLD.id IS NOT NEW.id
    OR OLD.started_at IS NOT NEW.started_at
    OR OLD.trueup_version IS NOT NEW.trueup_version
    OR OLD.schema_version IS NOT NEW.schema_version
    OR OLD.pybit_version IS NOT NEW.pybit_version
    OR OLD.settings IS NOT NEW.settings
BEGIN SELECT RAISE(ABORT, 'rows of engine_start are never changed'); END""",
    "engine_start_delete": """CREATE TRIGGER engine_start_delete BEFORE DELETE ON engine_start
WHEN NOT EXISTS (
    SELECT 1 FROM (
        SELECT first_id, last_id FROM pruning
        WHERE from_table = 'engine_start' ORDER BY id DESC LIMIT 1)
    WHERE OLD.id BETWEEN first_id AND last_id)
BEGIN SELECT RAISE(ABORT, 'rows of engine_start are never removed, but by trueup prune'); END""",
    "unwatched_insert": """CREATE TRIGGER unwatched_insert BEFORE INSERT ON unwatched
WHEN EXISTS (
    SELECT 1 FROM unwatched WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'rows of unwatched are never changed'); END""",
    "unwatched_update": """CREATE TRIGGER unwatched_update BEFORE UPDATE ON unwatched
WHEN OLD.id IS NOT NEW.id
    OR OLD.account IS NOT NEW.account
    OR OLD.symbol IS NOT NEW.symbol
    OR OLD.side IS NOT NEW.side
    OR OLD.size IS NOT NEW.size
    OR OLD.entry_price IS NOT NEW.entry_price
    OR OLD.since IS NOT NEW.since
BEGIN SELECT RAISE(ABORT, 'rows of unwatched are never changed'); END""",
    "unwatched_delete": """CREATE TRIGGER unwatched_delete BEFORE DELETE ON unwatched
WHEN NOT EXISTS (
    SELECT 1 FROM (
        SELECT first_id, last_id FROM pruning
        WHERE from_table = 'unwatched' ORDER BY id DESC LIMIT 1)
    WHERE OLD.id BETWEEN first_id AND last_id)
BEGIN SELECT RAISE(ABORT, 'rows of unwatched are never removed, but by trueup prune'); END""",
}
"""The triggers that keep rows as they were written, by their names."""
