"""The eight stops that paid services sell, on one price path, each computed by hand.

A short of 307.3 is open from 0.68, with take-profits at 0.6528 (85 %), 0.64, 0.62 and 0.6 (5 %
each). At every price of the path processes look after it: one that is left alone, or one that is
killed with SIGKILL before its first commit, the next before its request to set the stop leaves, the
next after the reply, and then one that is left alone.
"""

from dataclasses import replace
from pathlib import Path
from signal import SIGKILL

import pytest

from tests.crash.job import Reached
from tests.crash.peer import SYMBOL, Peer
from tests.crash.process import Zygote
from tests.crash.transcripts import MIRROR, Transcript, watch
from tests.crash.world import World
from trueup import Reconciler
from trueup.domain.model.instrument import ZERO, plain
from trueup.domain.model.stop import Breakeven, Stop, Trailing

PATH = ("0.6900", "0.6590", "0.6650", "0.6500", "0.6560", "0.6390", "0.6190", "0.6230")
"""Down a little, 3.08 % in profit, back, then TP1, back, TP2, TP3, and back: no stop is hit."""
KILLED_AT = ("Validating.before-commit", "set_stop.before-send", "set_stop.after-reply")

FINAL = {
    # A price stays where it is.
    "fixed price": (Stop.of(price="0.7200"), {"StopLoss": "0.72"}),
    # 5 % of 0.68 is 0.034, and 0.68 + 0.034 = 0.714.
    "percent from the entry": (Stop.of(percent=5), {"StopLoss": "0.714"}),
    # 0.08 % of 0.68 is 0.000544, and 0.68 - 0.000544 = 0.679456: down to the tick, which gains.
    "breakeven after TP1": (
        Stop.of(percent=5, breakeven=Breakeven.of(after_level=1, offset="0.08")),
        {"StopLoss": "0.6794"},
    ),
    # 3 % of 0.68 is 0.0204, and 0.68 - 0.0204 = 0.6596: 0.659 is beyond that.
    "breakeven after 3 % profit": (
        Stop.of(percent=5, breakeven=Breakeven.of(after_percent=3, offset=0)),
        {"StopLoss": "0.68"},
    ),
    # TP3 has filled: one behind is TP2, at 0.64.
    "moving target, 1": (Stop.of(percent=5, moving_target=1), {"StopLoss": "0.64"}),
    # TP3 has filled: two behind is TP1, at 0.6528.
    "moving target, 2": (Stop.of(percent=5, moving_target=2), {"StopLoss": "0.6528"}),
    # TP3 is at 0.62; 2 % of it is 0.0124, and 0.62 + 0.0124 = 0.6324.
    "percent behind the last target": (Stop.of(percent=5, behind_target=2), {"StopLoss": "0.6324"}),
    # The best price since TP1 is 0.619, and 0.619 + 0.02 = 0.639. The first stop stays beside it.
    "trailing after TP1": (
        Stop.of(percent=5, trailing=Trailing.of(distance="0.0200", after_level=1)),
        {"StopLoss": "0.714", "TrailingStop": "0.639"},
    ),
}


def walk(world: World, zygote: Zygote, *, kills: bool) -> int:
    """Goes along the path; how many processes were killed on it."""
    killed = 0
    for step, price in enumerate(PATH):
        world.peer.set_price(SYMBOL, price)
        for number, point in enumerate(KILLED_AT if kills else ()):
            job = replace(world.job(f"k{step}{number}"), passes=1, kill=Reached(point))
            if zygote.start(job).wait() != -SIGKILL:
                break
            killed += 1
        assert zygote.start(world.job(f"s{step}")).tale().is_quiet
    return killed


def stops_of(peer: Peer) -> dict[str, str]:
    """The position's own stops at the exchange, by kind: one of each, for the whole position."""
    size = peer.position(MIRROR, SYMBOL, "Sell").size
    found = [o for o in peer.orders(MIRROR) if o.stop_order_type in ("StopLoss", "TrailingStop")]
    assert all(order.quantity == size for order in found)
    stops = {str(o.stop_order_type): plain(o.trigger_price or ZERO) for o in found}
    assert len(stops) == len(found)
    return stops


@pytest.mark.parametrize("kills", [False, True], ids=["left alone", "killed"])
@pytest.mark.parametrize("name", FINAL)
def test_the_final_stop_is_the_one_by_hand(
    tmp_path: Path, zygotes: tuple[Zygote, Zygote], empty: Path, name: str, *, kills: bool
) -> None:
    stop, final = FINAL[name]

    def prepare(peer: Peer, engine: Reconciler) -> None:
        watch(peer, engine, stop=stop)

    world = World(tmp_path, Transcript(name, prepare), empty)
    try:
        killed = walk(world, zygotes[0], kills=kills)
        assert stops_of(world.peer) == final
        assert world.book.unprotected == []
        assert world.peer.unannounced == []
    finally:
        world.close()
    # Each step loses one process at least; setting the first stop loses three.
    assert killed >= (len(PATH) + 2 if kills else 0)
