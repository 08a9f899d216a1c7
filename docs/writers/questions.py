"""Questions in SQL; a test runs each of them on a database that has an answer."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Question:
    """A question and the query that answers it."""

    asks: str
    sql: str


QUESTIONS = (
    Question(
        "Which positions are not fully covered?",
        """
SELECT account, symbol, side, position_size, covered_quantity, coverage_pct, last_outcome
FROM monitor_status
WHERE position_size <> '0' AND coverage_pct <> '100'
""",
    ),
    Question(
        "Which accounts has no sweep reached for five minutes: is the engine alive?",
        """
SELECT account, swept_at, view_state, reason
FROM account_status
WHERE swept_at < strftime('%Y-%m-%dT%H:%M:%f', 'now', '-5 minutes')
""",
    ),
    Question(
        "What will be tried again, and when?",
        """
SELECT next_try_at, account, symbol, side, attempts, last_outcome
FROM monitor_status
WHERE next_try_at IS NOT NULL
ORDER BY next_try_at
""",
    ),
    Question(
        "What is the state of each level of one monitor?",
        """
SELECT level, price, share, target_quantity, live_quantity, filled_quantity, status
FROM level_status
WHERE account = 'mirror' AND symbol = 'BANDUSDT' AND side = 'Sell'
ORDER BY level
""",
    ),
    Question(
        "What did the last run of a monitor do, step by step?",
        """
SELECT t.at, t.source, t.event, t.target, t.detail
FROM transition_log t JOIN monitor_status m ON m.last_run_id = t.run_id
WHERE m.account = 'mirror' AND m.symbol = 'BANDUSDT' AND m.side = 'Sell'
ORDER BY t.id, t.part
""",
    ),
    Question(
        "What did it read, decide and send, in one sequence?",
        """
WITH entries AS (
    SELECT run_id, at, 'decision' AS kind, text FROM decision_log
    UNION ALL
    SELECT run_id, at, 'call', operation || ' ' || order_link_id || ': ' || outcome
    FROM exchange_call_log
    UNION ALL
    SELECT run_id, at, 'step', source || ' → ' || target || ': ' || event FROM transition_log
)
SELECT entries.at, entries.kind, entries.text
FROM entries JOIN monitor_status m ON m.last_run_id = entries.run_id
WHERE m.account = 'mirror' AND m.symbol = 'BANDUSDT' AND m.side = 'Sell'
ORDER BY entries.at
""",
    ),
    Question(
        "What happened to a position on one day, in one sequence?",
        """
SELECT at, kind, what, detail
FROM timeline
WHERE account = 'mirror' AND symbol = 'BANDUSDT' AND side = 'Sell'
  AND commit_at >= '2025-01-25' AND commit_at < '2025-01-26'
""",
    ),
    Question(
        "Which writes concerned the order of TP1?",
        """
SELECT created_at, run_id, operation, quantity, price, status, code, detail
FROM intent_log
WHERE order_link_id = (
    SELECT order_link_id FROM level_status
    WHERE account = 'mirror' AND symbol = 'BANDUSDT' AND side = 'Sell' AND level = 1
)
ORDER BY number
""",
    ),
    Question(
        "Which writes may still take effect, and until when?",
        """
SELECT account, symbol, side, level, order_link_id, status, acknowledged, covered, covers, until
FROM pending_write
ORDER BY number
""",
    ),
    Question(
        "What does the exchange refuse or fail to answer, and how often?",
        """
SELECT account, operation, outcome, code, count(*) AS times, max(at) AS last_seen
FROM exchange_call_log
WHERE outcome NOT IN ('accepted', 'complete', 'found', 'absent')
GROUP BY account, operation, outcome, code
ORDER BY times DESC
""",
    ),
    Question(
        "How long do reads, look-ups and writes take?",
        """
SELECT account, operation, count(*) AS calls, round(avg(latency_ms)) AS mean_ms,
       max(latency_ms) AS longest_ms
FROM exchange_call_log
GROUP BY account, operation
""",
    ),
    Question(
        "Which alerts are still pending?",
        """
SELECT created_at, account, symbol, status, attempts, text
FROM alert_log
WHERE delivered_at IS NULL
ORDER BY id
""",
    ),
    Question(
        "Which sinks refuse alerts, and since when is the oldest one waiting?",
        """
SELECT sink, error, count(*) AS alerts, min(created_at) AS oldest, max(attempts) AS attempts
FROM alert_delivery_log
WHERE delivered_at IS NULL
GROUP BY sink, error
ORDER BY sink, error
""",
    ),
    Question(
        "How many alerts of each kind did each day bring?",
        """
SELECT substr(created_at, 1, 10) AS day, account, status, count(*) AS alerts
FROM alert_log
GROUP BY day, account, status
ORDER BY day, account, status
""",
    ),
    Question(
        "Which orders were adopted?",
        """
SELECT account, symbol, side, level, order_link_id, price, quantity, status
FROM order_log
WHERE origin = 'adopted'
ORDER BY account, symbol, side, cycle, level, part
""",
    ),
    Question(
        "Which TP orders filled, and at which price?",
        """
SELECT coalesce(executed_at, at) AS at, account, symbol, side, level, quantity, price,
       order_link_id, execution_id
FROM fill_log
ORDER BY id, part, place
""",
    ),
    Question(
        "What has closing the positions brought?",
        """
SELECT at, account, symbol, side, cause, closed, gross, fees, unknown, fees_unknown
FROM result_log
ORDER BY id, part
""",
    ),
    Question(
        "What else became of the positions?",
        """
SELECT at, account, symbol, side, kind, detail
FROM event_log
WHERE kind <> 'level-filled'
ORDER BY id, part
""",
    ),
    Question(
        "Who changed which ladder, and to what?",
        """
SELECT at, account, symbol, side, who, before, after
FROM ladder_log
ORDER BY id, part
""",
    ),
)
