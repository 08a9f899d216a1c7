"""A bot that embeds trueup, which runs by itself: ``python -m examples.embed``."""
# ruff: noqa: T201 - an example shows what it does

from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryDirectory

from trueup import (
    Alert,
    CallableSink,
    Event,
    Ladder,
    LevelFilled,
    LogSink,
    MonitorKey,
    MonitorRecord,
    PositionClosed,
    Reconciler,
    RunReport,
    Sweep,
)

from .exchange import accounts, exchange, fill_entry

LADDER = Ladder.of(("0.7200", 85), ("0.7400", 5), ("0.7600", 5), ("0.8000", 5))
DEADLINE_S = 60.0


class Bot:
    """The bot's callbacks; trueup calls them from its own threads."""

    def __init__(self) -> None:
        self.runs: SimpleQueue[RunReport] = SimpleQueue()

    def notify(self, alert: Alert) -> None:
        """Your messenger. An exception means "not delivered": trueup tries again."""
        print(alert.text)

    def ran(self, reason: str, report: RunReport) -> None:
        """Why a monitor ran, and how it ended: hand it over, and return soon."""
        del reason
        self.runs.put(report)

    def swept(self, sweep: Sweep) -> None:
        """What a sweep of an account found: a sign of life, and what it could not read."""
        if sweep.unreadable:
            print(f"{sweep.account}: {sweep.unreadable}")

    def happened(self, monitor: MonitorKey, event: Event) -> None:
        """What became of a position: its fills, and that it is closed."""
        match event:
            case LevelFilled():
                print(f"{monitor}: TP{event.level} filled {event.quantity} at {event.price}")
            case PositionClosed():
                print(f"{monitor}: closed, {event.cause}: {event.realised.result}")

    def next_change(self, monitor: MonitorRecord) -> RunReport:
        """The monitor's next run that changed an order."""
        report = self.runs.get(timeout=DEADLINE_S)
        while report.key != monitor.key or not report.results:
            report = self.runs.get(timeout=DEADLINE_S)
        return report


def main() -> None:
    """Watches two positions, lets an entry fill, and finds the ladder true."""
    bot = Bot()
    with TemporaryDirectory() as folder, exchange() as (sim, url):
        database = f"sqlite:///{Path(folder) / 'trueup.db'}"
        sinks = (LogSink(), CallableSink(bot.notify))
        with Reconciler(database, accounts=accounts(url), sinks=sinks) as reconciler:
            reconciler.watch("main", "BANDUSDT", "Buy", LADDER)
            mirror = reconciler.watch("mirror", "BANDUSDT", "Buy")
            reconciler.start(on_run=bot.ran, on_sweep=bot.swept, on_event=bot.happened)

            fill_entry(sim)  # a private stream reports it, or else a sweep finds it
            report = bot.next_change(mirror)

            for view in reconciler.views():
                print(f"{view.account}: {view.state} {view.reason}")
            reconciler.stop()
        print(report.outcome, *report.results, sep="\n")


if __name__ == "__main__":
    main()
