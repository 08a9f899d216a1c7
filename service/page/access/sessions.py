"""Who has logged in: sessions of this process, and how often a log-in may be tried."""

import secrets
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from hmac import compare_digest
from threading import Lock

IDLE_S = 3600.0
"""A session ends so long after its last request."""
LONGEST_S = 12 * 3600.0
"""And so long after its log-in, whatever happens."""
MOST = 100
"""So many sessions there are at most; the oldest gives way."""
TRIES = 5
WITHIN_S = 60.0
"""So many log-ins may fail within so long, from wherever; then none is looked at."""


@dataclass(slots=True)
class Session:
    """One log-in.

    Attributes:
        csrf: what a form of it carries.
    """

    began: float
    used: float
    csrf: str = field(default_factory=lambda: secrets.token_urlsafe(32))


class Sessions:
    """The sessions; threads may share them. They end with the process.

    Args:
        token: what a log-in has to give.
        monotonic: seconds, for durations.
    """

    def __init__(self, token: str, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._token = token.encode()
        self._monotonic = monotonic
        self._lock = Lock()
        self._sessions: dict[bytes, Session] = {}
        self._failed: deque[float] = deque(maxlen=TRIES)

    def wait_s(self) -> float:
        """For how many seconds no log-in is looked at; 0 where the next one is."""
        with self._lock:
            return self._wait_s()

    def log_in(self, token: str) -> str | None:
        """The id of a new session; None where the token is another one, or none is looked at.

        A right token is refused too while too many have failed: otherwise the limit would limit
        nothing.
        """
        is_right = compare_digest(token.encode("utf-8", "replace"), self._token)
        with self._lock:
            now = self._monotonic()
            if self._wait_s():
                return None
            if not is_right:
                self._failed.append(now)
                return None
            session_id = secrets.token_urlsafe(32)
            while len(self._sessions) >= MOST:
                del self._sessions[next(iter(self._sessions))]
            self._sessions[_hash(session_id)] = Session(now, now)
            return session_id

    def find(self, session_id: str) -> Session | None:
        """The session of that id, which is used by this; None where there is none, or it is over.

        Ids are kept as hashes: how long a look-up takes says nothing of one.
        """
        key = _hash(session_id)
        with self._lock:
            session, now = self._sessions.get(key), self._monotonic()
            if session is None:
                return None
            if now - session.used > IDLE_S or now - session.began > LONGEST_S:
                del self._sessions[key]
                return None
            session.used = now
            return session

    def log_out(self, session_id: str) -> None:
        """Ends a session."""
        with self._lock:
            self._sessions.pop(_hash(session_id), None)

    def _wait_s(self) -> float:
        if len(self._failed) < TRIES:
            return 0.0
        return max(self._failed[0] + WITHIN_S - self._monotonic(), 0.0)


def _hash(session_id: str) -> bytes:
    return sha256(session_id.encode("utf-8", "replace")).digest()
