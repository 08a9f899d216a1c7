"""Rate limits, measured on the virtual clock (docs/v5/rate-limit/rate-limit)."""

from collections import deque
from dataclasses import dataclass

WINDOW_MS = 1000
IP_REQUESTS = 600
IP_WINDOW_MS = 5000


@dataclass(frozen=True, slots=True)
class Grant:
    """The limiter's decision about one request.

    Attributes:
        granted: how many of the requested orders may pass.
        limit: the value of X-Bapi-Limit.
        remaining: the value of X-Bapi-Limit-Status.
        wait_ms: milliseconds until the next order may pass; 0 unless the limit is exceeded.
    """

    granted: int
    limit: int
    remaining: int
    wait_ms: int = 0


class RateLimiter:
    """Limits each UID and endpoint over a rolling second; every order of a batch counts."""

    def __init__(self) -> None:
        self._passed: dict[tuple[str, str], deque[int]] = {}

    def acquire(self, uid: str, path: str, limit: int, wanted: int, now_ms: int) -> Grant:
        """Grant as many of the wanted orders as the limit allows, and count them."""
        passed = self._passed.setdefault((uid, path), deque())
        while passed and passed[0] <= now_ms - WINDOW_MS:
            passed.popleft()
        granted = min(wanted, max(0, limit - len(passed)))
        passed.extend([now_ms] * granted)
        wait = passed[0] + WINDOW_MS - now_ms if granted < wanted and passed else 0
        return Grant(granted, limit, limit - len(passed), wait)


class IpGuard:
    """Bans an address after 600 requests in 5 seconds."""

    def __init__(self) -> None:
        self._seen: dict[str, deque[int]] = {}
        self._banned_until: dict[str, int] = {}

    def passes(self, client: str, now_ms: int, ban_ms: int) -> bool:
        """Count a request; False if its address is banned, or is banned by this request."""
        if self._banned_until.get(client, now_ms) > now_ms:
            return False
        seen = self._seen.setdefault(client, deque())
        while seen and seen[0] <= now_ms - IP_WINDOW_MS:
            seen.popleft()
        seen.append(now_ms)
        if len(seen) > IP_REQUESTS:
            self._banned_until[client] = now_ms + ban_ms
            seen.clear()
            return False
        return True
