"""What the monitors of a file come to at an entry: one that is given, or the one on record."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from ...domain.model.errors import ConfigurationError, TrueupError
from ...domain.model.identity import MonitorKey
from ...domain.model.instrument import given_number, plain
from ...domain.model.record import MonitorRecord
from ...domain.model.stop import Stop
from ...domain.protection.at_entry import AtEntry, at_entry
from ...storage.sqlite import open_reader
from ..configuration.loading import Loaded
from ..configuration.schema import MonitorSection

EVERY = ""
"""The symbol of an entry that is for every monitor."""


def read_entries(given: Sequence[str], loaded: Loaded) -> Mapping[str, Decimal]:
    """The entries of the command line, each by its symbol.

    Args:
        given: each a price, or a symbol and a price: ``0.695`` or ``BANDUSDT=0.695``.
        loaded: the configuration.

    Raises:
        ConfigurationError: one is neither, or no monitor of the file has its symbol.
    """
    known = sorted({monitor.symbol for monitor in loaded.options.monitors})
    entries: dict[str, Decimal] = {}
    for text in given:
        symbol, equals, price = text.rpartition("=")
        if equals and symbol not in known:
            raise ConfigurationError(
                f"--entry {text}: no monitor of the file is of {symbol!r}; there are "
                f"{', '.join(known) or 'none'}"
            )
        entries[symbol] = given_number(f"--entry {text}: the price", price)
    return entries


def come_to(loaded: Loaded, entries: Mapping[str, Decimal]) -> Iterator[tuple[str, AtEntry]]:
    """Of each monitor whose entry is given what it comes to, with its name and the entry."""
    for monitor in loaded.options.monitors:
        entry = entries.get(monitor.symbol, entries.get(EVERY))
        if entry is None or (monitor.given_ladder is None and monitor.stop is None):
            continue  # it copies what its main has
        yield f"{monitor.key} at the entry {plain(entry)}", _at(monitor, entry)


def on_record(loaded: Loaded, entries: Mapping[str, Decimal]) -> Iterator[str]:
    """What does not fit a position that is on record, of the monitors whose entry is not given."""
    records = _records(loaded)
    for monitor in loaded.options.monitors:
        record = records.get(monitor.key)
        is_given = EVERY in entries or monitor.symbol in entries
        if is_given or record is None or not record.position_size:
            continue
        for mistake in _at(monitor, record.entry_price, record).mistakes:
            yield f"{monitor.key}: {mistake}, as last read; see `trueup plan`"


def _at(monitor: MonitorSection, entry: Decimal, record: MonitorRecord | None = None) -> AtEntry:
    ladder, stop, left = monitor.given_ladder, monitor.wanted_stop, None
    prices = monitor.wanted
    if record is not None and prices is not None and prices == record.ladder:
        left = {one.number for one in prices.levels if not record.is_done(one.number)}
    own = stop if isinstance(stop, Stop) else None
    return at_entry(monitor.key.side, entry, ladder, own, left)


def _records(loaded: Loaded) -> Mapping[MonitorKey, MonitorRecord]:
    try:
        with open_reader(loaded.options.store.url) as reader:
            return {record.key: record for record in reader.monitors()}
    except TrueupError:
        return {}  # there is no database yet, or `trueup doctor` says what is wrong with it
