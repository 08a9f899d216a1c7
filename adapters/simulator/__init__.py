"""A Bybit V5 for linear USDT perpetuals that runs anywhere: deterministic, with faults on demand.

The core (`Simulator`) needs nothing but Python; `SimulatorServer` puts it behind HTTP and a
WebSocket, and needs the extra `trueup[simulator]`.
"""

from typing import TYPE_CHECKING, Any

from .auth import sign, stream_auth
from .behaviour import (
    Behaviour,
    InFlight,
    LinkIdReuse,
    NoChange,
    PriceBand,
    ReduceOnlySum,
    UnknownInstrument,
)
from .changes import Change, Listener
from .clock import VirtualClock
from .errors import ApiError
from .faults import Fault, FaultKind
from .feed import SimulatorFeed
from .instruments import InstrumentSpec
from .lines import Outlet
from .messages import Json
from .orders import (
    CancelType,
    OrderStatus,
    OrderType,
    RejectReason,
    Side,
    SimOrder,
    StopOrderType,
    TimeInForce,
)
from .positions import Fill, SimPosition
from .scenario import build_scenario, load_scenario
from .sessions import Session
from .simulator import Simulator
from .stream_faults import Step, StreamFault, StreamFaultKind
from .streams import StreamRefused, StreamState
from .subscription import Subscription
from .topics import Topic
from .wire import Delivery, Reply, Request, RequestRecord

if TYPE_CHECKING:
    from .server import SimulatorServer

__all__ = [
    "ApiError",
    "Behaviour",
    "CancelType",
    "Change",
    "Delivery",
    "Fault",
    "FaultKind",
    "Fill",
    "InFlight",
    "InstrumentSpec",
    "Json",
    "LinkIdReuse",
    "Listener",
    "NoChange",
    "OrderStatus",
    "OrderType",
    "Outlet",
    "PriceBand",
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
    "SimulatorFeed",
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
    "UnknownInstrument",
    "VirtualClock",
    "build_scenario",
    "load_scenario",
    "sign",
    "stream_auth",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - the protocol of module attributes
    """Import the server only where it is asked for: it needs the optional extra."""
    if name == "SimulatorServer":
        from .server import SimulatorServer  # noqa: PLC0415 - see above

        return SimulatorServer
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
