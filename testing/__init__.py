"""What bot authors test with: trueup's real adapter on a simulated exchange in the same process."""

from .feed import SimulatorFeed
from .in_process import Network, in_process_exchange
from .in_process_simulator import ApiRequest, ApiResponse, InProcessSimulator
from .memory_store import MemoryStore

__all__ = [
    "ApiRequest",
    "ApiResponse",
    "InProcessSimulator",
    "MemoryStore",
    "Network",
    "SimulatorFeed",
    "in_process_exchange",
]
