"""A level explained: why its order is as it is, from its writes, its fills and its ladders."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import TypeAlias

from ..model.instrument import plain
from ..model.intent import IntentStatus
from ..model.ladder import Ladder
from .on_record import LevelOnRecord
from .page import Page, Part
from .transcript import event_text
from .words import (
    change_text,
    moment_text,
    outcome_text,
    position_name,
    size_read,
    why_text,
    woken_by,
    write_name,
)

_FACTS = {
    "status": "status",
    "price": "price",
    "share": "share",
    "should rest": "target_quantity",
    "rests": "live_quantity",
    "filled": "filled_quantity",
    "order": "order_link_id",
    "withheld": "withheld",
}
_BY_HAND = "👥"
_STORY = ("at", "run", "position", "what", "why", "outcome")
_Row: TypeAlias = tuple[datetime, tuple[str, ...]]


def explain_level(level: LevelOnRecord) -> Page:
    """The whole page."""
    status = level.status
    facts = {
        name: str(status[column])
        for name, column in _FACTS.items()
        if status.get(column) is not None
    }
    name = f"TP{level.number}"
    rows = [*_ladders(level), *_by_hand(level), *_writes(level), *_fills(level)]
    rows.sort(key=lambda row: row[0])
    story = tuple(cells for _, cells in rows)
    lines = () if story else ("nothing of it is on record",)
    parts = (
        Part("Why it is so", (_last_word(level),)),
        Part("Its story, oldest first", lines, _STORY, story),
    )
    return Page(f"{level.key} {name}", facts or {"status": f"the ladder has no {name}"}, parts)


def _last_word(level: LevelOnRecord) -> str:
    """The write that made its order what it is."""
    done = [one for one in level.writes if one.status is IntentStatus.CONFIRMED]
    if not done:
        return _without_effect(level)
    last = done[-1]
    return (
        f"{write_name(last)}: {change_text(last)}, at {moment_text(last.created_at)} in run "
        f"{last.run_id} ({_asked_by(level, last.run_id)}): {why_text(last)}"
    )


def _without_effect(level: LevelOnRecord) -> str:
    """What became of the last write, where none took effect."""
    if not level.writes:
        return "no write of it is on record"
    last = level.writes[-1]
    how = {
        IntentStatus.REFUSED: "refused by the exchange",
        IntentStatus.UNKNOWN: "without a certain answer",
        IntentStatus.SENT: "acknowledged by the exchange, and no read has shown its effect",
        IntentStatus.HELD: "never sent",
    }.get(last.status, last.status.value)
    code = "" if last.code is None else f" {last.code}"
    why = f":{code} {last.detail}".rstrip() if code or last.detail else ""
    at, run = moment_text(last.created_at), last.run_id
    return f"{write_name(last)}, {change_text(last)}: {how} at {at} in run {run}{why}"


def _asked_by(level: LevelOnRecord, run_id: str) -> str:
    """What woke the run, and how large it saw the position."""
    run = level.runs.get(run_id)
    if run is None:
        return "not on record"
    sizes = [size for call in run.calls if (size := size_read(call)) is not None]
    return f"{woken_by(run)}, position {sizes[0]}" if sizes else woken_by(run)


def _writes(level: LevelOnRecord) -> Iterator[_Row]:
    for one in level.writes:
        what = f"{one.operation.value} {change_text(one)}"
        why = f"{_asked_by(level, one.run_id)}: {why_text(one)}"
        cells = (one.run_id, _position(level, one.order_link_id), what, why, outcome_text(one))
        yield one.created_at, (moment_text(one.created_at), *cells)


def _position(level: LevelOnRecord, order_link_id: str) -> str:
    return position_name(level.key, level.positions.get(order_link_id))


def _fills(level: LevelOnRecord) -> Iterator[_Row]:
    for at, run, event in level.fills:
        times = [trade.at for trade in event.executions if trade.at is not None]
        when = max(times, default=at)
        position = _position(level, event.order_link_id)
        yield when, (moment_text(when), run, position, "fill", "the market", event_text(event))


def _ladders(level: LevelOnRecord) -> Iterator[_Row]:
    for at, run, event in level.ladders:
        before, after = (_of_level(one, level.number) for one in (event.before, event.after))
        if before != after:
            what = f"the ladder: {before} → {after}"
            when = _since(level, run, at)
            cells = (run, position_name(level.key), what, event.who, "it follows the new one")
            yield when, (moment_text(when), *cells)


def _since(level: LevelOnRecord, run: str, reported: datetime) -> datetime:
    """When a run that wrote by a new ladder began: it reports the change when it ends."""
    did = level.runs.get(run)
    return min((reported, *(one.at for one in did.transitions))) if did else reported


def _of_level(ladder: Ladder | None, number: int) -> str:
    found = None if ladder is None else ladder.level(number)
    return "none" if found is None else f"{plain(found.share)} % at {plain(found.price)}"


def _by_hand(level: LevelOnRecord) -> Iterator[_Row]:
    """What somebody else did to its order, as runs that wrote have found it."""
    own = re.compile(rf"\bTP{level.number}\b")
    for run_id, run in level.runs.items():
        for one in run.decisions:
            if one.text.startswith(_BY_HAND) and own.search(one.text):
                cells = (run_id, position_name(level.key), "by hand", one.text, "")
                yield one.at, (moment_text(one.at), *cells)
