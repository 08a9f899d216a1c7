"""Orders to the processes that share a database, and how these stand: a statement or two each.

The server keeps an order, not the process: one that hangs, or follows nothing any more, has its
renewals refused like the others, and no write of it leaves once its lease is over.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from ....domain.fleet import Fleet, FleetOrder, FleetWorker, accounts_in
from ...sql.columns import instant, instant_text
from ..access.ownership import IS_LOCK
from ..access.session import Raw

PRESENT_AS = "trueup worker "
"""A process that shares the database has this before its name, as the server shows connections."""
IS_HALTED = "EXISTS (SELECT 1 FROM fleet_order WHERE worker = '')"
_ORDER = b"""
INSERT INTO fleet_order (worker, ordered_at, ordered_by, reason) VALUES (%s, %s, %s, %s)
ON CONFLICT (worker) DO NOTHING"""
_LIFT = b"DELETE FROM fleet_order WHERE worker = %s RETURNING worker"
_ORDERS = b"SELECT worker, ordered_at, ordered_by, reason FROM fleet_order"
_PRESENT = f"""
SELECT DISTINCT substr(a.application_name, {len(PRESENT_AS) + 1})
FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
WHERE mode = 'ShareLock' AND starts_with(a.application_name, '{PRESENT_AS}') AND {IS_LOCK}"""  # noqa: S608 - our own words
_WANTED = f"""
SELECT count(*), EXISTS (SELECT 1 FROM fleet_order WHERE worker = %s)
FROM ({_PRESENT}) AS present (name)
WHERE name <> %s AND NOT EXISTS (SELECT 1 FROM fleet_order WHERE worker = name)"""  # noqa: S608 - the same
_NOW = b"SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint"
_SHARDS = b"SELECT number, owner, lease_until_us FROM shard ORDER BY number"
_ACCOUNTS = b"SELECT DISTINCT account FROM monitor ORDER BY account"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def share_of(raw: Raw, owner: str, shards: int) -> int:
    """How many shards a process should have: none where it was ordered to have none.

    The others divide them, whether or not these can have any now.
    """
    row = raw.execute(_WANTED.encode(), (owner, owner)).fetchone()
    others, is_unwanted = row or (0, False)
    return 0 if is_unwanted else -(-shards // (int(others) + 1))


def give_order(raw: Raw, order: FleetOrder) -> None:
    """Puts an order on record; one of before to the same process stays as it is."""
    raw.execute(_ORDER, (order.worker, instant_text(order.at), order.by, order.reason))


def lift_order(raw: Raw, worker: str) -> bool:
    """Ends the order to a process, or the halt of all; returns whether there was one."""
    return raw.execute(_LIFT, (worker,)).fetchone() is not None


def halt_of(raw: Raw) -> FleetOrder | None:
    """The halt of all in force; None where there is none."""
    return _orders(raw).get("")


def read_fleet(raw: Raw) -> Fleet:
    """All processes, in one transaction."""
    with raw.transaction():
        raw.execute(b"SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        now = _moment((raw.execute(_NOW).fetchone() or (0,))[0])
        orders = _orders(raw)
        present = {str(name) for (name,) in raw.execute(_PRESENT.encode())}
        accounts = [str(name) for (name,) in raw.execute(_ACCOUNTS)]
        rows = raw.execute(_SHARDS).fetchall()
    held: dict[str, list[tuple[int, datetime]]] = {}
    for number, owner, until in rows:
        if owner and until is not None and (ends := _moment(until)) > now:
            held.setdefault(str(owner), []).append((int(number), ends))
    names = sorted({*held, *present, *filter(None, orders)})
    taken = {number for shards in held.values() for number, _ in shards}
    free = tuple(int(number) for number, *_ in rows if number not in taken)

    def worker(name: str) -> FleetWorker:
        shards = held.get(name, [])
        numbers = tuple(number for number, _ in shards)
        return FleetWorker(
            name,
            name in present,
            numbers,
            accounts_in(accounts, len(rows), numbers),
            min((ends for _, ends in shards), default=None),
            orders.get(name),
        )

    return Fleet(
        now,
        orders.get(""),
        len(rows),
        tuple(worker(name) for name in names),
        free,
        accounts_in(accounts, len(rows), free),
    )


def _orders(raw: Raw) -> Mapping[str, FleetOrder]:
    return {row[0]: _order(row) for row in raw.execute(_ORDERS).fetchall()}


def _order(row: tuple[Any, ...]) -> FleetOrder:
    worker, at, by, reason = row
    return FleetOrder(worker, instant(at) or _EPOCH, by, reason)


def _moment(microseconds: int) -> datetime:
    return _EPOCH + timedelta(microseconds=microseconds)
