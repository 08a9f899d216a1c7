"""Since when a monitor's contract is not listed any more, as its runs have it on record."""

from ...domain.audit.on_record import Delisted
from ...domain.model.identity import MonitorKey
from ...domain.model.instrument import UNLISTED
from .rows import OF_MONITOR, Moment, of
from .values import LogRow, at_of, call_of

_READ = f"{OF_MONITOR} AND operation = 'observe'"
_WHOLE = f"{_READ} AND outcome = 'complete' ORDER BY id DESC, part DESC LIMIT 1"
_REFUSED = f"{_READ} AND id >= :first AND code IS NOT NULL ORDER BY id, part LIMIT 1"
_GONE = f"{OF_MONITOR} AND id > :after AND text LIKE :gone ORDER BY"


def delisted_since(now: Moment, key: MonitorKey) -> Delisted | None:
    """Since when it is gone; None where no run has found it gone after its last whole read."""
    reads = now.rows("exchange_call_log", _WHOLE, **of(key))
    after, gone = _id(reads[0]) if reads else 0, f"%{key.symbol} {UNLISTED}%"
    lines: dict[str, str | int] = {**of(key), "after": after, "gone": gone}
    first = now.rows("decision_log", f"{_GONE} id, part LIMIT 1", **lines)
    if not first:
        return None
    (last,) = now.rows("decision_log", f"{_GONE} id DESC, part DESC LIMIT 1", **lines)
    refused = now.rows("exchange_call_log", _REFUSED, **of(key), first=_id(first[0]))
    return Delisted(
        read_at=at_of(reads[0]) if reads else None,
        since=at_of(first[0]),
        run_id=str(first[0]["run_id"]),
        said=str(first[0]["text"]),
        last=at_of(last),
        last_run=str(last["run_id"]),
        answer=call_of(refused[0]) if refused else None,
    )


def _id(row: LogRow) -> int:
    """Of the commit that has the row."""
    return int(row["id"] or 0)
