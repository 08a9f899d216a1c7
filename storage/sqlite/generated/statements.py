"""The statements of the store, made by `make docs`.

To change one, change ``storage/sql/statements.py`` or the tables.
"""

from ..access.prepared import Prepared, Query

MONITOR = Query(
    """
    SELECT monitor.id, monitor.account, monitor.symbol, monitor.side, monitor.role, monitor.follows,
    monitor.ladder_source, monitor.state, monitor.version, monitor.cycle, monitor.position_size,
    monitor.entry_price, monitor.covered_quantity, monitor.coverage_pct, monitor.last_outcome,
    monitor.last_run_id, monitor.last_run_at, monitor.attempts, monitor.next_try_at,
    monitor.recovered_at, monitor.wakes, monitor.source, monitor.expires_at,
    monitor.expiry_alerted_at, monitor.anchor_size, monitor.anchor_ms, monitor.anchor_seq,
    monitor.anchor_opened_ms, monitor.position_read_at, monitor.contests, monitor.contested_at,
    monitor.room_taken, monitor.anchor_unsure, monitor.position_seq, monitor.position_read_us,
    monitor.waits_until, monitor.waits_for
    FROM monitor
    WHERE monitor.account = ? AND monitor.symbol = ? AND monitor.side = ?
    """,
    "key_account key_symbol key_side",
    """
    id account symbol side role follows ladder_source state version cycle position_size:decimal
    entry_price:decimal covered_quantity:decimal coverage_pct:decimal last_outcome last_run_id
    last_run_at:instant attempts next_try_at:instant recovered_at:instant wakes source
    expires_at:instant expiry_alerted_at:instant anchor_size:decimal anchor_ms anchor_seq
    anchor_opened_ms position_read_at:instant contests contested_at:instant room_taken:decimal
    anchor_unsure:flag position_seq position_read_us waits_until:instant waits_for
    """,
)
ITS_LEVELS = Query(
    """
    SELECT level.monitor_id, level.number, level.price, level.share, level.target_quantity,
    level.live_quantity, level.filled_quantity, level.status
    FROM level
    WHERE level.monitor_id = ?
    ORDER BY level.monitor_id, level.number
    """,
    "monitor_id",
    """
    monitor_id number price:decimal share:decimal target_quantity:decimal live_quantity:decimal
    filled_quantity:decimal status
    """,
)
ITS_ORDERS = Query(
    """
    SELECT level_order.monitor_id, level_order.cycle, level_order.order_link_id,
    level_order.sequence, level_order.level, level_order.part, level_order.order_id,
    level_order.price, level_order.asked_price, level_order.quantity, level_order.filled,
    level_order.status, level_order.origin, level_order.generation, level_order.updated_ms,
    level_order.purpose
    FROM level_order
    JOIN monitor ON monitor.id = level_order.monitor_id AND monitor.cycle = level_order.cycle
    WHERE level_order.monitor_id = ?
    ORDER BY level_order.monitor_id, level_order.sequence
    """,
    "monitor_id",
    """
    monitor_id cycle order_link_id sequence level part order_id price:decimal asked_price:decimal
    quantity:decimal filled:decimal status origin generation updated_ms purpose
    """,
)
ALL_MONITORS = Query(
    """
    SELECT monitor.id, monitor.account, monitor.symbol, monitor.side, monitor.role, monitor.follows,
    monitor.ladder_source, monitor.state, monitor.version, monitor.cycle, monitor.position_size,
    monitor.entry_price, monitor.covered_quantity, monitor.coverage_pct, monitor.last_outcome,
    monitor.last_run_id, monitor.last_run_at, monitor.attempts, monitor.next_try_at,
    monitor.recovered_at, monitor.wakes, monitor.source, monitor.expires_at,
    monitor.expiry_alerted_at, monitor.anchor_size, monitor.anchor_ms, monitor.anchor_seq,
    monitor.anchor_opened_ms, monitor.position_read_at, monitor.contests, monitor.contested_at,
    monitor.room_taken, monitor.anchor_unsure, monitor.position_seq, monitor.position_read_us,
    monitor.waits_until, monitor.waits_for
    FROM monitor
    ORDER BY monitor.account, monitor.symbol, monitor.side
    """,
    "",
    """
    id account symbol side role follows ladder_source state version cycle position_size:decimal
    entry_price:decimal covered_quantity:decimal coverage_pct:decimal last_outcome last_run_id
    last_run_at:instant attempts next_try_at:instant recovered_at:instant wakes source
    expires_at:instant expiry_alerted_at:instant anchor_size:decimal anchor_ms anchor_seq
    anchor_opened_ms position_read_at:instant contests contested_at:instant room_taken:decimal
    anchor_unsure:flag position_seq position_read_us waits_until:instant waits_for
    """,
)
ALL_LEVELS = Query(
    """
    SELECT level.monitor_id, level.number, level.price, level.share, level.target_quantity,
    level.live_quantity, level.filled_quantity, level.status
    FROM level
    ORDER BY level.monitor_id, level.number
    """,
    "",
    """
    monitor_id number price:decimal share:decimal target_quantity:decimal live_quantity:decimal
    filled_quantity:decimal status
    """,
)
ALL_ORDERS = Query(
    """
    SELECT level_order.monitor_id, level_order.cycle, level_order.order_link_id,
    level_order.sequence, level_order.level, level_order.part, level_order.order_id,
    level_order.price, level_order.asked_price, level_order.quantity, level_order.filled,
    level_order.status, level_order.origin, level_order.generation, level_order.updated_ms,
    level_order.purpose
    FROM level_order
    JOIN monitor ON monitor.id = level_order.monitor_id AND monitor.cycle = level_order.cycle
    ORDER BY level_order.monitor_id, level_order.sequence
    """,
    "",
    """
    monitor_id cycle order_link_id sequence level part order_id price:decimal asked_price:decimal
    quantity:decimal filled:decimal status origin generation updated_ms purpose
    """,
)
WAKES = Query(
    "SELECT monitor.wakes FROM monitor WHERE monitor.id = ?",
    "monitor_id",
    "wakes",
)
OPEN_INTENTS = Query(
    """
    SELECT intent.number, intent.id, intent.monitor_id, intent.run_id, intent.operation,
    intent.level, intent.part, intent.order_link_id, intent.order_id, intent.price, intent.quantity,
    intent.covered, intent.covers, intent.generation, intent.again, intent.status, intent.code,
    intent.detail, intent.created_at, intent.resolved_at, intent.price_before,
    intent.quantity_before, intent.until, intent.announced_us
    FROM intent
    WHERE intent.monitor_id = ? AND status IN ('planned', 'sent', 'unknown')
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
PENDING_ALERTS = Query(
    """
    SELECT alert.id, alert.monitor_id, alert.run_id, alert.status, alert.text, alert.created_at,
    alert.delivered_at, alert.attempts, monitor.account, monitor.symbol, monitor.side
    FROM alert
    JOIN monitor ON monitor.id = alert.monitor_id
    WHERE delivered_at IS NULL
    ORDER BY alert.id LIMIT ? OFFSET 0
    """,
    "limit",
    """
    id monitor_id run_id status text created_at:instant delivered_at:instant attempts account symbol
    side
    """,
)
LAST_ALERT = Query(
    """
    SELECT alert.id, alert.monitor_id, alert.run_id, alert.status, alert.text, alert.created_at,
    alert.delivered_at, alert.attempts, monitor.account, monitor.symbol, monitor.side
    FROM alert
    JOIN monitor ON monitor.id = alert.monitor_id
    WHERE alert.monitor_id = ?
    ORDER BY alert.id DESC LIMIT 1 OFFSET 0
    """,
    "monitor_id",
    """
    id monitor_id run_id status text created_at:instant delivered_at:instant attempts account symbol
    side
    """,
)
INSERT_MONITOR = Prepared(
    """
    INSERT INTO monitor (account, symbol, side, role, follows, ladder_source, state, version, cycle,
    position_size, entry_price, covered_quantity, coverage_pct, last_outcome, last_run_id,
    last_run_at, attempts, next_try_at, recovered_at, wakes, source, expires_at, expiry_alerted_at,
    anchor_size, anchor_ms, anchor_seq, anchor_opened_ms, position_read_at, contests, contested_at,
    room_taken, anchor_unsure, position_seq, position_read_us, waits_until, waits_for)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
    ?, ?, ?, ?, ?, ?, ?)
    """,
    """
    account symbol side role follows ladder_source state version cycle position_size:decimal
    entry_price:decimal covered_quantity:decimal coverage_pct:decimal last_outcome last_run_id
    last_run_at:instant attempts next_try_at:instant recovered_at:instant wakes source
    expires_at:instant expiry_alerted_at:instant anchor_size:decimal anchor_ms anchor_seq
    anchor_opened_ms position_read_at:instant contests contested_at:instant room_taken:decimal
    anchor_unsure:flag position_seq position_read_us waits_until:instant waits_for
    """,
)
UPDATE_MONITOR = Prepared(
    """
    UPDATE monitor
    SET ladder_source=?, state=?, version=?, cycle=?, position_size=?, entry_price=?,
    covered_quantity=?, coverage_pct=?, last_outcome=?, last_run_id=?, last_run_at=?, attempts=?,
    next_try_at=?, recovered_at=?, expires_at=?, expiry_alerted_at=?, anchor_size=?, anchor_ms=?,
    anchor_seq=?, anchor_opened_ms=?, position_read_at=?, contests=?, contested_at=?, room_taken=?,
    anchor_unsure=?, position_seq=?, position_read_us=?, waits_until=?, waits_for=?
    WHERE monitor.id = ? AND monitor.version = ?
    """,
    """
    ladder_source state version cycle position_size:decimal entry_price:decimal
    covered_quantity:decimal coverage_pct:decimal last_outcome last_run_id last_run_at:instant
    attempts next_try_at:instant recovered_at:instant expires_at:instant expiry_alerted_at:instant
    anchor_size:decimal anchor_ms anchor_seq anchor_opened_ms position_read_at:instant contests
    contested_at:instant room_taken:decimal anchor_unsure:flag position_seq position_read_us
    waits_until:instant waits_for monitor_id read_version
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
DROP_ORDERS = Prepared(
    """
    DELETE
    FROM level_order
    WHERE level_order.monitor_id = ? AND level_order.cycle = ?
    """,
    "monitor_id cycle",
)
INSERT_ORDERS = Prepared(
    """
    INSERT INTO level_order (monitor_id, cycle, order_link_id, sequence, level, part, order_id,
    price, asked_price, quantity, filled, status, origin, generation, updated_ms, purpose)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    """,
    """
    monitor_id cycle order_link_id sequence level part order_id price:decimal asked_price:decimal
    quantity:decimal filled:decimal status origin generation updated_ms purpose
    """,
)
SAVE_ORDERS = Prepared(
    """
    INSERT INTO level_order (monitor_id, cycle, order_link_id, sequence, level, part, order_id,
    price, asked_price, quantity, filled, status, origin, generation, updated_ms, purpose)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (monitor_id, cycle, order_link_id) DO UPDATE
    SET sequence = excluded.sequence, level = excluded.level, part = excluded.part, order_id =
    excluded.order_id, price = excluded.price, asked_price = excluded.asked_price, quantity =
    excluded.quantity, filled = excluded.filled, status = excluded.status, origin = excluded.origin,
    generation = excluded.generation, updated_ms = excluded.updated_ms, purpose = excluded.purpose
    """,
    """
    monitor_id cycle order_link_id sequence level part order_id price:decimal asked_price:decimal
    quantity:decimal filled:decimal status origin generation updated_ms purpose
    """,
)
DROP_LEVELS = Prepared(
    """
    DELETE
    FROM level
    WHERE level.monitor_id = ? AND (level.number NOT IN (SELECT anon_1.value
    FROM json_each(?) AS anon_1))
    """,
    "monitor_id kept:json",
)
KEEP_TARGETS = Prepared(
    """
    INSERT INTO level (monitor_id, number, price, share, target_quantity, live_quantity,
    filled_quantity, status)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (monitor_id, number) DO UPDATE
    SET price = excluded.price, share = excluded.share, live_quantity = excluded.live_quantity,
    filled_quantity = excluded.filled_quantity, status = excluded.status
    """,
    """
    monitor_id number price:decimal share:decimal target_quantity:decimal live_quantity:decimal
    filled_quantity:decimal status
    """,
)
SET_TARGETS = Prepared(
    """
    INSERT INTO level (monitor_id, number, price, share, target_quantity, live_quantity,
    filled_quantity, status)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (monitor_id, number) DO UPDATE
    SET price = excluded.price, share = excluded.share, target_quantity = excluded.target_quantity,
    live_quantity = excluded.live_quantity, filled_quantity = excluded.filled_quantity, status =
    excluded.status
    """,
    """
    monitor_id number price:decimal share:decimal target_quantity:decimal live_quantity:decimal
    filled_quantity:decimal status
    """,
)
SAVE_INTENTS = Prepared(
    """
    INSERT INTO intent (id, monitor_id, run_id, operation, level, part, order_link_id, order_id,
    price, quantity, covered, covers, generation, again, status, code, detail, created_at,
    resolved_at, price_before, quantity_before, until, announced_us)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE
    SET run_id = excluded.run_id, operation = excluded.operation, level = excluded.level, part =
    excluded.part, order_link_id = excluded.order_link_id, order_id = excluded.order_id, price =
    excluded.price, quantity = excluded.quantity, covered = excluded.covered, covers =
    excluded.covers, generation = excluded.generation, again = excluded.again, status =
    excluded.status, code = excluded.code, detail = excluded.detail, created_at =
    excluded.created_at, resolved_at = excluded.resolved_at, price_before = excluded.price_before,
    quantity_before = excluded.quantity_before, until = excluded.until, announced_us =
    excluded.announced_us
    WHERE intent.monitor_id = excluded.monitor_id
    """,
    """
    id monitor_id run_id operation level part order_link_id order_id price:decimal quantity:decimal
    covered:decimal covers:decimal generation again:flag status code detail created_at:instant
    resolved_at:instant price_before:decimal quantity_before:decimal until:instant announced_us
    """,
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
    clock_offset_ms)
    VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (account) DO UPDATE
    SET swept_at = excluded.swept_at, monitors = excluded.monitors, drifted = excluded.drifted,
    view_state = excluded.view_state, reason = excluded.reason, clock_offset_ms =
    excluded.clock_offset_ms
    """,
    "account swept_at:instant monitors drifted view_state reason clock_offset_ms",
)
INSERT_TRANSITIONS = Prepared(
    """
    INSERT INTO transition (monitor_id, run_id, source, event, target, at, detail)
    VALUES (?, ?, ?, ?, ?, ?, ?)
    """,
    "monitor_id run_id source event target at:instant detail",
)
INSERT_CALLS = Prepared(
    """
    INSERT INTO exchange_call (monitor_id, run_id, operation, order_link_id, outcome, code,
    latency_ms, at, detail)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
    """,
    """
    monitor_id run_id operation order_link_id outcome code latency_ms at:instant detail
    """,
)
INSERT_DECISIONS = Prepared(
    """
    INSERT INTO decision (monitor_id, run_id, state, text, at)
    VALUES (?, ?, ?, ?, ?)
    """,
    "monitor_id run_id state text at:instant",
)
INSERT_ALERT = Prepared(
    """
    INSERT INTO alert (monitor_id, run_id, status, text, created_at, delivered_at, attempts)
    VALUES (?, ?, ?, ?, ?, ?, ?)
    """,
    "monitor_id run_id status text created_at:instant delivered_at:instant attempts",
)
DELIVERED = Prepared(
    """
    UPDATE alert
    SET delivered_at=?, attempts=attempts + 1
    WHERE alert.id = ? AND alert.delivered_at IS NULL
    """,
    "delivered:instant alert_id",
)
FAILED = Prepared(
    """
    UPDATE alert
    SET attempts=attempts + 1
    WHERE alert.id = ? AND alert.delivered_at IS NULL
    """,
    "alert_id",
)
