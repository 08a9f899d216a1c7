"""The checksum of a row of the journal: a row that was changed by hand does not fit it."""

from collections.abc import Iterable
from zlib import crc32

_MODULUS, _HALF = 1 << 32, 1 << 31


def checksum(values: Iterable[object]) -> int:
    """The CRC-32 of a row's values as they are stored, as a signed number of four bytes.

    What is NULL at the end counts for nothing, so a column that the table gains leaves the
    checksums of its rows as they are. It finds mistakes and edits, not a forger who calculates a
    new one.

    Args:
        values: of all columns in the table's sequence, but for the row's id and the checksum.
    """
    texts = [value if value.__class__ is str else _text(value) for value in values]
    found = crc32("\0".join(texts).rstrip("\0").encode())
    return found - _MODULUS if found >= _HALF else found


def _text(value: object) -> str:
    if value is None:
        return ""
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)
