"""Conditions that tables, statements and views share, word for word.

SQLite uses a partial index only for a query in the same words.
"""

OPEN_INTENT = "status IN ('planned', 'sent', 'unknown')"
PENDING_ALERT = "delivered_at IS NULL"
ENDED_ORDERS = "orders IS NOT NULL"
