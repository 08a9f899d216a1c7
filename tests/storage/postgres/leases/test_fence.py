"""The fence: whoever has lost a shard writes nothing of it, whatever he believes."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from trueup.domain.leases import shard_of
from trueup.domain.model.errors import Fenced, LeaseOver
from trueup.domain.model.identity import MonitorKey, Side
from trueup.domain.stopping.control import Control, ControlKind, Scope
from trueup.domain.store import Step
from trueup.storage.postgres.access.address import address_of
from trueup.storage.postgres.leases.store import LeasedStore

from ...databases import client
from ...samples import KEY, alert, intent, transition, watched
from .processes import SHARD, SHARDS, Process, end_leases

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
ELSEWHERE = next(
    key
    for key in (MonitorKey(f"other{n}", "BANDUSDT", Side.SELL) for n in range(99))
    if shard_of(key.account, SHARDS) != SHARD
)
ROWS = "SELECT (SELECT count(*) FROM journal), (SELECT count(*) FROM alert)"


def test_a_commit_of_the_owner_before_touches_no_row(
    one: Process, other: Process, url: str
) -> None:
    """The version is the one that he knows: only the epoch tells."""
    with one.store() as zombie:
        record = zombie.commit(Step(watched(zombie)))
        end_leases(url)
        with other.store() as owner:
            with pytest.raises(LeaseOver):
                zombie.commit(Step(record, (transition(),), intents=(intent(),), alert=alert()))
            with client(url) as third:
                assert third.execute(ROWS).fetchone() == (0, 0)
            owned = owner.load(KEY)
            assert owned == record
            assert owner.commit(Step(record)).version == record.version + 1


def test_an_epoch_that_was_refused_stays_refused(one: Process, other: Process, url: str) -> None:
    """Reading what the new owner wrote takes nobody's fence away."""
    with one.store() as zombie:
        record = zombie.commit(Step(watched(zombie)))
        end_leases(url)
        with other.store() as owner:
            owner.commit(Step(record))
            with pytest.raises(LeaseOver):
                zombie.commit(Step(record))
            current = zombie.load(KEY)
            assert current is not None
            with pytest.raises(LeaseOver):
                zombie.commit(Step(current))
            assert one.leases.over.is_set()


def test_the_database_refuses_it_where_the_process_does_not_know_yet(
    one: Process, other: Process, url: str
) -> None:
    """Its clock has stood still: by that its lease lasts."""
    with one.store() as zombie:
        record = watched(zombie)
        end_leases(url)
        with other.store():
            one.leases.check(SHARD)
            with pytest.raises(LeaseOver):
                zombie.commit(Step(record))


def test_a_version_that_moved_on_is_no_lease_that_is_over(one: Process) -> None:
    with one.store() as store:
        record = watched(store)
        store.commit(Step(record))
        with pytest.raises(Fenced):
            store.commit(Step(record))
        assert not one.leases.over.is_set()


def test_nothing_else_is_written_of_a_shard_that_is_lost(
    one: Process, other: Process, url: str
) -> None:
    with one.store() as zombie:
        watched(zombie)
        end_leases(url)
        with other.store():
            for write in (
                lambda: watched(zombie, replace(KEY, symbol="NEWUSDT")),
                lambda: zombie.put_out(alert()),
                lambda: zombie.wake(KEY),
                lambda: zombie.engine_stopped(1, NOW),
            ):
                with pytest.raises(LeaseOver):
                    write()


def test_a_lease_that_is_over_by_the_clock_asks_no_server(one: Process) -> None:
    with one.store() as store:
        record = watched(store)
        one.clock.at += one.leases.end_of(SHARD)
        with pytest.raises(LeaseOver):
            store.commit(Step(record))
        with pytest.raises(LeaseOver):
            store.wake(KEY)


def test_the_row_decides_between_a_claim_and_a_commit_that_meet(one: Process, url: str) -> None:
    """A commit that waits for the claim's lock finds another epoch behind it."""
    with one.store() as zombie, client(url) as third, ThreadPoolExecutor(1) as pool:
        record = watched(zombie)
        third.execute("BEGIN")
        third.execute("SELECT 1 FROM monitor FOR UPDATE")
        late = pool.submit(zombie.commit, Step(record))
        waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        with client(url) as fourth:
            while fourth.execute(waiting).fetchone() != (1,):
                pass
        third.execute("UPDATE monitor SET epoch = 99")
        third.execute("COMMIT")
        with pytest.raises(LeaseOver):
            late.result(10)


def test_each_shard_has_alerts_of_its_own(one: Process, url: str) -> None:
    leases = {lease.number: lease for lease in one.leases.claim(SHARDS)}
    with (
        LeasedStore(address_of(url), leases[SHARD]) as mine,
        LeasedStore(address_of(url), leases[shard_of(ELSEWHERE.account, SHARDS)]) as theirs,
    ):
        theirs.put_out(replace(alert(), key=ELSEWHERE))
        mine.put_out(alert())
        for store, key in ((mine, KEY), (theirs, ELSEWHERE)):
            (pending,) = store.pending_alerts(limit=1)
            assert pending.alert.key == key
            assert store.pending_alerts(pending.id) == ()


def test_a_shard_goes_by_its_own_controls_and_acknowledges_no_others(one: Process) -> None:
    with one.store() as store:
        scopes = (Scope(KEY.account), Scope(ELSEWHERE.account), Scope())
        made = [
            store.control(Control(ControlKind.HALT, scope, NOW, "ann", "a test"))
            for scope in scopes
        ]
        mine, _, of_all = made
        assert [control.number for control in store.controls()] == [mine.number, of_all.number]
        for control in store.controls():
            store.acknowledge(control.number, NOW)
        acknowledged = [control.acknowledged_at for control in store.controls()]
        assert acknowledged == [NOW, None]


def test_another_shard_s_monitor_is_read_as_it_is(one: Process, url: str) -> None:
    leases = {lease.number: lease for lease in one.leases.claim(SHARDS)}
    with (
        LeasedStore(address_of(url), leases[SHARD]) as mine,
        LeasedStore(address_of(url), leases[shard_of(ELSEWHERE.account, SHARDS)]) as theirs,
    ):
        record = watched(theirs, ELSEWHERE)
        assert mine.known(ELSEWHERE) == record
        theirs.commit(Step(record))
        known = mine.known(ELSEWHERE)
        assert known is not None
        assert known.version == record.version + 1
