"""The statements of the store, made by `make docs`.

To change one, change ``storage/sql/statements.py`` or the tables.
"""

from ..prepared import Prepared, Query

MONITOR = Query(
    """
    SELECT monitor.id, monitor.account, monitor.symbol, monitor.side, monitor.role, monitor.follows,
    monitor.ladder_source, monitor.state, monitor.version, monitor.cycle, monitor.position_size,
    monitor.entry_price, monitor.last_outcome, monitor.last_run_id, monitor.last_run_at,
    monitor.attempts, monitor.next_try_at, monitor.recovered_at, monitor.wakes, monitor.source,
    monitor.expires_at, monitor.expiry_alerted_at, monitor.anchor_size, monitor.anchor_ms,
    monitor.anchor_seq, monitor.anchor_opened_ms, monitor.position_read_at, monitor.contests,
    monitor.contested_at, monitor.room_taken, monitor.anchor_unsure, monitor.position_seq,
    monitor.position_read_us, monitor.levels, monitor.orders, monitor.reported, monitor.instead_of,
    monitor.withheld, monitor.stop, monitor.ladder_rule, monitor.closing
    FROM monitor
    WHERE monitor.account = ? AND monitor.symbol = ? AND monitor.side = ?
    """,
    "key_account key_symbol key_side",
    """
    id account symbol side role follows ladder_source state version cycle position_size:decimal
    entry_price:decimal last_outcome last_run_id last_run_at:instant attempts next_try_at:instant
    recovered_at:instant wakes source expires_at:instant expiry_alerted_at:instant
    anchor_size:decimal anchor_ms anchor_seq anchor_opened_ms position_read_at:instant contests
    contested_at:instant room_taken:decimal anchor_unsure:flag position_seq position_read_us
    levels:packed orders:packed reported:packed instead_of:packed withheld:packed stop:packed
    ladder_rule:packed closing:packed
    """,
)
ALL_MONITORS = Query(
    """
    SELECT monitor.id, monitor.account, monitor.symbol, monitor.side, monitor.role, monitor.follows,
    monitor.ladder_source, monitor.state, monitor.version, monitor.cycle, monitor.position_size,
    monitor.entry_price, monitor.last_outcome, monitor.last_run_id, monitor.last_run_at,
    monitor.attempts, monitor.next_try_at, monitor.recovered_at, monitor.wakes, monitor.source,
    monitor.expires_at, monitor.expiry_alerted_at, monitor.anchor_size, monitor.anchor_ms,
    monitor.anchor_seq, monitor.anchor_opened_ms, monitor.position_read_at, monitor.contests,
    monitor.contested_at, monitor.room_taken, monitor.anchor_unsure, monitor.position_seq,
    monitor.position_read_us, monitor.levels, monitor.orders, monitor.reported, monitor.instead_of,
    monitor.withheld, monitor.stop, monitor.ladder_rule, monitor.closing
    FROM monitor
    ORDER BY monitor.account, monitor.symbol, monitor.side
    """,
    "",
    """
    id account symbol side role follows ladder_source state version cycle position_size:decimal
    entry_price:decimal last_outcome last_run_id last_run_at:instant attempts next_try_at:instant
    recovered_at:instant wakes source expires_at:instant expiry_alerted_at:instant
    anchor_size:decimal anchor_ms anchor_seq anchor_opened_ms position_read_at:instant contests
    contested_at:instant room_taken:decimal anchor_unsure:flag position_seq position_read_us
    levels:packed orders:packed reported:packed instead_of:packed withheld:packed stop:packed
    ladder_rule:packed closing:packed
    """,
)
WAKES = Query(
    "SELECT monitor.wakes FROM monitor WHERE monitor.id = ?",
    "monitor_id",
    "wakes",
)
KEPT_INTENTS = Query(
    """
    SELECT intent.number, intent.id, intent.monitor_id, intent.run_id, intent.operation,
    intent.level, intent.part, intent.order_link_id, intent.order_id, intent.price, intent.quantity,
    intent.covered, intent.covers, intent.generation, intent.again, intent.status, intent.code,
    intent.detail, intent.created_at, intent.resolved_at, intent.price_before,
    intent.quantity_before, intent.until, intent.announced_us
    FROM intent
    WHERE intent.monitor_id = ?
    ORDER BY intent.number
    """,
    "monitor_id",
    """
    number id monitor_id run_id operation level part order_link_id order_id price:decimal
    quantity:decimal covered:decimal covers:decimal generation again:flag status code detail
    created_at:instant resolved_at:instant price_before:decimal quantity_before:decimal
    until:instant announced_us
    """,
)
RUN_INTENTS = Query(
    """
    SELECT intent.number, intent.id, intent.monitor_id, intent.run_id, intent.operation,
    intent.level, intent.part, intent.order_link_id, intent.order_id, intent.price, intent.quantity,
    intent.covered, intent.covers, intent.generation, intent.again, intent.status, intent.code,
    intent.detail, intent.created_at, intent.resolved_at, intent.price_before,
    intent.quantity_before, intent.until, intent.announced_us
    FROM intent
    WHERE intent.run_id = ?
    ORDER BY intent.number
    """,
    "run_id",
    """
    number id monitor_id run_id operation level part order_link_id order_id price:decimal
    quantity:decimal covered:decimal covers:decimal generation again:flag status code detail
    created_at:instant resolved_at:instant price_before:decimal quantity_before:decimal
    until:instant announced_us
    """,
)
PHRASE = Query(
    "SELECT phrase.id FROM phrase WHERE phrase.state = ? AND phrase.text = ?",
    "state text",
    "id",
)
KEYS = Query(
    """
    SELECT account_key.fingerprint, account_key.account, account_key.uid, account_key.read_at,
    account_key.expires_at, account_key.expiry_alerted
    FROM account_key
    ORDER BY account_key.account, account_key.read_at
    """,
    "",
    "fingerprint account uid read_at:instant expires_at:instant expiry_alerted",
)
UNWATCHED = Query(
    """
    SELECT unwatched.id, unwatched.account, unwatched.symbol, unwatched.side, unwatched.size,
    unwatched.entry_price, unwatched.since, unwatched.until, unwatched.why
    FROM unwatched
    WHERE until IS NULL
    ORDER BY unwatched.id
    """,
    "",
    """
    id account symbol side size:decimal entry_price:decimal since:instant until:instant why
    """,
)
PENDING_ALERTS = Query(
    """
    SELECT alert.id, alert.monitor_id, alert.account, alert.symbol, alert.side, alert.run_id,
    alert.status, alert.text, alert.created_at, alert.delivered_at, alert.attempts,
    alert.deliveries, alert.facts
    FROM alert
    WHERE delivered_at IS NULL AND alert.id > ?
    ORDER BY alert.id LIMIT ? OFFSET 0
    """,
    "after limit",
    """
    id monitor_id account symbol side run_id status text created_at:instant delivered_at:instant
    attempts deliveries:packed facts:packed
    """,
)
LAST_ALERT = Query(
    """
    SELECT alert.id, alert.monitor_id, alert.account, alert.symbol, alert.side, alert.run_id,
    alert.status, alert.text, alert.created_at, alert.delivered_at, alert.attempts,
    alert.deliveries, alert.facts
    FROM alert
    WHERE alert.monitor_id = ?
    ORDER BY alert.id DESC LIMIT 1 OFFSET 0
    """,
    "monitor_id",
    """
    id monitor_id account symbol side run_id status text created_at:instant delivered_at:instant
    attempts deliveries:packed facts:packed
    """,
)
INSERT_MONITOR = Prepared(
    """
    INSERT INTO monitor (account, symbol, side, role, follows, ladder_source, state, version, cycle,
    position_size, entry_price, covered_quantity, coverage_pct, last_outcome, last_run_id,
    last_run_at, attempts, next_try_at, recovered_at, wakes, source, expires_at, expiry_alerted_at,
    anchor_size, anchor_ms, anchor_seq, anchor_opened_ms, position_read_at, contests, contested_at,
    room_taken, anchor_unsure, position_seq, position_read_us, waits_until, waits_for, levels,
    targets, orders, reported, instead_of, withheld, stop, ladder_rule, closing)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
    ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    """,
    """
    account symbol side role follows ladder_source state version cycle position_size:decimal
    entry_price:decimal covered_quantity:decimal coverage_pct:decimal last_outcome last_run_id
    last_run_at:instant attempts next_try_at:instant recovered_at:instant wakes source
    expires_at:instant expiry_alerted_at:instant anchor_size:decimal anchor_ms anchor_seq
    anchor_opened_ms position_read_at:instant contests contested_at:instant room_taken:decimal
    anchor_unsure:flag position_seq position_read_us waits_until:instant waits_for levels:packed
    targets:packed orders:packed reported:packed instead_of:packed withheld:packed stop:packed
    ladder_rule:packed closing:packed
    """,
)
UPDATE_MONITOR = Prepared(
    """
    UPDATE monitor
    SET ladder_source=?, state=?, version=?, cycle=?, position_size=?, entry_price=?,
    covered_quantity=?, coverage_pct=?, last_outcome=?, last_run_id=?, last_run_at=?, attempts=?,
    next_try_at=?, recovered_at=?, expires_at=?, expiry_alerted_at=?, anchor_size=?, anchor_ms=?,
    anchor_seq=?, anchor_opened_ms=?, position_read_at=?, contests=?, contested_at=?, room_taken=?,
    anchor_unsure=?, position_seq=?, position_read_us=?, waits_until=?, waits_for=?, levels=?,
    targets=coalesce(?, monitor.targets), orders=?, reported=?, instead_of=?, withheld=?, stop=?,
    ladder_rule=?, closing=?
    WHERE monitor.id = ? AND monitor.version = ?
    """,
    """
    ladder_source state version cycle position_size:decimal entry_price:decimal
    covered_quantity:decimal coverage_pct:decimal last_outcome last_run_id last_run_at:instant
    attempts next_try_at:instant recovered_at:instant expires_at:instant expiry_alerted_at:instant
    anchor_size:decimal anchor_ms anchor_seq anchor_opened_ms position_read_at:instant contests
    contested_at:instant room_taken:decimal anchor_unsure:flag position_seq position_read_us
    waits_until:instant waits_for levels:packed targets:packed orders:packed reported:packed
    instead_of:packed withheld:packed stop:packed ladder_rule:packed closing:packed monitor_id
    read_version
    """,
)
UPDATE_WATCH = Prepared(
    "UPDATE monitor SET role=?, follows=?, source=? WHERE monitor.id = ?",
    "role follows source monitor_id",
)
NOTE_WAIT = Prepared(
    "UPDATE monitor SET waits_until=?, waits_for=? WHERE monitor.id = ?",
    "waits_until:instant waits_for monitor_id",
)
COUNT_WAKE = Prepared(
    """
    UPDATE monitor
    SET wakes=wakes + 1
    WHERE monitor.account = ? AND monitor.symbol = ? AND monitor.side = ?
    """,
    "key_account key_symbol key_side",
)
INSERT_INTENTS = Prepared(
    """
    INSERT INTO intent (id, monitor_id, run_id, operation, level, part, order_link_id, order_id,
    price, quantity, covered, covers, generation, again, status, code, detail, created_at,
    resolved_at, price_before, quantity_before, until, announced_us)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    """,
    """
    id monitor_id run_id operation level part order_link_id order_id price:decimal quantity:decimal
    covered:decimal covers:decimal generation again:flag status code detail created_at:instant
    resolved_at:instant price_before:decimal quantity_before:decimal until:instant announced_us
    """,
)
SAVE_INTENTS = Prepared(
    """
    INSERT INTO intent (id, monitor_id, run_id, operation, level, part, order_link_id, order_id,
    price, quantity, covered, covers, generation, again, status, code, detail, created_at,
    resolved_at, price_before, quantity_before, until, announced_us)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE
    SET monitor_id = excluded.monitor_id, run_id = excluded.run_id, operation = excluded.operation,
    level = excluded.level, part = excluded.part, order_link_id = excluded.order_link_id, order_id =
    excluded.order_id, price = excluded.price, quantity = excluded.quantity, covered =
    excluded.covered, covers = excluded.covers, generation = excluded.generation, again =
    excluded.again, status = excluded.status, code = excluded.code, detail = excluded.detail,
    created_at = excluded.created_at, resolved_at = excluded.resolved_at, price_before =
    excluded.price_before, quantity_before = excluded.quantity_before, until = excluded.until,
    announced_us = excluded.announced_us
    """,
    """
    id monitor_id run_id operation level part order_link_id order_id price:decimal quantity:decimal
    covered:decimal covers:decimal generation again:flag status code detail created_at:instant
    resolved_at:instant price_before:decimal quantity_before:decimal until:instant announced_us
    """,
)
DROP_INTENTS = Prepared(
    """
    DELETE
    FROM intent
    WHERE intent.number IN (SELECT CAST(anon_1.value AS INTEGER) AS value
    FROM json_each(?) AS anon_1)
    """,
    "numbers:packed",
)
SAVE_KEY = Prepared(
    """
    INSERT INTO account_key (fingerprint, account, uid, read_at, expires_at, expiry_alerted)
    VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (fingerprint) DO UPDATE
    SET account = excluded.account, uid = excluded.uid, read_at = excluded.read_at, expires_at =
    excluded.expires_at, expiry_alerted = excluded.expiry_alerted
    """,
    "fingerprint account uid read_at:instant expires_at:instant expiry_alerted",
)
SAVE_SWEEP = Prepared(
    """
    INSERT INTO account_sweep (account, swept_at, monitors, drifted, view_state, reason,
    clock_offset_ms, engine_start)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (account) DO UPDATE
    SET swept_at = excluded.swept_at, monitors = excluded.monitors, drifted = excluded.drifted,
    view_state = excluded.view_state, reason = excluded.reason, clock_offset_ms =
    excluded.clock_offset_ms, engine_start = excluded.engine_start
    """,
    """
    account swept_at:instant monitors drifted view_state reason clock_offset_ms engine_start
    """,
)
INSERT_START = Prepared(
    """
    INSERT INTO engine_start (started_at, stopped_at, trueup_version, schema_version, pybit_version,
    settings)
    VALUES (?, ?, ?, ?, ?, ?)
    """,
    """
    started_at:instant stopped_at:instant trueup_version schema_version pybit_version
    settings:packed
    """,
)
NOTE_STOP = Prepared(
    "UPDATE engine_start SET stopped_at=? WHERE engine_start.id = ?",
    "stopped_at:instant number",
)
INSERT_JOURNAL = Prepared(
    """
    INSERT INTO journal (monitor_id, run_id, at_us, transitions, calls, decisions, intents, orders,
    events, inputs, checksum, stops)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    """,
    """
    monitor_id run_id at_us transitions:packed calls:packed decisions:packed intents:packed
    orders:packed events:packed inputs checksum:sealed stops:packed
    """,
)
INSERT_PHRASE = Prepared(
    "INSERT INTO phrase (state, text) VALUES (?, ?)",
    "state text",
)
INSERT_ALERT = Prepared(
    """
    INSERT INTO alert (monitor_id, account, symbol, side, run_id, status, text, created_at,
    delivered_at, attempts, deliveries, facts)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    """,
    """
    monitor_id account symbol side run_id status text created_at:instant delivered_at:instant
    attempts deliveries:packed facts:packed
    """,
)
INSERT_UNWATCHED = Prepared(
    """
    INSERT INTO unwatched (account, symbol, side, size, entry_price, since, until, why)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    """,
    """
    account symbol side size:decimal entry_price:decimal since:instant until:instant why
    """,
)
END_UNWATCHED = Prepared(
    """
    UPDATE unwatched
    SET until=?, why=?
    WHERE until IS NULL AND unwatched.account = ? AND unwatched.symbol = ? AND unwatched.side = ?
    """,
    "until:instant why key_account key_symbol key_side",
)
NOTE_DELIVERIES = Prepared(
    "UPDATE alert SET delivered_at=?, attempts=?, deliveries=? WHERE alert.id = ?",
    "delivered_at:instant attempts deliveries:packed alert_id",
)
