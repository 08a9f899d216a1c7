"""Bugs in what becomes of levels that the market has passed."""

from trueup.domain.model.identity import MonitorKey
from trueup.domain.model.observation import Observation, OrdersUnread
from trueup.domain.planning.beyond_market import BeyondMarket, Market
from trueup.domain.tracking import drift
from trueup.states.work import snapshot

from ..histories.later.condition_drawing import FIRST_SEED
from ..judge.cover.beyond_market import NothingBeyond
from ..judge.cover.settled_cover import WholeWhenSettled
from ..judge.final_state import WholeCover
from .planted import Bug


def _withholds_nothing(_market: Market, _price: object) -> bool:
    return False


def _never(*_: object) -> str:
    return ""


def _by_any_view(
    reading: Observation | OrdersUnread, key: MonitorKey, verdict: BeyondMarket
) -> Market:
    """Decides by the mark price of a live view, which is as old as its last event."""
    return Market(verdict, reading.position(key.symbol, key.side))


MARKET_BUGS = (
    Bug(
        "a level that is to wait is placed beyond the market",
        (NothingBeyond.name,),
        lambda *_: ((Market, "withholds", _withholds_nothing),),
        first_seed=FIRST_SEED,
    ),
    Bug(
        "a level that has waited is not placed when the market comes back",
        (WholeCover.name,),
        lambda *_: ((drift, "came_back", _never),),
        first_seed=FIRST_SEED,
    ),
    Bug(
        "the mark price of a live view is believed",
        (WholeWhenSettled.name, NothingBeyond.name),
        lambda *_: ((snapshot, "market_by", _by_any_view),),
        first_seed=FIRST_SEED,
    ),
)
