"""``trueup alerts``: what was alerted, once more by hand, and whether receivers answer."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from ...adapters.notify import AppriseSink
from ...domain.model.alert import Alert, AlertFacts, AlertKind
from ...domain.model.errors import ConfigurationError, NotTaken
from ...domain.model.identity import MonitorKey, Side
from ...domain.model.record import RunOutcome
from ...domain.reporting.alert_text import RULE
from ...domain.reporting.delivery.given import as_given
from ...storage import SqlReader, open_reader
from ...storage.audit.values import alert_of
from ..base import options
from ..base.failures import ExitCode
from ..base.tables import show_json, show_table
from ..configuration.database import named_database, open_database
from ..configuration.loading import load
from ..configuration.receivers import alert_sinks

alerts = typer.Typer(
    name="alerts",
    help="Show alerts, send one again, or try the receivers.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

_NOBODY = MonitorKey("", "", Side.BUY)
_TEST_TEXT = (
    f"☑️ TEST OF TRUEUP'S ALERTS\n{RULE}\n"
    "Somebody has given `trueup alerts test`. Alerts of trueup arrive here; nothing is to be done."
)
_To = Annotated[
    list[str] | None,
    typer.Option("--to", metavar="NAME", help="A receiver; all of them without it."),
]
_Last = Annotated[int, typer.Option("--last", metavar="N", min=1, help="How many, newest last.")]


@alerts.command("list")
def list_alerts(
    config: options.MaybeConfig = None,
    db: options.Database = None,
    *,
    undelivered: Annotated[
        bool, typer.Option("--undelivered", help="Only those that some receiver does not have.")
    ] = False,
    last: _Last = 20,
    as_json: options.AsJson = False,
) -> None:
    """Show alerts, and how far each has got at each receiver; also beside a running engine."""
    with open_database(config, db) as reader:
        found = _alerts(reader, undelivered=undelivered)[-last:]
    if as_json:
        show_json(found)
        return
    show_table(
        ("number", "at", "account", "symbol", "side", "status", "first line", "delivery"),
        (
            (
                str(each["number"]),
                str(each["created_at"])[:19],
                str(each["account"]),
                str(each["symbol"]),
                str(each["side"]),
                str(each["status"]),
                str(each["text"]).partition("\n")[0],
                "; ".join(_said(one) for one in each["deliveries"]) or "nobody yet",
            )
            for each in found
        ),
    )


@alerts.command("resend")
def resend(
    number: Annotated[int, typer.Argument(help="Of the alert, as `trueup alerts list` shows it.")],
    config: options.Config = options.DEFAULT_CONFIG,
    *,
    to: _To = None,
    as_json: options.AsJson = False,
) -> None:
    """Send an alert once more, with the key that it has; also beside a running engine.

    It goes to every receiver of the configuration, whatever each of them gets otherwise. The
    database is only read. Exits with 1 if one does not take it.
    """
    loaded = load(config)
    with open_reader(named_database(config, None).url) as reader:
        row = next((one for one in reader.rows("alert_log") if one["id"] == number), None)
    if row is None:
        raise ConfigurationError(f"there is no alert {number}: see `trueup alerts list`")
    _send(as_given(alert_of(row), number), alert_sinks(loaded, to or ()), as_json=as_json)


@alerts.command("test")
def try_receivers(
    config: options.Config = options.DEFAULT_CONFIG,
    *,
    to: _To = None,
    as_json: options.AsJson = False,
) -> None:
    """Send one message to every receiver, and show what each answers.

    Exits with 1 if one does not take it.
    """
    loaded = load(config)
    at = datetime.now(UTC)
    facts = AlertFacts(kinds=(AlertKind.TEST,))
    alert = Alert("", _NOBODY, RunOutcome.IN_SYNC, _TEST_TEXT, at, facts=facts)
    alert = replace(alert, identity=f"test-{at:%Y%m%dT%H%M%S.%f}")
    _send(alert, alert_sinks(loaded, to or ()), as_json=as_json)


def _send(alert: Alert, sinks: Sequence[AppriseSink], *, as_json: bool) -> None:
    """Sends an alert to each sink, and shows what each answers.

    Raises:
        ConfigurationError: there is no sink.
        Exit: one does not take it.
    """
    if not sinks:
        raise ConfigurationError("the configuration names no receiver: see [alerts.to.NAME]")
    answers = {sink.name: _answer(sink, alert) for sink in sinks}
    if as_json:
        show_json({"key": alert.identity, "answers": answers})
    else:
        for name, answer in answers.items():
            typer.echo(f"{name}: {answer or 'it has it'}")
    if any(answers.values()):
        raise typer.Exit(ExitCode.NOT_TRUE)


def _answer(sink: AppriseSink, alert: Alert) -> str:
    """Why the sink did not take it; empty if it did."""
    try:
        sink.deliver(alert)
    except NotTaken as refusal:
        return refusal.message
    return ""


_OF_ALERT = ("run_id", "account", "symbol", "side", "status", "kinds", "created_at", "text")
_OF_DELIVERY = ("sink", "attempts", "delivered_at", "next_try_at", "error")


def _alerts(reader: SqlReader, *, undelivered: bool) -> list[dict[str, Any]]:
    deliveries: dict[object, list[dict[str, object]]] = {}
    for row in reader.rows("alert_delivery_log"):
        one: dict[str, object] = {name: row[name] for name in _OF_DELIVERY}
        deliveries.setdefault(row["alert_id"], []).append(one)
    return [
        {
            "number": row["id"],
            **{name: row[name] for name in _OF_ALERT},
            "delivered_at": row["delivered_at"],
            "deliveries": deliveries.get(row["id"], []),
        }
        for row in reader.rows("alert_log")
        if row["delivered_at"] is None or not undelivered
    ]


def _said(delivery: Mapping[str, object]) -> str:
    if delivery["delivered_at"] is not None:
        return f"{delivery['sink']} has it"
    return f"{delivery['sink']}: {delivery['error']}, next try {str(delivery['next_try_at'])[:19]}"
