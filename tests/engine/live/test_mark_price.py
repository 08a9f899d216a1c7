"""Runs by a synced view: the mark price is read before anything that it could fill at once."""

from collections.abc import Iterator

import pytest

from tests.engine.living import BAND, UID, Living
from tests.stage import CountedChance
from trueup import BeyondMarket, Ladder, MonitorRecord, RunSettings
from trueup.domain.venue.account import Account
from trueup.engine.accounts import check_accounts
from trueup.engine.reconciler import Reconciler
from trueup.testing import MemoryStore

READ = ["order/realtime", "order/realtime", "position/list"]
PLACED = ["order/create-batch"]


@pytest.fixture
def living() -> Iterator[Living]:
    """A long of 100, known from the stream."""
    living = Living()
    living.hold("100")
    living.prove()
    yield living
    living.live.stop()


def running(living: Living, verdict: BeyondMarket) -> tuple[Reconciler, MonitorRecord]:
    """A reconciler whose account has a synced view."""
    reconciler = Reconciler(
        MemoryStore(),
        accounts=check_accounts([Account(UID, "key", "secret")]),
        sinks=[],
        connect=lambda _account: living.live,
        listen=lambda _account: None,
        clock=living.clock,
        randomness=CountedChance(),
        settings=RunSettings(beyond_market=verdict),
        reach=lambda _point: None,
    )
    monitor = reconciler.watch(UID, BAND, "Buy", Ladder.of(("0.7100", 85), ("0.7200", 15)))
    living.asked()
    return reconciler, monitor


def asked(living: Living) -> list[str]:
    """The requests, without those for the contract's rules."""
    return [path for path in living.asked() if path.startswith(("order/", "position/"))]


def prices(living: Living) -> list[str]:
    return sorted(str(order.price) for order in living.sim.orders(UID, BAND))


def test_by_default_nothing_is_read(living: Living) -> None:
    reconciler, monitor = running(living, BeyondMarket.FILL)
    reconciler.reconcile(monitor)
    assert asked(living) == PLACED


def test_a_market_that_has_moved_since_the_last_event_is_seen(living: Living) -> None:
    reconciler, monitor = running(living, BeyondMarket.WAIT)
    living.sim.set_price(BAND, "0.7150")
    reconciler.reconcile(monitor)
    assert asked(living) == [*READ, *PLACED]
    assert prices(living) == ["0.72"]


def test_a_resize_reads_nothing(living: Living) -> None:
    reconciler, monitor = running(living, BeyondMarket.WAIT)
    reconciler.reconcile(monitor)
    entry = living.sim.place_entry(UID, BAND, "Buy", "100", "0.69")
    living.sim.fill(UID, entry)
    living.pass_by(50)
    asked(living)
    reconciler.reconcile(monitor)
    assert asked(living) == ["order/amend-batch"]
