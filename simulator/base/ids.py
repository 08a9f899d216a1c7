"""Ids that are the same in every run: derived from a seed and a count, not random."""

import base64
import hashlib


class Ids:
    """Makes ids that look like Bybit's and depend only on the seed and the order of calls."""

    def __init__(self, seed: str = "trueup") -> None:
        self._seed = seed
        self._given = 0

    def fresh(self, kind: str) -> str:
        """The next id of a kind ("order", "execution", "trace"): a UUID of version 4."""
        drawn = self._draw(kind)[:16].hex()
        variant = "89ab"[int(drawn[16], 16) % 4]
        parts = (drawn[:8], drawn[8:12], f"4{drawn[13:16]}", variant + drawn[17:20], drawn[20:])
        return "-".join(parts)

    def connection(self) -> str:
        """The next id of a stream connection: 20 letters and digits, then a count."""
        letters = base64.b32hexencode(self._draw("connection"))[:20].decode().lower()
        return f"{letters}-{self._given}"

    def _draw(self, kind: str) -> bytes:
        self._given += 1
        return hashlib.sha256(f"{self._seed}:{kind}:{self._given}".encode()).digest()


class Counter:
    """Counts from one: creation numbers, queue places, sequence numbers."""

    def __init__(self) -> None:
        self._value = 0

    def next(self) -> int:
        """The next number."""
        self._value += 1
        return self._value
