"""Views for people: what an operator reads with any SQLite client.

The store recreates them whenever a database has different ones, so changing one needs no migration.
"""

from dataclasses import dataclass
from typing import Literal, get_args

ViewName = Literal[
    "account_status",
    "monitor_status",
    "level_status",
    "pending_write",
    "transition_log",
    "exchange_call_log",
    "decision_log",
    "intent_log",
    "alert_log",
]
VIEW_NAMES: tuple[ViewName, ...] = get_args(ViewName)


@dataclass(frozen=True, slots=True)
class View:
    """A view.

    Attributes:
        query: its SELECT.
        order: the columns its rows are read in order of.
    """

    query: str
    order: tuple[str, ...] = ("id",)


VIEWS: dict[ViewName, View] = {
    "account_status": View(
        order=("account",),
        query="""
SELECT account, swept_at, monitors, drifted, view_state, reason, clock_offset_ms
FROM account_sweep""",
    ),
    "monitor_status": View(
        order=("account", "symbol", "side"),
        query="""
SELECT account, symbol, side, role, follows, state,
       iif(position_read_at = last_run_at, position_size, NULL) AS position_size,
       iif(position_read_at = last_run_at, covered_quantity, NULL) AS covered_quantity,
       iif(position_read_at = last_run_at, coverage_pct, NULL) AS coverage_pct,
       position_size AS last_position_size, position_read_at, last_outcome, last_run_id,
       last_run_at, attempts, next_try_at, waits_until, waits_for, ladder_source, recovered_at,
       cycle, version, source, expires_at
FROM monitor""",
    ),
    "level_status": View(
        order=("account", "symbol", "side", "level"),
        query="""
SELECT m.account, m.symbol, m.side, l.number AS level, l.price, l.share,
       l.target_quantity, l.live_quantity, l.filled_quantity,
       (SELECT group_concat(shown.order_link_id, ' ') FROM (
            SELECT o.order_link_id FROM level_order o
            WHERE o.monitor_id = l.monitor_id AND o.cycle = m.cycle AND o.level = l.number
              AND iif(l.status = 'filled', o.status = 'filled', o.status IN ('pending_new', 'open'))
            ORDER BY o.sequence) AS shown) AS order_link_id,
       (SELECT group_concat(nullif(shown.order_id, ''), ' ') FROM (
            SELECT o.order_id FROM level_order o
            WHERE o.monitor_id = l.monitor_id AND o.cycle = m.cycle AND o.level = l.number
              AND iif(l.status = 'filled', o.status = 'filled', o.status IN ('pending_new', 'open'))
            ORDER BY o.sequence) AS shown) AS order_id,
       iif(l.status = 'open',
           coalesce((SELECT iif(i.operation = 'amend', 'pending_replace', 'pending_cancel')
                     FROM intent i JOIN level_order o ON o.order_link_id = i.order_link_id
                     WHERE i.monitor_id = l.monitor_id AND i.operation <> 'place'
                       AND i.status IN ('planned', 'sent', 'unknown')
                       AND o.monitor_id = l.monitor_id AND o.cycle = m.cycle
                       AND o.level = l.number AND o.status = 'open'
                     ORDER BY i.number DESC LIMIT 1), l.status),
           l.status) AS status
FROM level l JOIN monitor m ON m.id = l.monitor_id""",
    ),
    "pending_write": View(
        order=("number",),
        query="""
SELECT i.number, m.account, m.symbol, m.side, i.level, i.order_link_id,
       CASE i.operation WHEN 'place' THEN 'pending_new' WHEN 'amend' THEN 'pending_replace'
                        ELSE 'pending_cancel' END AS status,
       i.status = 'sent' AS acknowledged,
       i.price_before, i.quantity_before, i.price, i.quantity, i.covered, i.covers,
       i.created_at, i.until, i.run_id
FROM intent i JOIN monitor m ON m.id = i.monitor_id
WHERE i.status IN ('planned', 'sent', 'unknown')""",
    ),
    "transition_log": View("""
SELECT t.id, t.run_id, m.account, m.symbol, m.side, t.source, t.event, t.target, t.at, t.detail
FROM transition t JOIN monitor m ON m.id = t.monitor_id"""),
    "exchange_call_log": View("""
SELECT c.id, c.run_id, m.account, m.symbol, m.side, c.operation, c.order_link_id, c.outcome,
       c.code, c.latency_ms, c.at, c.detail
FROM exchange_call c JOIN monitor m ON m.id = c.monitor_id"""),
    "decision_log": View("""
SELECT d.id, d.run_id, m.account, m.symbol, m.side, d.state, d.text, d.at
FROM decision d JOIN monitor m ON m.id = d.monitor_id"""),
    "intent_log": View(
        order=("number",),
        query="""
SELECT i.number, i.id, i.run_id, m.account, m.symbol, m.side, i.operation, i.level, i.part,
       i.order_link_id, i.order_id, i.quantity, i.price, i.covered, i.covers,
       i.generation, i.again, i.status,
       i.code, i.detail, i.created_at, i.resolved_at
FROM intent i JOIN monitor m ON m.id = i.monitor_id""",
    ),
    "alert_log": View("""
SELECT a.id, a.run_id, m.account, m.symbol, m.side, a.status, a.text, a.created_at,
       a.delivered_at, a.attempts
FROM alert a JOIN monitor m ON m.id = a.monitor_id"""),
}


def definitions() -> dict[str, str]:
    """The statement that makes each view, by its name."""
    return {name: f"CREATE VIEW {name} AS{view.query}" for name, view in VIEWS.items()}
