"""Conditions that tables, statements and views share, word for word.

SQLite uses a partial index only for a query in the same words.
"""

OPEN_INTENT = "status IN ('planned', 'sent', 'unknown')"
PENDING_ALERT = "delivered_at IS NULL"
UNWATCHED = "until IS NULL"
ENDED_ORDERS = "orders IS NOT NULL"
IN_FORCE = "(ended_by IS NULL AND kind IN ('pause', 'halt'))"
CURRENT_CONTROL = f"{IN_FORCE} OR acknowledged_at IS NULL"
EVENTS = "events IS NOT NULL"
