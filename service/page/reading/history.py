"""When a monitor was covered and protected, when it was not, and when nobody knew."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ....domain.model.instrument import plain
from ....storage import Row
from ....storage.sql.columns import decimal

_FOUND_BARE = re.compile(r"size (?!0,)(?P<size>\S+), orders 0").fullmatch
"""What a read says of an open position without any order."""


@dataclass(frozen=True, slots=True)
class Lack:
    """A time in which something was bare.

    Attributes:
        what: how much, and of what.
        since: from when.
        until: None while it lasts.
        why: what is on record of it; empty where nothing is.
        at_the_latest: whether a run's end found it so, and it may have begun before.
    """

    what: str
    since: datetime
    until: datetime | None
    why: str
    at_the_latest: bool = True


@dataclass(frozen=True, slots=True)
class History:
    """A monitor over time.

    Attributes:
        began: when its first run on record began; None without one.
        known_since: when that run had ended: before, nobody had found out how it was covered.
        stop_known_since: the same of the stop, which may have been set in that run.
        cover: the times without whole cover, the newest first.
        protection: the times without the stop that was wanted.
    """

    began: datetime | None
    known_since: datetime | None
    stop_known_since: datetime | None
    cover: Sequence[Lack]
    protection: Sequence[Lack]


def history_of(row: Row, lists: Mapping[str, Sequence[Row]]) -> History:
    """The history.

    Args:
        row: of the monitor, as the list has it.
        lists: what was read of it besides: ``first``, ``gaps``, ``bare`` and ``set_first``.
    """
    first = lists["first"][0]
    cover = [_gap(one, "uncovered") for one in lists["gaps"]]
    if _is_short(row) and not any(one.until is None for one in cover):
        cover.insert(0, _unconfirmed(row))
    began, known = _moment(first["at_us"]), _moment(first["ended_us"])
    if known is not None:
        found = (one for one in lists["first_read"] if _FOUND_BARE(str(one["detail"])))
        cover += [_at_first(one, known) for one in found]
    bare = [_gap(one, "without its stop") for one in lists["bare"]]
    was_set = [_before(one) for one in lists["set_first"]]
    bare = sorted((*bare, *was_set), key=lambda one: one.since, reverse=True)
    stop_known = min((one.until for one in was_set if one.until), default=known)
    stop_known = stop_known if known is None or stop_known is None else min(stop_known, known)
    return History(began, known, stop_known, cover, bare)


def since_1970(microseconds: object) -> datetime:
    """The instant."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(str(microseconds)))


def _moment(microseconds: object) -> datetime | None:
    return None if microseconds is None else since_1970(microseconds)


def _gap(row: Row, lacks: str) -> Lack:
    until = row["until"]
    return Lack(
        f"{row['quantity']} {lacks}",
        datetime.fromisoformat(str(row["since"])),
        None if until is None else datetime.fromisoformat(str(until)),
        str(row["why"] or ""),
    )


def _is_short(row: Row) -> bool:
    """Whether the last run left less covered than the position has."""
    size = row["position_size"]
    return size is not None and decimal(str(row["covered_quantity"] or 0)) < decimal(str(size))


def _unconfirmed(row: Row) -> Lack:
    """A run that does not know what became of its writes records no time without cover."""
    bare = decimal(str(row["position_size"])) - decimal(str(row["covered_quantity"] or 0))
    count = int(str(row["unanswered"]))
    writes = "1 write is" if count == 1 else f"{count} writes are"
    why = f"{writes} unanswered: no read has shown an order of them" if count else ""
    since = datetime.fromisoformat(str(row["last_run_at"]))
    return Lack(f"{plain(bare)} not known to be covered", since, None, why)


def _at_first(row: Row, until: datetime) -> Lack:
    """A position that was first read without any order; the first run's end says how it went on."""
    size = str(row["detail"]).removeprefix("size ").partition(",")[0]
    since = datetime.fromisoformat(str(row["at"]))
    why = "no order rested when it was first read"
    return Lack(f"{size} uncovered", since, until, why, at_the_latest=False)


def _before(row: Row) -> Lack:
    """A stop that trueup set where none was: until then the position had none."""
    return Lack(
        "no stop at the first read",
        since_1970(row["since_us"]),
        datetime.fromisoformat(str(row["until"])),
        "trueup set it",
        at_the_latest=False,
    )
