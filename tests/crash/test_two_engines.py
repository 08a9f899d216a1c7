"""Two engines on one account, each with a database of its own: hands off each other's orders."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.crash.conftest import Open
from tests.crash.job import Job
from tests.crash.peer import SYMBOL
from tests.crash.process import Stepped, Zygote
from tests.crash.transcripts import MIRROR, grow
from tests.crash.world import World
from tests.stage import BAND_LADDER, accounts
from trueup import Reconciler
from trueup.storage import open_reader

Pair = tuple[Zygote, Zygote]


@pytest.fixture
def shared(world: Open) -> World:
    """A short that two engines watch; neither has an order resting."""
    opened = world("first")
    with Reconciler(f"sqlite:///{other(opened).path}", accounts=accounts(opened.server.url)) as own:
        own.watch("mirror", SYMBOL, "Sell", BAND_LADDER)
    return opened


def other(opened: World, name: str = "b") -> Job:
    """A process of the other engine."""
    return replace(opened.job(name), database="other.db")


def owned(job: Job) -> set[str]:
    """The ids of the orders that the engine's record says are resting."""
    with open_reader(f"sqlite:///{job.path}") as reader:
        return {order.order_id for record in reader.monitors() for order in record.resting}


def targets(opened: World, since: int) -> set[str]:
    """The orders that writes asked to amend or cancel, from some request on."""
    writes = [request for request in opened.peer.requests[since:] if request.is_write]
    items = [item for request in writes for item in request.params["request"]]
    return {str(item.get("orderId", item.get("orderLinkId"))) for item in items}


def test_each_leaves_the_other_s_orders_alone(shared: World, zygotes: Pair) -> None:
    late = Stepped(zygotes[1], replace(other(shared), stepped=True))
    while late.at != "place.before-send":
        late.go()
    assert zygotes[0].start(shared.job("a")).tale().is_quiet
    assert late.finish().is_quiet
    mine, yours = owned(shared.job("a")), owned(other(shared))
    assert len(mine) == len(yours) == 4
    assert mine.isdisjoint(yours)

    grow(shared.peer)
    for job, own in ((shared.job("a2"), mine), (other(shared, "b2"), yours)):
        since = len(shared.peer.requests)
        tale = zygotes[0].start(job).tale()
        assert tale.passes == [[("SUCCESS", 4)], [("IN_SYNC", 0)]]
        assert targets(shared, since) == own
        assert owned(job) == own
        with open_reader(f"sqlite:///{job.path}") as reader:
            said = [str(row["text"]) for row in reader.rows("decision_log")]
        assert "🙈 External orders left alone: 6" in said  # four of the other's, two by hand
        alone = [text for text in said if text.endswith("trueup leaves the order alone")]
        assert len({text.split()[1] for text in alone}) == 4  # their ids


def test_an_empty_record_takes_over_what_it_recognises(shared: World, zygotes: Pair) -> None:
    """By ids alone another engine's orders cannot be told from those of a record that was lost."""
    assert zygotes[0].start(shared.job("a")).tale().is_quiet
    adopting = zygotes[1].start(other(shared)).tale()
    assert adopting.passes[0] == [("SUCCESS", 0)]
    assert owned(other(shared)) == owned(shared.job("a"))
    grow(shared.peer)
    assert zygotes[0].start(shared.job("a2")).tale().writes == 4
    assert zygotes[1].start(other(shared, "b2")).tale().writes == 0
    resting = [order for order in shared.peer.orders(MIRROR) if "_TP" in order.link_id]
    assert sum((order.leaves for order in resting), Decimal(0)) == Decimal("921.9")
    assert shared.book.duplicates == []
