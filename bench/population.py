"""A database of many monitors whose ladders rest at the exchange, as runs have left them.

The store writes the monitors of the first account. Those of the others are copied from them, row
by row, because writing ten thousand through the store would take a minute.
"""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from trueup import MonitorRecord, Role, RunOutcome, StateName
from trueup.domain.model.commands import Operation
from trueup.domain.model.intent import Intent
from trueup.domain.model.record import Origin, OwnedOrder, OwnedStatus
from trueup.domain.store import Step
from trueup.storage import open_store

from .scene import GROWTH, START, Place, ladder, monitor_of, quantities, resting_ids
from .world import PRICES

_ENTRY_PRICE = Decimal("0.68")
_RUN = "run-of-"


def populate(
    folder: Path, names: Sequence[str], symbols: Sequence[str], *, broken_off: bool = False
) -> None:
    """Writes ``trueup.db``, with a monitor for each account and symbol.

    Args:
        folder: where.
        names: of the accounts; all others follow the first.
        symbols: of each account.
        broken_off: leave the monitors of the first symbol as a killed process would that has seen
            their positions grow: Placing, with the amends planned and none of them sent.
    """
    path = folder / "trueup.db"
    with closing(open_store(f"sqlite:///{path}")) as store:
        for symbol in symbols:
            key = monitor_of(Place(names[0], symbol))
            record = store.commit(_settled(store.watch(key, Role.MAIN, None, ladder())))
            if broken_off and symbol == symbols[0]:
                store.commit(_broken_off(record))
    with closing(sqlite3.connect(path)) as connection, connection:
        for name in names[1:]:
            _copy(connection, names[0], name)


def _settled(record: MonitorRecord) -> Step:
    orders = tuple(
        _order(record.key.symbol, level, price, quantity)
        for level, (price, quantity) in enumerate(
            zip(PRICES, quantities(START), strict=True), start=1
        )
    )
    record = replace(
        record,
        position_size=START,
        entry_price=_ENTRY_PRICE,
        orders=orders,
        last_outcome=RunOutcome.IN_SYNC,
        last_run_id=f"{_RUN}{record.key.account}",
        last_run_at=_ago(1),
    )
    return Step(record=record, targets={order.level: order.quantity for order in orders})


def _broken_off(record: MonitorRecord) -> Step:
    run = f"{_RUN}{record.key.account}-{record.key.symbol}"
    grown = dict(enumerate(quantities(START + GROWTH), start=1))
    intents = tuple(
        Intent(
            id=f"{run}-{order.level}",
            run_id=run,
            operation=Operation.AMEND,
            level=order.level,
            part=order.part,
            order_link_id=order.order_link_id,
            order_id=order.order_id,
            price=None,
            quantity=grown[order.level],
            created_at=_ago(0),
            covered=order.quantity,
            covers=grown[order.level],
        )
        for order in record.orders
    )
    record = replace(record, position_size=START + GROWTH, state=StateName.PLACING, last_run_id=run)
    return Step(record=record, intents=intents, targets=grown)


def _order(symbol: str, level: int, price: str, quantity: Decimal) -> OwnedOrder:
    order_id, link_id = resting_ids(symbol, level)
    return OwnedOrder(
        level=level,
        part=1,
        order_link_id=link_id,
        order_id=order_id,
        price=Decimal(price),
        asked_price=Decimal(price),
        quantity=quantity,
        filled=Decimal(0),
        status=OwnedStatus.OPEN,
        origin=Origin.PLACED,
    )


def _ago(hours: int) -> datetime:
    return datetime.now(UTC) - timedelta(hours=hours, seconds=1)


def _copy(connection: sqlite3.Connection, main: str, name: str) -> None:
    """Copies the main's monitors for a mirror, with its name in every id that names the account."""
    own = {"account": f"'{name}'", "role": f"'{Role.MIRROR.value}'", "follows": f"'{main}'"}
    renamed = f"replace(t.{{}}, '{_RUN}{main}', '{_RUN}{name}')"
    columns = _columns(connection, "monitor", without=("id",))
    values = [own.get(column, f"t.{column}") for column in columns]
    _insert(connection, "monitor", columns, values, f"monitor t WHERE t.account = '{main}'")
    columns = _columns(connection, "intent", without=("number",))
    values = [
        renamed.format(column) if column in ("id", "run_id") else f"t.{column}"
        for column in columns
    ]
    values[columns.index("monitor_id")] = "copy.id"
    source = (
        f"intent t JOIN monitor own ON own.id = t.monitor_id AND own.account = '{main}' "
        f"JOIN monitor copy ON copy.symbol = own.symbol AND copy.account = '{name}'"
    )
    _insert(connection, "intent", columns, values, source)
    column = "last_run_id"
    connection.execute(
        f"UPDATE monitor SET {column} = replace({column}, '{_RUN}{main}', '{_RUN}{name}') "  # noqa: S608 - the same
        f"WHERE account = '{name}'"
    )


def _columns(connection: sqlite3.Connection, table: str, without: Sequence[str]) -> list[str]:
    rows = connection.execute(f"PRAGMA table_info({table})")
    return [row[1] for row in rows if row[1] not in without]


def _insert(
    connection: sqlite3.Connection,
    table: str,
    columns: Sequence[str],
    values: Sequence[str],
    source: str,
) -> None:
    connection.execute(
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)} FROM {source}"  # noqa: S608 - names of ours
    )
