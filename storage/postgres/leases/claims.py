"""What claims, renews and ends leases: a statement or a transaction each, by the server's clock.

A claim writes its epoch into every monitor of the shard. So a commit of the owner before, which has
the epoch in its WHERE, either was there first, and the claim waits for it, or touches no row.

While the processes are halted, nobody claims or renews; who shall have no shards claims none.

A claim asks for the row of the shard in the strongest way, a write beside a run in the weakest
(:data:`STILL_OWNED`): these two wait for each other, or pass each other by, and a renewal waits for
neither.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from ....domain.leases import shard_of
from ..access.session import Raw
from .orders import IS_HALTED

_NOW = "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint"
_DIVIDE = b"""
INSERT INTO shard (number, owner, epoch)
SELECT made, '', 0 FROM generate_series(0, %s - 1) AS made
WHERE NOT EXISTS (SELECT 1 FROM shard)
ON CONFLICT DO NOTHING"""
_CLAIM = f"""
UPDATE shard SET owner = %s, epoch = shard.epoch + 1, lease_until_us = {_NOW} + %s
FROM (SELECT number FROM shard
      WHERE coalesce(lease_until_us, 0) <= {_NOW} - %s
        AND NOT EXISTS (SELECT 1 FROM fleet_order WHERE worker IN ('', %s))
      ORDER BY number LIMIT %s FOR UPDATE SKIP LOCKED) AS free
WHERE shard.number = free.number RETURNING shard.number, shard.epoch"""  # noqa: S608 - our own words
_RENEW = f"""
UPDATE shard SET lease_until_us = {_NOW} + %s
WHERE owner = %s AND number = ANY(%s) AND lease_until_us > {_NOW} AND NOT {IS_HALTED}
RETURNING number, epoch"""  # noqa: S608 - the same
_RELEASE = f"""
UPDATE shard SET owner = '', lease_until_us = {_NOW}
WHERE owner = %s AND number = ANY(%s) AND lease_until_us > {_NOW}"""  # noqa: S608 - the same
_FENCE = b"UPDATE monitor SET epoch = %s WHERE account = ANY(%s)"
_MICROSECOND = timedelta(microseconds=1)

STILL_OWNED = b"SELECT 1 FROM shard WHERE number = %s AND epoch = %s FOR KEY SHARE"
"""Whether nobody has claimed a shard since that epoch; nobody does until the transaction ends."""


def divide(raw: Raw, shards: int) -> int:
    """Divides the database into shards, unless it is divided; returns how many there are."""
    raw.execute(_DIVIDE, (shards,))
    return _shards(raw)


def claim(
    raw: Raw, owner: str, ttl: timedelta, most: int, free_for: timedelta = timedelta(0)
) -> Mapping[int, int]:
    """Claims shards that nobody has a lease of, in one transaction.

    Args:
        raw: a connection on which a statement by itself is a transaction.
        owner: who claims them; no other process has ever had that name.
        ttl: how long the leases last.
        most: how many to claim at most.
        free_for: for how long nobody has had them at least.

    Returns:
        The epochs of the shards that are the owner's now, by their numbers.
    """
    with raw.transaction():
        raw.execute(b"SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
        values = (owner, ttl // _MICROSECOND, free_for // _MICROSECOND, owner, most)
        found = raw.execute(_CLAIM.encode(), values).fetchall()
        made = {int(number): int(epoch) for number, epoch in found}
        if made:
            accounts = [
                str(name) for (name,) in raw.execute(b"SELECT DISTINCT account FROM monitor")
            ]
            shards = _shards(raw)
            for number, epoch in made.items():
                own = [name for name in accounts if shard_of(name, shards) == number]
                raw.execute(_FENCE, (epoch, own))
    return made


def renew(raw: Raw, owner: str, ttl: timedelta, numbers: Iterable[int]) -> Mapping[int, int]:
    """Renews those of the owner's leases that have not ended; returns their shards' epochs.

    A claim whose answer was lost is none of them: nobody hosts that shard, and its lease ends.
    """
    given = (ttl // _MICROSECOND, owner, list(numbers))
    found = raw.execute(_RENEW.encode(), given).fetchall()
    return {int(number): int(epoch) for number, epoch in found}


def release(raw: Raw, owner: str, numbers: Iterable[int]) -> None:
    """Ends leases at once: another process may claim these shards now."""
    raw.execute(_RELEASE.encode(), (owner, list(numbers)))


def _shards(raw: Raw) -> int:
    row = raw.execute(b"SELECT count(*) FROM shard").fetchone()
    return 0 if row is None else int(row[0])
