"""``trueup history``: the journal of one monitor, in the order in which it happened."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from ...domain.model.errors import ConfigurationError
from ...domain.model.identity import MonitorKey, Side
from ...storage import Row, SqlReader, ViewName
from ..base import options
from ..base.tables import show_json
from ..configuration.database import open_database

_SECONDS = len("2026-01-31T09:30:00.000")


@dataclass(frozen=True, slots=True)
class _Kind:
    """One kind of entries.

    Attributes:
        view: where they are.
        at: the column with their time.
        text: an entry as a line.
    """

    name: str
    view: ViewName
    at: str
    text: Callable[[Row], str]


@dataclass(frozen=True, slots=True)
class _Entry:
    kind: _Kind
    row: Row

    @property
    def at(self) -> str:
        return str(self.row[self.kind.at])


def history(  # noqa: PLR0913 - one parameter per option
    account: Annotated[str, typer.Argument(help="The account's name.", show_default=False)],
    symbol: Annotated[str, typer.Argument(help="Such as BANDUSDT.", show_default=False)],
    side: Annotated[
        Side, typer.Argument(help="Of the position.", case_sensitive=False, show_default=False)
    ],
    config: options.MaybeConfig = None,
    db: options.Database = None,
    *,
    run: Annotated[
        str | None,
        typer.Option("--run", metavar="ID", help="Only the run with this id, as alerts show it."),
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", "-n", min=1, metavar="N", help="Only the last N entries.")
    ] = 100,
    as_json: options.AsJson = False,
) -> None:
    """Show what one monitor did, oldest first.

    It lists steps, requests, intents, decisions and alerts in the order in which they happened.
    It only reads the database, also while the engine runs.
    """
    key = MonitorKey(account, symbol, side)
    with open_database(config, db) as reader:
        _check_known(reader, key)
        entries = _entries(reader, key, run, limit)
    if run is not None and not entries:
        raise ConfigurationError(f"--run: {key} has no run {run!r} on record")
    if as_json:
        show_json([_document(entry) for entry in entries])
    else:
        for entry in entries:
            typer.echo(_line(entry))


def _check_known(reader: SqlReader, key: MonitorKey) -> None:
    known = [f"{row['account']} {row['symbol']} {row['side']}" for row in _monitors(reader)]
    if str(key) not in known:
        there = f"on record are {', '.join(known)}" if known else "none is on record"
        raise ConfigurationError(f"there is no monitor {key}: {there}")


def _monitors(reader: SqlReader) -> list[Row]:
    return reader.rows("monitor_status")


def _entries(reader: SqlReader, key: MonitorKey, run: str | None, limit: int) -> list[_Entry]:
    found = [
        _Entry(kind, row)
        for kind in _KINDS
        for row in reader.rows(
            kind.view,
            account=key.account,
            symbol=key.symbol,
            side=key.side,
            run_id=run,
            limit=limit,
        )
    ]
    return sorted(found, key=lambda entry: entry.at)[-limit:]


def _line(entry: _Entry) -> str:
    text = entry.kind.text(entry.row).rstrip().replace("\n", "\n" + " " * 50)
    return f"{entry.at[:_SECONDS]}Z {entry.row['run_id']} {entry.kind.name: <10} {text}"


def _document(entry: _Entry) -> dict[str, Any]:
    return {"at": entry.at, "kind": entry.kind.name, **entry.row}


def _code(row: Row) -> str:
    return "" if row["code"] is None else f" {row['code']}"


def _tail(row: Row) -> str:
    return f": {row['detail']}" if row["detail"] else ""


def _transition(row: Row) -> str:
    return f"{row['source']} ─{row['event']}→ {row['target']}{_tail(row)}"


def _call(row: Row) -> str:
    order = f" {row['order_link_id']}" if row["order_link_id"] else ""
    return (
        f"{row['operation']}{order}: {row['outcome']}{_code(row)}, {row['latency_ms']} ms"
        f"{_tail(row)}"
    )


def _intent(row: Row) -> str:
    level = f" TP{row['level']}" if int(row["level"] or 0) > 0 else ""
    part = f".{row['part']}" if level and row["part"] != 1 else ""
    price = "" if row["price"] is None else f" at {row['price']}"
    return (
        f"{row['operation']}{level}{part} {row['covered']}→{row['covers']}{price} "
        f"{row['order_link_id']}: {row['status']}{_code(row)}{_tail(row)}"
    )


def _alert(row: Row) -> str:
    delivered = f"delivered {row['delivered_at']}" if row["delivered_at"] else "not delivered yet"
    return f"{row['text']}\n({delivered}, attempts: {row['attempts']})"


_KINDS = (
    _Kind("decision", "decision_log", "at", lambda row: str(row["text"])),
    _Kind("intent", "intent_log", "created_at", _intent),
    _Kind("call", "exchange_call_log", "at", _call),
    _Kind("step", "transition_log", "at", _transition),
    _Kind("alert", "alert_log", "created_at", _alert),
)
