"""Orders to the processes: the database keeps them, whatever a process believes."""

from datetime import UTC, datetime

import pytest

from trueup.domain.fleet import FleetOrder
from trueup.domain.model.errors import LeaseOver
from trueup.storage.beside import end_order, fleet_of, order_fleet

from ...samples import KEY, watched
from .processes import SETTINGS, SHARD, SHARDS, Process, end_leases

AT = datetime(2026, 1, 31, 12, tzinfo=UTC)
HALT = FleetOrder("", AT, "ann", "news")


def test_while_halted_no_lease_is_renewed_or_claimed(
    one: Process, other: Process, url: str
) -> None:
    one.leases.claim(SHARDS)
    order_fleet(url, HALT)
    with pytest.raises(LeaseOver, match="halted by ann since 2026-01-31 12:00 UTC: news"):
        one.leases.renew()
    end_leases(url)
    assert other.leases.claim(SHARDS) == ()
    assert end_order(url, "")
    assert len(other.leases.claim(SHARDS)) == SHARDS


def test_a_process_that_hangs_has_no_lease_soon_after_a_halt(one: Process, url: str) -> None:
    """It renews nothing, and its lease ends by its own clock, too."""
    lease = one.lease()
    order_fleet(url, HALT)
    one.clock.at += SETTINGS.ttl
    with pytest.raises(LeaseOver):
        lease.check()


def test_who_is_drained_has_no_share_and_the_others_have_it(
    one: Process, other: Process, url: str
) -> None:
    one.leases.claim(1)
    order_fleet(url, FleetOrder("one", AT, "ann"))
    assert one.leases.share() == 0
    assert other.leases.share() == SHARDS
    one.leases.renew()
    assert one.leases.claim(SHARDS) == ()
    assert end_order(url, "one")
    assert (one.leases.share(), other.leases.share()) == (SHARDS // 2, SHARDS // 2)


def test_an_order_stays_as_it_was_first_given(url: str) -> None:
    order_fleet(url, HALT)
    order_fleet(url, FleetOrder("", AT, "ben", "again"))
    assert fleet_of(url).halted == HALT
    assert end_order(url, "")
    assert not end_order(url, "")


def test_the_fleet_shows_who_has_what_and_what_nobody_has(
    one: Process, other: Process, url: str
) -> None:
    with one.store() as store:
        watched(store)
    one.leases.release(*(number for number in range(SHARDS) if number != SHARD))
    order_fleet(url, FleetOrder("gone", AT, "ann"))
    found = fleet_of(url)
    assert [worker.name for worker in found.workers] == ["gone", "one", "other"]
    mine, theirs = found.worker("one"), found.worker("other")
    assert mine is not None
    assert (mine.is_present, mine.shards, mine.accounts) == (True, (SHARD,), (KEY.account,))
    assert mine.lease_until is not None
    assert found.at < mine.lease_until <= found.at + SETTINGS.ttl
    assert theirs is not None
    assert (theirs.shards, theirs.lease_until) == ((), None)
    assert (found.shards, len(found.free), found.unserved) == (SHARDS, SHARDS - 1, ())
    assert found.last_lease == mine.lease_until
    assert other.leases.share() == SHARDS // 2
    end_leases(url)
    assert fleet_of(url).unserved == (KEY.account,)
