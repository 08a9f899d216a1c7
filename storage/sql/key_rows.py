"""The rows of API keys: their fingerprints, and whose they are."""

from dataclasses import asdict

from ...domain.keys.facts import KeyRecord
from .monitor_rows import Row, Values


def key_row(record: KeyRecord) -> Values:
    """The row of what was last read of a key."""
    return asdict(record)


def key_of(row: Row) -> KeyRecord:
    """What was last read of a key, of its row."""
    return KeyRecord(
        row.fingerprint, row.account, row.uid, row.read_at, row.expires_at, row.expiry_alerted
    )
