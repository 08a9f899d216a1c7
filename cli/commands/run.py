"""``trueup run``: the engine."""

import time
from collections.abc import Callable, Sequence
from typing import Annotated

import typer
from loguru import logger

from ...composition import Reconciler
from ...domain.model.identity import MonitorKey
from ...engine.door import Refusals
from ...engine.loop.sweep import Sweep
from ...engine.run.report import RunReport
from ..base import options
from ..base.failures import ExitCode
from ..base.logs import log_to_stderr
from ..base.tables import show_json, show_line
from ..configuration.loading import load
from ..configuration.opening import kept, open_reconciler, warn_of_gaps, watch_all
from ..configuration.refusals import alert_refusals
from .reports import report_document, show_reports, size_and_cover, sweep_document
from .serving import serve

_SAID_EVERY_S = 60.0


def run(
    config: options.Config = options.DEFAULT_CONFIG,
    *,
    once: Annotated[
        bool, typer.Option("--once", help="Run every monitor once, print the result, and end.")
    ] = False,
    as_json: options.AsJson = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
    log_json: options.LogJson = False,
) -> None:
    """Keep the monitors' TP orders equal to their ladders.

    It runs the monitors that the configuration names, and those that `trueup discover --watch`
    or `trueup import-legacy` put on record. It leaves alone those that the file no longer names.

    A mistake in the file ends it with 2 before anything runs. A new monitor whose symbol the
    exchange does not know is refused alone, printed and alerted; it ends with 2 if no monitor is
    left. What the market does to a monitor stops nothing: it is alerted and tried again.

    Without --once it keeps running until SIGINT or SIGTERM, and ends with 0 after the runs under
    way. Where they take more than 30 s, as the exchange does not answer, a line says which, and it
    ends with 1; the next start goes on from the record, as after a crash. A second signal kills it
    at once. So a supervisor should wait 40 s before it kills: systemd waits 90 s by default, Docker
    only 10 (`stop_grace_period: 40s`, `docker stop --time 40`).

    SIGHUP reloads the configuration. It sweeps every account at regular intervals, and runs the
    monitors that drifted. Alerts go to stderr; with --json every run and every sweep is one line on
    stdout. The engine waits for nobody who reads them: lines of the log or of --json that find no
    reader are dropped, and a line says how many. Alerts wait in the outbox.

    With --once it reads the open positions of each account after its monitors have run, unless its
    key may not be used. One that no monitor watches is alerted once, and changes no exit code; one
    that the account's auto_watch takes up runs at once, and counts like any other. Of a
    symbol whose rows cannot be understood a warning says so. It exits with 0 if every ladder is
    true (IN_SYNC, SUCCESS), and with 1 if a run ended in any other way, a monitor was refused, an
    alert could not be delivered, or the positions of an account could not be read.
    """
    log_to_stderr(quiet=quiet, verbose=verbose, as_json=log_json)
    loaded = load(config, keys=True, service=True)
    if not once:
        serve(loaded, _show_run if as_json else log_run, _show_sweep if as_json else SweepLog())
        return
    with open_reconciler(loaded, loaded.options.store.url) as reconciler:
        refused = watch_all(reconciler, loaded)
        records = kept(reconciler, loaded, refused)
        alert_refusals(reconciler, loaded, refused)
        warn_of_gaps(reconciler, records)
        keys = [record.key for record in records]
        code = _run_once(reconciler, keys, refused, as_json=as_json)
    raise typer.Exit(code)


def _run_once(
    reconciler: Reconciler, keys: Sequence[MonitorKey], refused: Refusals, *, as_json: bool
) -> ExitCode:
    sweeps: list[Sweep] = []
    reports = reconciler.reconcile_all(keys, "caller", on_sweep=sweeps.append)
    reconciler.deliver_alerts()
    undelivered = len(reconciler.store.pending_alerts())
    whole = not refused and {report.key for report in reports} >= set(keys)
    true = whole and all(report.is_true for report in reports)
    if as_json:
        document = {
            "true": true,
            "undelivered_alerts": undelivered,
            "runs": [report_document(report) for report in reports],
            "sweeps": [sweep_document(sweep) for sweep in sweeps],
            "refused": {str(each.key): each.reason for each in refused},
        }
        show_json(document)
    else:
        show_reports(reports)
    if undelivered:
        logger.error("{} alerts could not be delivered; they stay in the outbox", undelivered)
    is_read = not any(sweep.unreadable for sweep in sweeps)
    return ExitCode.OK if true and is_read and not undelivered else ExitCode.NOT_TRUE


def log_run(reason: str, report: RunReport) -> None:
    """Logs a run."""
    key = report.key
    bound = logger.bind(account=key.account, symbol=key.symbol, side=key.side.value)
    size, covered = size_and_cover(report.record)
    outcome = report.outcome.value
    bound.info("{}: {}, {} of {} covered, writes {}", reason, outcome, covered, size, report.writes)


class SweepLog:
    """Logs sweeps. That an account cannot be read is logged once a minute at most, and its end.

    Args:
        monotonic: seconds, for durations.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._said: dict[str, float] = {}

    def __call__(self, sweep: Sweep) -> None:
        """Logs a sweep."""
        bound, now = logger.bind(account=sweep.account), self._monotonic()
        if not sweep.unreadable:
            if self._said.pop(sweep.account, None) is not None:
                bound.info("the account can be read again")
            if sweep.drifted:
                bound.info("sweep: {} of {} monitors drifted", len(sweep.drifted), sweep.monitors)
        elif now - self._said.get(sweep.account, -_SAID_EVERY_S) >= _SAID_EVERY_S:
            self._said[sweep.account] = now
            bound.warning("{}", sweep.unreadable)


def _show_run(reason: str, report: RunReport) -> None:
    show_line({"reason": reason, "run": report_document(report)})


def _show_sweep(sweep: Sweep) -> None:
    show_line({"sweep": sweep_document(sweep)})
