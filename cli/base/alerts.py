"""Alerts on stderr: the command line's own sink."""

import sys

from ...domain.model.alert import Alert
from .output import write_whole


class StderrSink:
    """Writes alerts to stderr, regardless of the log level. The outbox retries one that fails."""

    def deliver(self, alert: Alert) -> None:
        """Writes the whole text, with its time and run.

        Raises:
            OSError: stderr cannot be written; the alert stays in the outbox.
        """
        text = alert.text.replace("\n", "\n    ")
        run = f"    run {alert.run_id}\n" if alert.run_id else ""
        line = f"{alert.created_at:%Y-%m-%d %H:%M:%S}Z ALERT   {text}\n{run}"
        write_whole(sys.stderr, line)
