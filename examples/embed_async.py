"""A bot on asyncio that embeds trueup: ``python -m examples.embed_async``."""
# ruff: noqa: T201 - an example shows what it does

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

from trueup import Alert, AsyncReconciler, CallableSink, Ladder, MonitorRecord, RunReport

from .exchange import accounts, exchange, fill_entry

LADDER = Ladder.of(("0.7200", 85), ("0.7400", 5), ("0.7600", 5), ("0.8000", 5))
DEADLINE_S = 60.0


async def tell(alerts: asyncio.Queue[Alert]) -> None:
    """Your messenger, in the event loop."""
    while True:
        alert = await alerts.get()
        print(alert.text)
        alerts.task_done()


async def next_change(runs: asyncio.Queue[RunReport], monitor: MonitorRecord) -> RunReport:
    """The monitor's next run that changed an order."""
    async with asyncio.timeout(DEADLINE_S):
        report = await runs.get()
        while report.key != monitor.key or not report.results:
            report = await runs.get()
        return report


async def main() -> None:
    """Watches two positions, lets an entry fill, and finds the ladder true."""
    alerts: asyncio.Queue[Alert] = asyncio.Queue()
    runs: asyncio.Queue[RunReport] = asyncio.Queue()
    loop = asyncio.get_running_loop()

    def take(alert: Alert) -> None:
        """Runs in a thread of trueup's; hands the alert over to the event loop."""
        loop.call_soon_threadsafe(alerts.put_nowait, alert)

    def ran(_reason: str, report: RunReport) -> None:
        """The same with how a run ended."""
        loop.call_soon_threadsafe(runs.put_nowait, report)

    messenger = asyncio.create_task(tell(alerts))
    with TemporaryDirectory() as folder, exchange() as (sim, url):
        database = f"sqlite:///{Path(folder) / 'trueup.db'}"
        async with AsyncReconciler(
            database, accounts=accounts(url), sinks=[CallableSink(take)]
        ) as reconciler:
            await reconciler.watch("main", "BANDUSDT", "Buy", LADDER)
            mirror = await reconciler.watch("mirror", "BANDUSDT", "Buy")
            await reconciler.start(on_run=ran)

            fill_entry(sim)
            report = await next_change(runs, mirror)
            await reconciler.stop()
            print(report.outcome, *report.results, sep="\n")
    await alerts.join()
    messenger.cancel()


if __name__ == "__main__":
    asyncio.run(main())
