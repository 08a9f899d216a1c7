"""All of one monitor's page, read in one moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ....domain.audit.words import run_outcome
from ....domain.model.journal import ExchangeCall
from ....storage import Connection, Row
from ....storage.audit.values import call_of, transition_of
from ..drawing.timeline import Ran
from .engine import Engine
from .history import History, history_of, since_1970
from .listing import read_one
from .needs import Need, needs_of
from .pending import PendingWrite, read_pending
from .rows import rows_of

_OF_KEY = {
    "levels": """
SELECT level, price, share, target_quantity, live_quantity, filled_quantity, withheld, status
FROM level_status WHERE account = :account AND symbol = :symbol AND side = :side
ORDER BY level""",
    "gaps": """
SELECT quantity, since, until, why FROM coverage_log
WHERE account = :account AND symbol = :symbol AND side = :side ORDER BY id DESC LIMIT 50""",
    "bare": """
SELECT quantity, since, until, why FROM protection_log
WHERE account = :account AND symbol = :symbol AND side = :side ORDER BY id DESC LIMIT 50""",
    "alerts": """
SELECT id, run_id, status, text, created_at, delivered_at FROM alert_log
WHERE account = :account AND symbol = :symbol AND side = :side ORDER BY id DESC LIMIT 5""",
    "deliveries": """
SELECT alert_id, sink, delivered_at, attempts, error FROM alert_delivery_log
WHERE alert_id IN (SELECT id FROM alert_log WHERE account = :account AND symbol = :symbol
                   AND side = :side ORDER BY id DESC LIMIT 5)
ORDER BY alert_id, sink""",
    "runs": """
SELECT j.run_id, MIN(j.at_us) AS began_us, MAX(j.at_us) AS ended_us, COUNT(*) AS commits
FROM (SELECT id, run_id, at_us FROM journal WHERE monitor_id = (
          SELECT id FROM monitor
          WHERE account = :account AND symbol = :symbol AND side = :side)
      ORDER BY id DESC LIMIT 300) AS j
GROUP BY j.run_id ORDER BY MAX(j.id) DESC LIMIT 20""",
    "entry": """
SELECT entry_price FROM monitor
WHERE account = :account AND symbol = :symbol AND side = :side""",
    "first": """
SELECT MIN(at_us) AS at_us, MAX(at_us) AS ended_us FROM journal WHERE run_id = (
    SELECT run_id FROM journal WHERE monitor_id = (
        SELECT id FROM monitor WHERE account = :account AND symbol = :symbol AND side = :side)
    ORDER BY id LIMIT 1)""",
    "first_read": """
SELECT at, detail FROM exchange_call_log WHERE run_id = (
    SELECT run_id FROM journal WHERE monitor_id = (
        SELECT id FROM monitor WHERE account = :account AND symbol = :symbol AND side = :side)
    ORDER BY id LIMIT 1) AND operation = 'observe' AND outcome = 'complete'
ORDER BY id, part LIMIT 1""",
    "set_first": """
SELECT s.run_id, s.at AS until, s.price, s.trailing,
       (SELECT MIN(at_us) FROM journal j WHERE j.run_id = s.run_id) AS since_us
FROM stop_log s
WHERE s.account = :account AND s.symbol = :symbol AND s.side = :side AND s.status = 'confirmed'
  AND s.price_before = '0' AND s.trailing_before = '0' AND s.operation IN ('', 'place')
ORDER BY s.id DESC LIMIT 50""",
}
_CALLS = """
SELECT run_id, at, operation, order_link_id, outcome, code, latency_ms, detail
FROM exchange_call_log WHERE run_id = :run ORDER BY id, part LIMIT 200"""
_LAST_ALERT = """
SELECT status FROM alert_log WHERE account = :account AND symbol = :symbol AND side = :side
AND run_id = :run ORDER BY id DESC LIMIT 1"""
_STEPS = """
SELECT run_id, source, event, target, at, detail FROM transition_log
WHERE run_id = :run ORDER BY id, part"""


@dataclass(frozen=True, slots=True)
class OneMonitor:
    """What the page of a monitor shows.

    Attributes:
        row: as the list has it.
        lists: rows by what they are: levels, entry, alerts with their deliveries.
        history: of its cover and its protection.
        pending: writes whose end is not known, each in words.
        runs: the last ones, the newest first.
        run: the run whose requests are shown; empty where none is on record.
        calls: its requests, in order.
    """

    row: Row
    needs: tuple[Need, ...]
    lists: Mapping[str, Sequence[Row]]
    history: History
    pending: Sequence[PendingWrite]
    runs: Sequence[Ran]
    run: str
    calls: Sequence[ExchangeCall]


def read_monitor(
    connection: Connection, account: str, symbol: str, side: str, run: str, engine: Engine
) -> OneMonitor | None:
    """The monitor; None where there is none.

    Args:
        connection: in a transaction.
        account: of the monitor, and so on.
        symbol: of the contract.
        side: of the position.
        run: whose requests are asked for; empty, or one of another monitor, for the last one.
        engine: whether one runs.

    Raises:
        sqlite3.Error: the database cannot be read.
    """
    row = read_one(connection, account, symbol, side)
    if row is None:
        return None
    key = {"account": account, "symbol": symbol, "side": side}
    lists = {name: rows_of(connection, sql, key) for name, sql in _OF_KEY.items()}
    runs = [_ran(connection, one, key) for one in lists.pop("runs")]
    known = [one.run_id for one in runs]
    shown = run if run in known else next(iter(known), "")
    calls = [call_of(call) for call in rows_of(connection, _CALLS, {"run": shown})]
    needs, history = needs_of(connection, row, engine), history_of(row, lists)
    pending = read_pending(connection, key)
    return OneMonitor(row, needs, lists, history, pending, runs, shown, calls)


def _ran(connection: Connection, row: Row, key: Mapping[str, str]) -> Ran:
    run = str(row["run_id"])
    steps = [transition_of(step) for step in rows_of(connection, _STEPS, {"run": run})]
    alert = connection.execute(_LAST_ALERT, {**key, "run": run}).fetchone()
    began, ended = since_1970(row["began_us"]), since_1970(row["ended_us"])
    outcome = run_outcome(tuple(steps), "" if alert is None else str(alert[0]))
    return Ran(run, began, ended, outcome)
