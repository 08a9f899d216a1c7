"""Another process has claimed the accounts: this one drops them, sends nothing and says nothing."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.postgres import Server
from tests.stage import BAND_LADDER, UIDS, CountedChance, Stage
from tests.storage.databases import client
from trueup import LeaseOver, LoopSettings, RunReport
from trueup.adapters.notify import CallableSink
from trueup.domain.leases import LeaseSettings
from trueup.domain.model.alert import Alert
from trueup.engine.accounts import check_accounts
from trueup.engine.reconciler import Reconciler
from trueup.states.work.settings import RunSettings
from trueup.storage.postgres.access.address import Address, address_of
from trueup.storage.postgres.leases.keeper import Leases
from trueup.storage.postgres.leases.store import LeasedStore

SWEPT = LoopSettings(interval=timedelta(milliseconds=100), streams=False)
PATIENCE = timedelta(seconds=30)


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """The exchange."""
    with Stage(tmp_path) as stage:
        stage.reconciler.close()
        stage.sim.set_position(UIDS["mirror"], "BANDUSDT", "Sell", "307.3", "0.6800")
        yield stage


@pytest.fixture
def address(postgres: Server) -> Iterator[Address]:
    """A database that processes share, in one shard."""
    with postgres.database() as url:
        yield address_of(url)


def leases(address: Address, owner: str, stage: Stage) -> Leases:
    """The leases of a process."""
    return Leases(address, owner, stage.clock, LeaseSettings(), 1)


def test_whoever_lost_its_lease_stops_without_another_read_write_or_alert(
    stage: Stage, address: Address
) -> None:
    alerts: list[Alert] = []
    reports: list[RunReport] = []
    mine, theirs = leases(address, "one", stage), leases(address, "other", stage)
    (lease,) = mine.claim(1)
    zombie = Reconciler(
        LeasedStore(address, lease),
        accounts=check_accounts(stage.accounts()),
        connect=stage.connect,
        listen=lambda _account: None,
        sinks=[CallableSink(alerts.append)],
        clock=stage.clock,
        randomness=CountedChance(),
        settings=RunSettings(),
    )
    monitor = zombie.watch("mirror", "BANDUSDT", "Sell", BAND_LADDER)
    assert zombie.reconcile(monitor).is_true
    version = zombie.store.load(monitor.key)
    with client(address.url) as server:
        server.execute("UPDATE shard SET lease_until_us = 1")
    assert theirs.claim(1)
    stage.sim.set_position(UIDS["mirror"], "BANDUSDT", "Sell", "400", "0.6800")
    sent, said = len(stage.writes()), len(alerts)
    with pytest.raises(LeaseOver):
        zombie.reconcile(monitor)
    zombie.start(settings=SWEPT, on_run=lambda _why, report: reports.append(report))
    with pytest.raises(LeaseOver):
        zombie.wait(PATIENCE)
    assert (len(stage.writes()), len(alerts), reports) == (sent, said, [])
    assert zombie.store.load(monitor.key) == version
    with pytest.raises(LeaseOver):
        zombie.close()
    theirs.close()
    mine.close()
