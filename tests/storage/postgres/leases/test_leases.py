"""Leases: claimed by one, renewed in time, over by the owner's own clock, given back at once."""

from datetime import timedelta
from threading import Event

import pytest

from tests.postgres import Server
from trueup.domain.model.errors import LeaseOver, SchemaMismatch, StoreError, StoreLocked
from trueup.storage import open_store
from trueup.storage.postgres.access.address import address_of
from trueup.storage.postgres.leases.keeper import Leases
from trueup.storage.postgres.leases.opening import open_leases

from ...databases import client
from .processes import SETTINGS, SHARD, SHARDS, Process, SetClock, end_leases

A_MOMENT = timedelta(microseconds=1)
LEASES = "SELECT number, owner, epoch, lease_until_us FROM shard ORDER BY number"


def test_a_shard_has_one_owner_and_each_owner_an_epoch(
    one: Process, other: Process, url: str
) -> None:
    assert [lease.number for lease in one.leases.claim(2)] == [0, 1]
    assert [lease.number for lease in other.leases.claim(SHARDS)] == [2, 3]
    assert one.leases.claim(SHARDS) == ()
    one.leases.release(0, 1)
    end_leases(url)
    assert [lease.epoch for lease in one.leases.claim(SHARDS)] == [2, 2, 2, 2]


def test_the_number_of_shards_is_that_of_the_first_process(one: Process, other: Process) -> None:
    assert one.leases.shards == other.leases.shards == SHARDS
    assert one.lease().has("mirror")


def test_claims_that_meet_pass_each_other_by(one: Process, url: str) -> None:
    with client(url) as other:
        other.execute("BEGIN")
        other.execute("SELECT 1 FROM shard WHERE number = 0 FOR KEY SHARE")
        assert [lease.number for lease in one.leases.claim(SHARDS)] == [1, 2, 3]
        other.execute("ROLLBACK")
    assert [lease.number for lease in one.leases.claim(SHARDS)] == [0]


def test_a_lease_lasts_from_before_its_claim_was_sent(one: Process) -> None:
    began = one.clock.at
    lease = one.lease()
    assert lease.ends() == began + SETTINGS.ttl
    one.clock.at += SETTINGS.ttl - A_MOMENT
    lease.check()
    one.clock.at += A_MOMENT
    assert one.leases.have_ended()
    with pytest.raises(LeaseOver, match=f"the lease of shard {SHARD} is over"):
        lease.check()


def test_a_renewal_goes_on_from_before_it_was_sent(one: Process) -> None:
    lease = one.lease()
    one.clock.at += SETTINGS.renewed_every
    one.leases.renew()
    assert lease.ends() == one.clock.at + SETTINGS.ttl


def test_a_lease_that_is_over_is_never_renewed(one: Process) -> None:
    """Though the server would: nobody has claimed the shard yet."""
    lease = one.lease()
    one.clock.at += SETTINGS.ttl
    with pytest.raises(LeaseOver):
        one.leases.renew()
    assert one.leases.over.is_set()
    one.clock.at -= SETTINGS.ttl
    assert lease.ends() == timedelta(0)


@pytest.mark.parametrize("is_claimed", [True, False])
def test_a_lease_that_the_server_has_ended_is_over(
    one: Process, other: Process, url: str, *, is_claimed: bool
) -> None:
    lease = one.lease()
    end_leases(url)
    if is_claimed:
        other.lease()
    with pytest.raises(LeaseOver):
        one.leases.renew()
    with pytest.raises(LeaseOver):
        lease.check()


def test_who_claims_what_it_had_anyway_has_lost_it_meanwhile(one: Process, url: str) -> None:
    """It would host the shard twice, and never notice."""
    one.lease()
    end_leases(url)
    with pytest.raises(LeaseOver):
        one.leases.claim(SHARDS)
    with pytest.raises(LeaseOver):
        one.leases.claim(SHARDS)
    assert one.leases.have_ended()


def test_a_server_that_cannot_be_reached_ends_no_lease_before_its_time(
    one: Process, url: str
) -> None:
    lease = one.lease()
    end = lease.ends()
    with client(url) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    one.clock.at += SETTINGS.renewed_every
    with pytest.raises(StoreError):
        one.leases.renew()
    assert lease.ends() == end
    one.leases.renew()
    assert lease.ends() == one.clock.at + SETTINGS.ttl


def test_what_is_given_back_is_free_at_once(one: Process, other: Process, url: str) -> None:
    mine = one.lease()
    one.leases.release(mine.number)
    with client(url) as third:
        owners = [owner for _, owner, _, _ in third.execute(LEASES).fetchall()]
    assert owners == ["" if number == SHARD else "one" for number in range(SHARDS)]
    assert other.lease().epoch == mine.epoch + 1
    with pytest.raises(LeaseOver):
        mine.check()


def test_what_nobody_has_wanted_for_long_is_claimed_by_anybody(
    one: Process, other: Process, url: str
) -> None:
    assert one.leases.claim(SHARDS, SETTINGS.ttl) != ()
    one.leases.release(SHARD)
    assert one.leases.claim(SHARDS, SETTINGS.ttl) == ()
    end_leases(url)
    assert [lease.number for lease in other.leases.claim(1, SETTINGS.ttl)] == [0]


def test_processes_share_a_database_and_none_owns_it_alone(
    one: Process, other: Process, url: str
) -> None:
    assert one.leases.share() == SHARDS // 2
    with pytest.raises(StoreLocked, match="in use by another trueup"):
        open_store(url)
    other.leases.close()
    one.leases.close()
    with open_store(url), pytest.raises(StoreLocked, match="in use by another trueup"):
        Process(url, "third")


def test_the_first_process_makes_the_tables(postgres: Server) -> None:
    with postgres.database(is_empty=True) as url:
        first = open_leases(url, "first", SetClock(), SETTINGS)
        second = open_leases(url, "second", SetClock(), SETTINGS)
        assert first.shards == second.shards == 64
        with client(url) as other:
            other.execute("UPDATE alembic_version SET version_num = '0024'")
        with pytest.raises(SchemaMismatch, match="has the schema 0024 of an older trueup"):
            open_leases(url, "third", SetClock(), SETTINGS)
        second.close()
        first.close()


class Watched(Leases):
    """Leases that note that they were renewed."""

    def __init__(self, url: str) -> None:
        super().__init__(address_of(url), "watched", SetClock(), SETTINGS, SHARDS)
        self.renewed = Event()

    def renew(self) -> None:
        """Renews them."""
        super().renew()
        self.renewed.set()


def test_a_thread_renews_them_until_they_are_closed(url: str) -> None:
    leases = Watched(url)
    assert len(leases.claim(SHARDS)) == SHARDS
    leases.start()
    assert leases.renewed.wait(10)
    leases.close()
    with client(url) as other:
        assert {owner for _, owner, *_ in other.execute(LEASES).fetchall()} == {""}
