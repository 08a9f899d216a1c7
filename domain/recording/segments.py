"""Segments: the record of a pass, cut at its commits, in few bytes.

The text of a segment is a list, as JSON. The first one begins with the *base* of the pass: all that
it starts from. Each further item is an entry: what was asked, what the answer was, and how many
microseconds passed by the two clocks. The base of one pass
of a monitor hardly differs from that of another, and what the exchange shows hardly differs from
the base. So a whole base is stored once in a while, the bases after it as what differs from that
one, and each further segment as what differs from the base of its pass. In terms of the format:
raw deflate (RFC 1951) with the earlier text as the preset dictionary.
"""

import zlib
from dataclasses import dataclass
from enum import IntEnum

_RAW = -15
_MOST = 1 << 26
_LEVEL = 9


class Place(IntEnum):
    """What a segment has: a whole base, what differs from another one, or what follows a base."""

    WHOLE = 1
    DELTA = 2
    FURTHER = 3


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment as it is stored.

    Attributes:
        place: where it stands in its pass.
        base_run: the run whose whole base a delta differs from; empty for the other places.
        packed: the compressed text.
    """

    place: Place
    base_run: str
    packed: bytes

    def to_bytes(self) -> bytes:
        """The segment as bytes."""
        name = self.base_run.encode()
        return bytes((self.place, len(name))) + name + self.packed

    @classmethod
    def of_bytes(cls, data: bytes) -> "Segment":
        """The segment that the bytes are.

        Raises:
            ValueError: they are none.
        """
        try:
            place, length = Place(data[0]), data[1]
            return cls(place, data[2 : 2 + length].decode(), data[2 + length :])
        except (IndexError, UnicodeDecodeError) as error:
            raise ValueError(f"{len(data)} bytes are no segment of a record") from error


def pack(text: str, known: str = "") -> bytes:
    """The text, compressed as what differs from a known one.

    >>> known = "the position is 1000, and the orders are 850, 50, 50 and 50"
    >>> len(pack(known.replace("1000", "1001"), known)) < 20
    True
    >>> unpack(pack(known.replace("1000", "1001"), known), known)[:24]
    'the position is 1001, an'
    """
    if known:
        packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _RAW, zdict=known.encode())
    else:
        packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _RAW)
    return packer.compress(text.encode()) + packer.flush()


def unpack(packed: bytes, known: str = "") -> str:
    """What :func:`pack` was given.

    Raises:
        ValueError: the bytes are no compressed text, or another text was known then.
    """
    unpacker = zlib.decompressobj(_RAW, known.encode()) if known else zlib.decompressobj(_RAW)
    try:
        text = unpacker.decompress(packed, _MOST).decode()
    except (zlib.error, UnicodeDecodeError) as error:
        raise ValueError(f"the record of a run cannot be read: {error}") from error
    if not unpacker.eof:
        raise ValueError("the record of a run is cut off")
    return text
