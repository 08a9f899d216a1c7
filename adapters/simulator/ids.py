"""Identities that are the same on every run: counted, not drawn."""

import hashlib
import uuid


class Ids:
    """Gives out ids that look like Bybit's (UUIDs) and depend on seed and order of use only."""

    def __init__(self, seed: str = "trueup") -> None:
        self._seed = seed
        self._given = 0

    def fresh(self, kind: str) -> str:
        """The next id of a kind ("order", "execution", "trace")."""
        self._given += 1
        digest = hashlib.sha256(f"{self._seed}:{kind}:{self._given}".encode()).digest()
        return str(uuid.UUID(bytes=digest[:16], version=4))


class Counter:
    """Counts up from one: creation numbers, queue places, sequence numbers."""

    def __init__(self) -> None:
        self._value = 0

    def next(self) -> int:
        """The next number."""
        self._value += 1
        return self._value
