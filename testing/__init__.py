"""What bot authors test with: trueup's real adapter on a simulated exchange in the same process."""

from .client import InProcessConnection, in_process
from .face import AskedSimulator
from .feed import SimulatorFeed
from .memory import MemoryStore

__all__ = ["AskedSimulator", "InProcessConnection", "MemoryStore", "SimulatorFeed", "in_process"]
