"""How many connections a process may make: Bybit allows 500 within five minutes.

See docs/v5/ws/connect.mdx. The process counts the connections of all its accounts together.
"""

from collections import deque
from threading import Lock

CONNECTIONS = 480
WITHIN_S = 300.0


class ConnectionBudget:
    """Counts connections. All methods may be called from any thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._begun: deque[float] = deque()

    def may_connect(self, now: float) -> float:
        """Counts a connection and returns 0, or returns the time when there is room for one."""
        with self._lock:
            while self._begun and self._begun[0] <= now - WITHIN_S:
                self._begun.popleft()
            if len(self._begun) >= CONNECTIONS:
                return self._begun[0] + WITHIN_S
            self._begun.append(now)
            return 0.0


BUDGET = ConnectionBudget()
"""The process's own."""
