"""The scope: errands of one monitor with one or two levels, each a short happy path.

The search deviates from these. Each errand runs the monitor, and runs it once more after a minute,
which on the happy path has nothing left to do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from trueup.domain.model.identity import MonitorKey, Side
from trueup.domain.model.ladder import Ladder
from trueup.domain.model.stop import Breakeven, Stop
from trueup.domain.venue.account import Account
from trueup.simulator import Behaviour, InstrumentSpec

from ..histories import moves
from ..histories.moves import Move
from ..scene.scene import Scene, WatchedMonitor

KEY = MonitorKey("main", "BANDUSDT", Side.BUY)
REST_MS = 60_000
"""How long nothing happens after each run."""

_TWO = Ladder.of(("11", 50), ("12", 50))
_ONE = Ladder.of(("11", 100))
_STOP = Stop.of(percent=5, breakeven=Breakeven.of(after_level=1, offset="0.08"))
_SIZE = Decimal(100)
_CHEAPER_TICKS = -20
_LATENCY_MS = 20
_LAG_MS = 250
_LARGE = "30"


@dataclass(frozen=True, slots=True)
class Errand:
    """What the monitor has to do.

    Attributes:
        name: for people, and for the command line.
        scene: what is there at the start.
        before: what happens before the search begins; none of it is a decision point.
        steps: the happy path.
        deviates: in how many of the steps the first deviation may be. What comes after them begins
            where another errand's step does: at a ladder that rests and is whole.
    """

    name: str
    scene: Scene
    before: tuple[Move, ...]
    steps: tuple[Move, ...]
    deviates: int = 1


def _scene(
    ladder: Ladder | None,
    levels: Ladder,
    left_over: Sequence[Decimal] = (),
    lag_ms: int = 0,
    least: str = "1",
    stop: Stop | None = None,
) -> Scene:
    spec = InstrumentSpec(
        symbol=KEY.symbol,
        tick="0.1",
        step="1",
        min_quantity=least,
        max_quantity="1000",
        min_notional="0",
    )
    return Scene(
        accounts=(Account("main", "main-key", "main-secret"),),
        instruments=((spec, Decimal(10)),),
        monitors=(WatchedMonitor(KEY, ladder, _SIZE, levels.levels, tuple(left_over), stop),),
        behaviour=Behaviour(rate_limits=False, cursor_on_last_page=False, visible_delay_ms=lag_ms),
        latency_ms=_LATENCY_MS,
        order_page=50,
        batch_size=10,
        conditional_orders=False,
    )


_RUN = moves.Run(0, 0)
_GROWS = moves.FillEntry(0, 0, 30)
_CLOSES = moves.SetPosition(0, 0, 0)
_CHEAPER = moves.EnterAt(0, 0, int(_SIZE), _CHEAPER_TICKS)
_TP1 = moves.FillTakeProfit(0, 0, 0, None)
_HALF = _SIZE / 2

ERRANDS: tuple[Errand, ...] = (
    Errand("open", _scene(_TWO, _TWO), (), (_RUN, _RUN), deviates=2),
    Errand("grow", _scene(_TWO, _TWO), (_RUN, _GROWS), (_RUN, _RUN)),
    Errand(
        "fewer levels",
        _scene(_TWO, _TWO),
        (_RUN, moves.EditLadder(0, 0, _ONE)),
        (_RUN, _RUN),
    ),
    Errand("adopt", _scene(None, _TWO, (_HALF, _HALF)), (), (_RUN, _RUN)),
    Errand("close", _scene(_TWO, _TWO, lag_ms=_LAG_MS), (_RUN,), (_CLOSES, _RUN, _RUN), deviates=2),
    Errand("protect", _scene(_ONE, _ONE, stop=_STOP), (), (_RUN, _RUN), deviates=2),
    Errand("breakeven", _scene(_TWO, _TWO, stop=_STOP), (_CHEAPER, _RUN, _TP1), (_RUN, _RUN)),
)
"""Every errand: a ladder is placed; it grows with the position; it loses one of its two
levels; orders of an earlier bot are adopted; the position is closed, while its orders
are still listed for a moment; a stop is set, and one level placed; and the stop goes to
breakeven, as TP1 has filled: the market is beyond the entry, part of which was cheaper."""


RARE_ERRANDS: tuple[Errand, ...] = (
    Errand("rest, lists lag", _scene(_TWO, _TWO, lag_ms=_LAG_MS), (_RUN,), (_RUN, _RUN)),
    Errand("grow, lists lag", _scene(_TWO, _TWO, lag_ms=_LAG_MS), (_RUN, _GROWS), (_RUN, _RUN)),
    Errand(
        "adopt, lists lag", _scene(None, _TWO, (_HALF, _HALF), lag_ms=_LAG_MS), (), (_RUN, _RUN)
    ),
    Errand("open, large minimum", _scene(_TWO, _TWO, least=_LARGE), (), (_RUN, _RUN)),
    Errand(
        "adopt, large minimum",
        _scene(None, _TWO, (_HALF, _HALF), least=_LARGE),
        (),
        (_RUN, _RUN),
    ),
)
"""Errands that the search leaves out: the paths that need them are walked one by one. With the
large minimum half of the position is enough for one order alone."""


def errand(name: str) -> Errand:
    """The errand of that name."""
    return next(one for one in (*ERRANDS, *RARE_ERRANDS) if one.name == name)
