"""The triggers that keep rows as they were written, made by `make docs`.

To change one, change ``storage/sql/guards.py`` or the tables.
"""

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
    "command_insert": """CREATE TRIGGER command_insert BEFORE INSERT ON command
WHEN EXISTS (
    SELECT 1 FROM command WHERE id = NEW.id OR (command_id = NEW.command_id))
BEGIN SELECT RAISE(ABORT, 'rows of command are never changed'); END""",
    "command_update": """CREATE TRIGGER command_update BEFORE UPDATE ON command
WHEN OLD.id IS NOT NEW.id
    OR OLD.command_id IS NOT NEW.command_id
    OR OLD.kind IS NOT NEW.kind
    OR OLD.account IS NOT NEW.account
    OR OLD.symbol IS NOT NEW.symbol
    OR OLD.side IS NOT NEW.side
    OR OLD.asked_at IS NOT NEW.asked_at
    OR OLD.asked_by IS NOT NEW.asked_by
    OR OLD.reason IS NOT NEW.reason
    OR OLD.arguments IS NOT NEW.arguments
    OR OLD.changes IS NOT NEW.changes
BEGIN SELECT RAISE(ABORT, 'rows of command are never changed'); END""",
    "command_delete": """CREATE TRIGGER command_delete BEFORE DELETE ON command
WHEN NOT EXISTS (
    SELECT 1 FROM (
        SELECT first_id, last_id FROM pruning
        WHERE from_table = 'command' ORDER BY id DESC LIMIT 1)
    WHERE OLD.id BETWEEN first_id AND last_id)
BEGIN SELECT RAISE(ABORT, 'rows of command are never removed, but by trueup prune'); END""",
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
"""Each by its name."""
