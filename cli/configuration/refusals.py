"""Monitors of the file that are refused, printed and alerted; the others go on."""

from datetime import UTC, datetime

import typer

from ...composition import Reconciler
from ...domain.model.alert import Alert, AlertFacts, AlertKind
from ...domain.model.identity import MonitorKey, Side
from ...domain.model.record import RunOutcome
from ...domain.reporting.alert_text import accepted_text, alert_text
from ...engine.door import Refusals
from ...storage import SqlStore
from .loading import Loaded

_FACTS = AlertFacts(kinds=(AlertKind.REFUSED,))
_RIGHT = "what the configuration asks for is taken now"
_GONE = "the configuration does not name it any more"


def refusal_lines(loaded: Loaded, refused: Refusals) -> tuple[str, ...]:
    """One line for each refused monitor: where it is in the file, and why it is refused."""
    numbers = {monitor.key: n for n, monitor in enumerate(loaded.options.monitors)}
    return tuple(
        str(loaded.mistake(("monitors", numbers[each.key]), f"{each.reason} ({each.key})"))
        for each in refused
    )


def show_refusals(loaded: Loaded, refused: Refusals) -> None:
    """Prints a line for each refused monitor, on stderr."""
    for line in refusal_lines(loaded, refused):
        typer.echo(f"trueup: {line}: this monitor is refused", err=True)


def alert_refusals(reconciler: Reconciler, loaded: Loaded, refused: Refusals) -> None:
    """Prints them at every start and reload, and has everybody alerted once; and once it is over.

    The alerts are in the outbox, and what was said before is read there.

    Raises:
        StoreError: the database cannot be used.
    """
    show_refusals(loaded, refused)
    store, before = reconciler.store, _open_ones(reconciler.store)
    reasons = {each.key: each.reason for each in refused}
    texts: dict[MonitorKey, tuple[RunOutcome, str]] = {}
    for key in dict.fromkeys((*reasons, *before)):
        section = loaded.options.accounts.get(key.account)
        if section is None:
            continue
        if key in reasons:
            text = alert_text(key, section.role, RunOutcome.SKIPPED, None, (), (reasons[key],))
            texts[key] = (RunOutcome.SKIPPED, text)
        else:
            is_there = any(monitor.key == key for monitor in loaded.options.monitors)
            why = _RIGHT if is_there else _GONE
            texts[key] = (RunOutcome.IN_SYNC, accepted_text(key, section.role, why))
    new = {key: said for key, said in texts.items() if before.get(key) != said[1]}
    for key, (status, text) in new.items():
        store.put_out(Alert("", key, status, text, datetime.now(UTC), facts=_FACTS))
    if new:
        reconciler.deliver_alerts()


def _open_ones(store: SqlStore) -> dict[MonitorKey, str]:
    """What was alerted of refused monitors, and not that it is over."""
    before: dict[MonitorKey, str] = {}
    for row in store.rows("alert_log"):
        if AlertKind.REFUSED not in str(row["kinds"]).split():
            continue
        key = MonitorKey(str(row["account"]), str(row["symbol"]), Side(str(row["side"])))
        before[key] = str(row["text"])
        if row["status"] == RunOutcome.IN_SYNC:
            del before[key]
    return before
