"""``trueup run``: the engine."""

from collections import Counter
from collections.abc import Sequence
from typing import Annotated

import typer
from loguru import logger

from ..domain.identity import MonitorKey
from ..engine.reconciler import Reconciler
from ..engine.report import RunReport
from ..engine.system import SystemClock
from . import options
from .failures import ExitCode
from .loading import Loaded, load
from .logs import log_to_stderr
from .loop import AccountLoop, Show, run_loops
from .opening import open_reconciler, tell_of_gaps, watch_all
from .reports import report_document, show_reports
from .stopping import Stop
from .tables import show_json


def run(
    config: options.Config = options.DEFAULT_CONFIG,
    *,
    once: Annotated[
        bool, typer.Option("--once", help="Run every monitor once, print the result, and end.")
    ] = False,
    as_json: options.AsJson = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Keep the configured monitors' TP orders true.

    All monitors are checked before the first one runs. Without --once it goes on until SIGINT
    or SIGTERM, and ends after the runs under way. Alerts go to stderr; with --json every sweep
    is one line on stdout.

    With --once it exits with 0 if every ladder is true (IN_SYNC, SUCCESS), and with 1 if a run
    came to anything else or an alert could not be delivered.
    """
    log_to_stderr(quiet=quiet, verbose=verbose)
    loaded = load(config)
    with open_reconciler(loaded, loaded.options.store.url) as reconciler:
        records = watch_all(reconciler, loaded)
        tell_of_gaps(reconciler, records)
        keys = [record.key for record in records]
        if once:
            raise typer.Exit(_run_once(reconciler, keys, as_json=as_json))
        _run_on(reconciler, keys, loaded, _show_line if as_json else _log_line)


def _run_once(reconciler: Reconciler, keys: Sequence[MonitorKey], *, as_json: bool) -> ExitCode:
    reports = reconciler.reconcile_all(keys, "caller")
    undelivered = len(reconciler.store.pending_alerts())
    true = len(reports) == len(keys) and all(report.is_true for report in reports)
    if as_json:
        runs = [report_document(report) for report in reports]
        show_json({"true": true, "undelivered_alerts": undelivered, "runs": runs})
    else:
        show_reports(reports)
    if undelivered:
        logger.error("{} alerts could not be delivered; they are kept", undelivered)
    return ExitCode.OK if true and not undelivered else ExitCode.NOT_TRUE


def _run_on(reconciler: Reconciler, keys: Sequence[MonitorKey], loaded: Loaded, show: Show) -> None:
    by_account: dict[str, list[MonitorKey]] = {}
    for key in keys:
        by_account.setdefault(key.account, []).append(key)
    interval = loaded.options.engine.interval
    loops = [
        AccountLoop(reconciler, owned, interval, SystemClock(), show)
        for owned in by_account.values()
    ]
    logger.info("watching {} monitors, every {} s", len(keys), interval.total_seconds())
    with Stop() as stop, stop.on_signals():
        run_loops(loops, stop)
    logger.info("stopped")


def _log_line(reason: str, reports: Sequence[RunReport]) -> None:
    if reports:
        outcomes = Counter(report.outcome.value for report in reports)
        text = ", ".join(f"{count} {outcome}" for outcome, count in sorted(outcomes.items()))
        logger.info("{} {}: {}", reports[0].key.account, reason, text)


def _show_line(reason: str, reports: Sequence[RunReport]) -> None:
    runs = [report_document(report) for report in reports]
    show_json({"reason": reason, "runs": runs}, compact=True)
