"""The database is away for a moment: nothing leaves, it is said aloud, and then all goes on."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from queue import SimpleQueue

import pytest

from tests.stage import BAND_LADDER, UIDS, CountedChance, Stage
from trueup import (
    LoopSettings,
    MonitorRecord,
    Reconciler,
    RunReport,
    StoreError,
    StoreUnavailable,
)
from trueup.adapters.notify import CallableSink
from trueup.domain.model.alert import Alert
from trueup.storage.sqlite import SqliteStore, back_up

SWEPT = LoopSettings(interval=timedelta(milliseconds=100), streams=False)
PATIENCE_S = 60.0


class Bot:
    """A bot with trueup in it, which keeps what it hears."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.alerts: SimpleQueue[Alert] = SimpleQueue()
        self.take: Callable[[Alert], object] = self.alerts.put
        self.reports: SimpleQueue[RunReport] = SimpleQueue()
        stage.reconciler.close()
        stage.reconciler = Reconciler(
            stage.url,
            accounts=stage.accounts(),
            sinks=[CallableSink(self.heard)],
            randomness=CountedChance(),
            connect=stage.connect,
        )
        store = stage.reconciler.store
        assert isinstance(store, SqliteStore)
        # As SQLite waits five seconds by itself, the tests would wait with it.
        store._writer.run(lambda each: each.execute("PRAGMA busy_timeout = 20"))  # noqa: SLF001 - nobody else has it
        self.hold("307.3")
        self.monitor: MonitorRecord = stage.reconciler.watch(
            "mirror", "BANDUSDT", "Sell", BAND_LADDER
        )

    def heard(self, alert: Alert) -> None:
        """The sink: what it does may change."""
        self.take(alert)

    def hold(self, size: str) -> None:
        """The position has this size now."""
        self.stage.sim.set_position(UIDS["mirror"], "BANDUSDT", "Sell", size, "0.6800")

    def start(self) -> None:
        """Starts the service, and waits for its first ladder."""
        self.stage.reconciler.start(
            settings=SWEPT, on_run=lambda _why, report: self.reports.put(report)
        )
        assert self.reports.get(timeout=PATIENCE_S).is_true
        self.hears("TP REBALANCING SUCCESS")

    def hears(self, title: str) -> Alert:
        """The next alert, which has this title."""
        alert = self.alerts.get(timeout=PATIENCE_S)
        assert title in alert.text.splitlines()[0]
        return alert

    @property
    def covered(self) -> str:
        """What rests for the position."""
        return str(sum(order.leaves for order in self.stage.sim.orders(UIDS["mirror"])))


@pytest.fixture
def bot(tmp_path: Path) -> Iterator[Bot]:
    """The bot on a simulated exchange."""
    with Stage(tmp_path) as stage:
        yield Bot(stage)


@contextmanager
def held(bot: Bot) -> Iterator[None]:
    """A person has begun a write with another program."""
    with closing(sqlite3.connect(bot.stage.path / "trueup.db", isolation_level=None)) as person:
        person.execute("BEGIN IMMEDIATE")
        yield
        person.rollback()


def test_a_run_goes_on_once_the_database_can_be_written(bot: Bot) -> None:
    bot.start()
    sent = len(bot.stage.writes())
    with held(bot):
        bot.hold("921.9")
        told = bot.hears("DATABASE CANNOT BE WRITTEN")
        assert told.key == bot.monitor.key
        assert "database is locked" in told.text
        assert len(bot.stage.writes()) == sent
    assert bot.reports.get(timeout=PATIENCE_S).is_true
    assert bot.covered == "921.9"
    titles = {bot.alerts.get(timeout=PATIENCE_S).text.splitlines()[0] for _ in range(2)}
    assert titles == {"✅ DATABASE CAN BE WRITTEN AGAIN", "✅ TP REBALANCING SUCCESS"}
    assert not bot.stage.reconciler.wait(timedelta(0))


