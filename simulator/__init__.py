"""A Bybit on your machine, for testing bots: V5 for linear contracts, deterministic.

Faults are part of it: lost requests, lost replies, stale reads, rate limits, dropped streams. Put
them in force with `Simulator.inject`.

`Simulator` needs nothing but Python. `SimulatorServer` serves it over HTTP and WebSocket, and needs
the extra ``trueup[simulator]``. What this package exports is public; see docs/simulator.md.
"""

from typing import TYPE_CHECKING, Any

from .api.auth import sign, stream_auth
from .base.behaviour import (
    Behaviour,
    Dialect,
    InFlight,
    LinkIdReuse,
    NoChange,
    PositionItems,
    PriceBand,
    ReduceOnlySum,
    UnchangedMode,
    UnknownInstrument,
)
from .base.clock import ClockKind, VirtualClock
from .base.errors import ApiError
from .base.faults import Fault, FaultKind
from .base.stream_faults import Step, StreamFault, StreamFaultKind
from .base.transport import Answered, Delivery, Reply, Request, RequestRecord
from .core.exchange import Simulator
from .feeds.session import PublicSession
from .market.accounts import ApiKey
from .market.changes import Change, Listener
from .market.enums import (
    CancelType,
    ExecType,
    OrderStatus,
    OrderType,
    RejectReason,
    Side,
    StopOrderType,
    TimeInForce,
    TriggerBy,
)
from .market.instruments import InstrumentSpec
from .market.orders import SimOrder, Trail
from .market.positions import Fill, SimPosition
from .moving.moves import Move, move_market
from .moving.random_walk import random_walk
from .moving.recorded import MarketFileError, read_market
from .scenarios import scenarios
from .server.scenario import build_scenario, load_scenario
from .stream.delivery import Outlet
from .stream.frames import Json
from .stream.opened import StreamRefused, StreamState
from .stream.sessions import Session
from .stream.subscription import Subscription
from .stream.topics import Topic

if TYPE_CHECKING:
    from .server.server import SimulatorServer

__all__ = [
    "Answered",
    "ApiError",
    "ApiKey",
    "Behaviour",
    "CancelType",
    "Change",
    "ClockKind",
    "Delivery",
    "Dialect",
    "ExecType",
    "Fault",
    "FaultKind",
    "Fill",
    "InFlight",
    "InstrumentSpec",
    "Json",
    "LinkIdReuse",
    "Listener",
    "MarketFileError",
    "Move",
    "NoChange",
    "OrderStatus",
    "OrderType",
    "Outlet",
    "PositionItems",
    "PriceBand",
    "PublicSession",
    "ReduceOnlySum",
    "RejectReason",
    "Reply",
    "Request",
    "RequestRecord",
    "Session",
    "Side",
    "SimOrder",
    "SimPosition",
    "Simulator",
    "SimulatorServer",
    "Step",
    "StopOrderType",
    "StreamFault",
    "StreamFaultKind",
    "StreamRefused",
    "StreamState",
    "Subscription",
    "TimeInForce",
    "Topic",
    "Trail",
    "TriggerBy",
    "UnchangedMode",
    "UnknownInstrument",
    "VirtualClock",
    "build_scenario",
    "load_scenario",
    "move_market",
    "random_walk",
    "read_market",
    "scenarios",
    "sign",
    "stream_auth",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - the protocol of module attributes
    """Import the server only when it is used: it needs the optional extra."""
    if name == "SimulatorServer":
        from .server.server import SimulatorServer  # noqa: PLC0415 - see above

        return SimulatorServer
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
