"""Alerts on stderr: the command line's own sink."""

import sys

from ...domain.model.alert import Alert
from .output import STDERR, json_line, write_whole


class StderrSink:
    """Writes alerts to stderr, regardless of the log level. The outbox retries one that fails."""

    def deliver(self, alert: Alert) -> None:
        """Writes the whole text, with its time and run.

        Raises:
            OSError: stderr cannot be written; the alert stays in the outbox.
        """
        if STDERR.as_json:
            key, run = alert.key, alert.run_id
            about = {"account": key.account, "symbol": key.symbol, "side": key.side.value}
            line = json_line("ALERT", alert.text, alert.created_at, {**about, "run": run})
            write_whole(sys.stderr, line)
            return
        text = alert.text.replace("\n", "\n    ")
        run = f"    run {alert.run_id}\n" if alert.run_id else ""
        line = f"{alert.created_at:%Y-%m-%d %H:%M:%S}Z ALERT   {text}\n{run}"
        write_whole(sys.stderr, line)
