"""The heartbeat and the digest of a bot that embeds trueup, as its example has them."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from queue import SimpleQueue

import pytest

from examples.embed_wellbeing import beating, report_daily
from examples.exchange import accounts, exchange
from tests.adapters.notify.servers import HttpServer, serving
from trueup import Alert, AlertKind, CallableSink, LoopSettings, Reconciler, Sweep

RARELY = LoopSettings(interval=timedelta(hours=1), streams=False)
DEADLINE_S = 60.0


@pytest.fixture
def webhook() -> Iterator[HttpServer]:
    """Where heartbeats go."""
    with serving() as server:
        yield server


def test_it_beats_once_the_accounts_are_read_and_sends_one_digest_a_day(
    tmp_path: Path, webhook: HttpServer
) -> None:
    sweeps: SimpleQueue[Sweep] = SimpleQueue()
    alerts: list[Alert] = []
    with (
        exchange() as (_, url),
        Reconciler(
            f"sqlite:///{tmp_path}/t.db",
            accounts=accounts(url),
            sinks=[CallableSink(alerts.append, name="bot")],
        ) as reconciler,
    ):
        reconciler.watch("mirror", "BANDUSDT", "Buy")
        early = beating(reconciler, webhook.url)
        assert not early.beat(), "nothing has been read yet"
        early.stop()
        reconciler.start(settings=RARELY, on_sweep=sweeps.put)
        assert sweeps.get(timeout=DEADLINE_S).account == "mirror"
        heartbeat = beating(reconciler, webhook.url)
        webhook.wait(lambda calls: len(calls) == 1)
        heartbeat.stop()
        for _ in range(2):
            report_daily(reconciler)
    digests = [one for one in alerts if AlertKind.DIGEST in one.facts.kinds]
    assert len(digests) == 1
    assert "mirror: 1 monitors" in digests[0].text
