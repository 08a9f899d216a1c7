"""A Bybit V5 for linear USDT perpetuals that runs anywhere: deterministic, with faults on demand.

The core (`Simulator`) needs nothing but Python; `SimulatorServer` puts it behind HTTP and needs
the extra `trueup[simulator]`.
"""

from typing import TYPE_CHECKING, Any

from .auth import sign
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
from .instruments import InstrumentSpec
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
from .simulator import Simulator
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
    "LinkIdReuse",
    "Listener",
    "NoChange",
    "OrderStatus",
    "OrderType",
    "PriceBand",
    "ReduceOnlySum",
    "RejectReason",
    "Reply",
    "Request",
    "RequestRecord",
    "Side",
    "SimOrder",
    "SimPosition",
    "Simulator",
    "SimulatorServer",
    "StopOrderType",
    "TimeInForce",
    "UnknownInstrument",
    "VirtualClock",
    "build_scenario",
    "load_scenario",
    "sign",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - the protocol of module attributes
    """Import the server only where it is asked for: it needs the optional extra."""
    if name == "SimulatorServer":
        from .server import SimulatorServer  # noqa: PLC0415 - see above

        return SimulatorServer
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
