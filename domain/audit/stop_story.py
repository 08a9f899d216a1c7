"""The stop of a monitor explained: where it is and why, from its requests and what others did."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import TypeAlias

from ..model.instrument import plain
from ..model.intent import IntentStatus
from ..model.stop_events import EntriesCancelled
from .on_record import StopOnRecord
from .page import Page, Part
from .transcript import event_text
from .words import length_text, moment_text, outcome_text, position_name

_FACTS = {
    "status": "status",
    "stop": "price",
    "trails by": "trailing",
    "asked for": "asked_price",
    "rule": "rule",
    "protects": "protected_quantity",
    "settings of": "source",
    "problem": "problem",
}
_STORY = ("at", "run", "position", "what", "why", "outcome")
_Row: TypeAlias = tuple[datetime, tuple[str, ...]]


def explain_stop(stop: StopOnRecord) -> Page:
    """The whole page."""
    facts = {
        name: _fact(column, str(stop.status[column]))
        for name, column in _FACTS.items()
        if stop.status.get(column) not in (None, "")
    }
    rows = sorted((*_requests(stop), *_events(stop)), key=lambda row: row[0])
    story = tuple(cells for _, cells in rows)
    gaps = tuple(
        f"{plain(gap.quantity)} from {moment_text(gap.since)} "
        + ("on" if gap.until is None else f"for {length_text(gap.until - gap.since)}")
        + f": {gap.why}"
        for gap in stop.gaps
    )
    gaps = (*_until_set(stop), *gaps)
    parts = (
        Part("Its story, oldest first", () if story else ("nothing is on record",), _STORY, story),
        Part("When the position was unprotected", gaps or ("never, as far as is on record",)),
    )
    return Page(f"{stop.key} stop", facts or {"status": "no stop is wanted"}, parts)


def _until_set(stop: StopOnRecord) -> Iterator[str]:
    """Where a read showed no stop, the position had none until trueup set one."""
    done = [one for one in stop.requests if one.status is IntentStatus.CONFIRMED]
    for one in done:
        if str(one.before) == "none":
            when = "had none when first read" if one is done[0] else "was gone when read"
            yield f"it {when}, until trueup set it at {moment_text(one.created_at)}"


def _fact(column: str, value: str) -> str:
    """The value; a price without trailing zeros, so that equal ones look equal."""
    return plain(Decimal(value)) if column == "asked_price" else value


def _requests(stop: StopOnRecord) -> Iterator[_Row]:
    for one in stop.requests:
        change = f"{one.before} → {one.asked}"
        position = position_name(stop.key, one.cycle)
        cells = (one.run_id, position, change, one.rule, outcome_text(one))
        yield one.created_at, (moment_text(one.created_at), *cells)


def _events(stop: StopOnRecord) -> Iterator[_Row]:
    """What a run found that no request of trueup explains, and which entries have gone."""
    for at, run, event in stop.events:
        who = "its cancel_entries" if isinstance(event, EntriesCancelled) else "somebody else"
        cells = (run, position_name(stop.key), event_text(event), who, "")
        yield at, (moment_text(at), *cells)
