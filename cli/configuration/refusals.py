"""Monitors of the file that are refused, printed and alerted; the others go on."""

from datetime import UTC, datetime

import typer

from ...domain.model.alert import Alert
from ...domain.model.record import RunOutcome
from ...domain.reporting.alert_text import alert_text
from ...engine.door import Refusals
from ..base.alerts import StderrSink
from .loading import Loaded

_NO_RUN = "none: the monitor is refused"


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


def alert_refusals(loaded: Loaded, refused: Refusals) -> None:
    """Prints them, and alerts each.

    The outbox keeps alerts of monitors on record. A refused monitor is not on record, so its alert
    goes to stderr directly, at every start and reload with that file.
    """
    show_refusals(loaded, refused)
    sink = StderrSink()
    for each in refused:
        role = loaded.options.accounts[each.key.account].role
        text = alert_text(each.key, role, RunOutcome.SKIPPED, None, (), (each.reason,))
        sink.deliver(Alert(_NO_RUN, each.key, RunOutcome.SKIPPED, text, datetime.now(UTC)))
