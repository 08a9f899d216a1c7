"""``questions.md``: what people ask afterwards, each answered by one command or one query."""

from dataclasses import dataclass

from ..markdown import fenced, page, wrapped

_INTRODUCTION = """
What a trader and his engineer ask afterwards, each with the one command or query that answers it.
They read the database, also while the engine runs; tests run each of them. `trueup` finds the
database by `trueup.toml`, or by `--db sqlite:///trueup.db`; the queries are for any SQLite client:

```sh
sqlite3 -box -readonly trueup.db 'SELECT * FROM monitor_status'
```

[database.md](database.md) explains every view and its columns, and has more queries.
[cli.md](cli.md) has every option of the commands.
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """A question, and what answers it.

    Attributes:
        command: of ``trueup``, without the database; empty where a query answers.
        sql: the query; empty where a command answers.
        note: what else people should know; may be empty.
    """

    asks: str
    command: str = ""
    sql: str = ""
    note: str = ""


ANSWERS = (
    Answer(
        "Why did TP2 change?",
        command="trueup explain mirror BANDUSDT Sell TP2",
        note="It shows every write of the level's order, who asked for it and why, its fills, and "
        "changes by hand. `trueup explain mirror BANDUSDT Sell --at 2026-12-01T03:12` explains the "
        "run of that moment, and `trueup explain RUN` the one that an alert names.",
    ),
    Answer(
        "What was sent twice?",
        sql="""
SELECT account, symbol, side, order_link_id, count(*) AS times,
       group_concat(outcome, ', ') AS answers
FROM exchange_call_log
WHERE operation = 'place'
GROUP BY account, symbol, side, order_link_id
HAVING count(*) > 1
""",
        note="A place that is sent again carries the same order link id, so that the exchange "
        "takes one of them alone.",
    ),
    Answer(
        "What was uncovered, and for how long?",
        sql="""
SELECT account, symbol, side, quantity, since, until,
       round((julianday(coalesce(until, 'now')) - julianday(since)) * 86400) AS seconds, why
FROM coverage_log
ORDER BY id, part
""",
        note="As the ends of runs show it; `until` is NULL while it lasts.",
    ),
    Answer(
        "Which alerts are undelivered?",
        sql="""
SELECT a.created_at, a.account, a.symbol, a.side, a.status, d.sink, d.attempts, d.error, a.text
FROM alert_log a LEFT JOIN alert_delivery_log d
  ON d.alert_id = a.id AND d.delivered_at IS NULL
WHERE a.delivered_at IS NULL
ORDER BY a.id
""",
        note="A sink is named once it has been given the alert.",
    ),
    Answer(
        "When was a position last read, and before that?",
        sql="""
SELECT at, run_id, detail
FROM exchange_call_log
WHERE account = 'mirror' AND symbol = 'BANDUSDT' AND side = 'Sell'
  AND operation = 'observe' AND outcome = 'complete'
ORDER BY id DESC, part DESC
LIMIT 2
""",
        note="These are the reads of runs. What a sweep reads leaves no row where it finds nothing "
        "to do; `account_status` has the last sweep of each account.",
    ),
    Answer(
        "When did TP1 fill, and at what price?",
        sql="""
SELECT coalesce(executed_at, at) AS at, quantity, price, limit_price, order_link_id, execution_id
FROM fill_log
WHERE account = 'mirror' AND symbol = 'BANDUSDT' AND side = 'Sell' AND level = 1
ORDER BY id, part, place
""",
    ),
    Answer(
        "Who changed the ladder, and to what?",
        sql="""
SELECT at, who, before, after, run_id
FROM ladder_log
WHERE account = 'mirror' AND symbol = 'BANDUSDT' AND side = 'Sell'
ORDER BY id, part
""",
        note="`given` is a configuration file, an import, or the bot that called `watch`. The run "
        "is the one that reported the change: `trueup explain RUN` shows, as `watched by`, which "
        "of them had watched the monitor last.",
    ),
    Answer(
        "What was the exchange's reply?",
        sql="""
SELECT at, run_id, operation, order_link_id, outcome, code, detail
FROM exchange_call_log
WHERE account = 'mirror' AND symbol = 'BANDUSDT' AND side = 'Sell' AND code IS NOT NULL
ORDER BY id, part
""",
        note="`code` and `detail` are Bybit's own code and words. Of an order that is named by its "
        "link id, ask for `order_link_id`.",
    ),
    Answer(
        "When did the engine run, and in which version?",
        sql="""
SELECT started_at, stopped_at, trueup_version, schema_version, pybit_version, changed
FROM engine_log
ORDER BY id
""",
        note="It is of `trueup run`, and of `start` in a bot; a run that a bot calls by itself "
        "leaves no row here.",
    ),
    Answer(
        "What would this version have done?",
        command="trueup replay --since 2025-01-01",
        note="It makes the recorded runs again, by the code that is installed now, and shows where "
        "that decides otherwise.",
    ),
)


def ten_questions() -> str:
    """The whole page."""
    return page("Questions and answers", _INTRODUCTION, *map(_answer, ANSWERS))


def _answer(answer: Answer) -> str:
    shown = fenced(answer.command, "sh") if answer.command else fenced(answer.sql, "sql")
    return "\n\n".join(filter(None, (f"## {answer.asks}", shown, wrapped(answer.note))))
