"""From a configuration to a reconciler that watches what it says."""

from loguru import logger

from ..domain.errors import ConfigurationError, LadderError
from ..domain.identity import MonitorKey
from ..domain.record import MonitorRecord
from ..engine.reconciler import Reconciler
from .alerts import StderrSink
from .loading import Loaded


def open_reconciler(loaded: Loaded, url: str) -> Reconciler:
    """The reconciler of the configured accounts, on the database of that URL.

    Raises:
        ConfigurationError: accounts or keys that are wrong.
        StoreError: the database cannot be used.
    """
    return Reconciler(
        url,
        accounts=loaded.accounts(),
        settings=loaded.options.engine.settings,
        sinks=(StderrSink(),),
    )


def watch_all(reconciler: Reconciler, loaded: Loaded) -> tuple[MonitorRecord, ...]:
    """Puts every configured monitor under watch; they are all checked before any runs.

    Raises:
        ConfigurationError: the first one that cannot be meant, and where it stands.
        StoreError: the database cannot be written.
    """
    records: list[MonitorRecord] = []
    for number, monitor in enumerate(loaded.options.monitors):
        key = monitor.key
        try:
            record = reconciler.watch(key.account, key.symbol, key.side, monitor.wanted)
        except ConfigurationError as error:
            where = f"monitors[{number}]{'.ladder' if isinstance(error, LadderError) else ''}"
            raise loaded.mistake(where, f"{error.message} ({key})") from None
        records.append(record)
    return tuple(records)


def tell_of_gaps(reconciler: Reconciler, records: tuple[MonitorRecord, ...]) -> None:
    """Warns of monitors without a ladder, and of those on record that are not configured."""
    keys: set[MonitorKey] = {record.key for record in records}
    for record in records:
        if record.ladder is None and record.follows is None:
            logger.warning(
                "{}: no ladder is configured or stored: it is taken from its live TP orders, "
                "and the monitor is skipped if there are none",
                record.key,
            )
    for stored in reconciler.monitors():
        if stored.key not in keys:
            logger.warning("{}: it is on record but not configured: left alone", stored.key)
