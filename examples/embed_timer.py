"""A bot that calls trueup by a timer of its own: ``python -m examples.embed_timer``."""
# ruff: noqa: T201 - an example shows what it does

from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from trueup import (
    Alert,
    CallableSink,
    CloseEnd,
    Control,
    Ladder,
    LogSink,
    MonitorRecord,
    Reconciler,
)

from .exchange import accounts, exchange, fill_entry

LADDER = Ladder.of(("0.7200", 85), ("0.7400", 5), ("0.7600", 5), ("0.8000", 5))


def notify(alert: Alert) -> None:
    """Your messenger. An exception means "not delivered": trueup tries again."""
    print(alert.text)


def sweep(reconciler: Reconciler) -> None:
    """What a timer of the bot calls: every monitor but those that wait for their next try."""
    now = datetime.now(UTC)
    due = [monitor.key for monitor in reconciler.monitors() if _is_due(monitor, now)]
    for report in reconciler.reconcile_all(due):
        print(f"{report.key}: {report.outcome}, writes: {report.writes}")


def stop_one(reconciler: Reconciler) -> Control:
    """No write leaves for one monitor, whoever runs the engine."""
    return reconciler.pause("main", "BANDUSDT", "Buy", by="ann", reason="closing by hand")


def close_half(reconciler: Reconciler) -> bool:
    """Half of the position goes; whether all of that is closed."""
    closing = reconciler.close_position("main", "BANDUSDT", "Buy", share=50, reason="too large")
    return closing is not None and closing.end is CloseEnd.DONE


def _is_due(monitor: MonitorRecord, now: datetime) -> bool:
    return monitor.next_try_at is None or monitor.next_try_at <= now


def main() -> None:
    """Watches two positions, lets an entry fill, and makes the ladder follow."""
    with TemporaryDirectory() as folder, exchange() as (sim, url):
        database = f"sqlite:///{Path(folder) / 'trueup.db'}"
        sinks = (LogSink(), CallableSink(notify))
        with Reconciler(database, accounts=accounts(url), sinks=sinks) as reconciler:
            reconciler.watch("main", "BANDUSDT", "Buy", LADDER)
            mirror = reconciler.watch("mirror", "BANDUSDT", "Buy")
            sweep(reconciler)

            fill_entry(sim)
            print(*reconciler.preview(mirror).actions, sep="\n")
            report = reconciler.reconcile(mirror, reason="entry filled")
            print(report.outcome, *report.results, sep="\n")

            print(close_half(reconciler))
            print(stop_one(reconciler))
            sweep(reconciler)


if __name__ == "__main__":
    main()