def test_an_idle_engine_says_so_too(bot: Bot) -> None:
    bot.start()
    with held(bot):
        bot.hears("DATABASE CANNOT BE WRITTEN")
    bot.hears("DATABASE CAN BE WRITTEN AGAIN")
    assert not bot.stage.reconciler.wait(timedelta(0))
    assert bot.alerts.empty()


def test_a_full_disk_that_is_freed_is_an_outage_like_any_other(bot: Bot) -> None:
    bot.start()
    store = bot.stage.reconciler.store
    assert isinstance(store, SqliteStore)
    store._writer.run(lambda each: each.execute("PRAGMA max_page_count = 1"))  # noqa: SLF001 - as a full disk
    size = 400
    bot.hold(str(size))
    # The last pages may have room for some more runs.
    while "TP REBALANCING" in (alert := bot.alerts.get(timeout=PATIENCE_S)).text:
        size += 1
        bot.hold(str(size))
    assert "DATABASE CANNOT BE WRITTEN" in alert.text
    assert "full" in alert.text
    store._writer.run(lambda each: each.execute("PRAGMA max_page_count = 100000"))  # noqa: SLF001 - freed
    while Decimal(bot.covered) != size:
        assert bot.reports.get(timeout=PATIENCE_S).is_true


def test_an_alert_that_could_not_be_marked_is_not_sent_again(bot: Bot) -> None:
    database = bot.stage.path / "trueup.db"
    taken: list[Alert] = []
    connected = sqlite3.connect(database, isolation_level=None, check_same_thread=False)
    with closing(connected) as person:

        def take(alert: Alert) -> None:
            taken.append(alert)
            person.execute("BEGIN IMMEDIATE")

        bot.take = take
        with pytest.raises(StoreUnavailable):
            bot.stage.reconciler.reconcile(bot.monitor)
        for _ in range(2):
            with pytest.raises(StoreUnavailable):
                bot.stage.reconciler.deliver_alerts()
        person.rollback()
        assert bot.stage.reconciler.deliver_alerts() == 1
        assert bot.stage.reconciler.deliver_alerts() == 0
    assert len(taken) == 1


def test_a_stop_does_not_wait_for_the_database(bot: Bot) -> None:
    bot.start()
    with held(bot):
        bot.hold("921.9")
        bot.hears("DATABASE CANNOT BE WRITTEN")
        # A run that was under way raises; where none was, there is nothing to wait for.
        with suppress(StoreUnavailable):
            assert bot.stage.reconciler.stop()
    assert bot.covered == "307.3"


def test_a_caller_s_run_raises_and_has_sent_nothing(bot: Bot) -> None:
    with held(bot), pytest.raises(StoreUnavailable, match="locked"):
        bot.stage.reconciler.reconcile(bot.monitor)
    assert bot.stage.writes() == []
    assert bot.alerts.empty()


@pytest.mark.parametrize("how", ["deleted", "replaced", "overwritten"])
def test_a_database_that_is_gone_ends_the_service_loudly(bot: Bot, how: str) -> None:
    bot.start()
    sent = len(bot.stage.writes())
    database = bot.stage.path / "trueup.db"
    if how == "deleted":
        database.unlink()
    elif how == "overwritten":
        copy = database.with_name("copy.db")
        back_up(database, copy)
        database.write_bytes(copy.read_bytes())
    else:
        other = database.with_name("other.db")
        other.write_bytes(database.read_bytes())
        other.replace(database)
    bot.hold("921.9")
    with pytest.raises(StoreError, match=r"was (deleted, moved or replaced|overwritten)"):
        bot.stage.reconciler.wait(timedelta(seconds=PATIENCE_S))
    bot.hears("TRUEUP HAS STOPPED")
    assert len(bot.stage.writes()) == sent
    with pytest.raises(StoreError):
        bot.stage.reconciler.stop()
