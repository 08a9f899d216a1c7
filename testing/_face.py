"""What ``trueup.testing`` exports. It loads this module when the first of its names is used."""

from ..engine.replay.case import ReplayedCase
from .api_messages import ApiRequest, ApiResponse
from .defaults import ACCOUNT, MIRROR, PRICE, SYMBOL, UID, account_at
from .feed import SimulatorFeed
from .in_process import Network, in_process_exchange
from .in_process_simulator import InProcessSimulator
from .memory_store import MemoryStore
from .pinning import assert_transcript
from .stage import Stage

__all__ = [
    "ACCOUNT",
    "MIRROR",
    "PRICE",
    "SYMBOL",
    "UID",
    "ApiRequest",
    "ApiResponse",
    "InProcessSimulator",
    "MemoryStore",
    "Network",
    "ReplayedCase",
    "SimulatorFeed",
    "Stage",
    "account_at",
    "assert_transcript",
    "in_process_exchange",
]
