"""From a configuration to a reconciler that watches what it says."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from loguru import logger

from ..domain.errors import ConfigurationError, LadderError
from ..domain.identity import MonitorKey
from ..domain.ports import Step
from ..domain.record import MonitorRecord
from ..engine.reconciler import Reconciler
from ..storage import SqliteStore, open_reader
from ..storage.sqlite import database_path
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
        settings=loaded.options.settings,
        sinks=(StderrSink(),),
    )


@contextmanager
def open_copy(loaded: Loaded) -> Iterator[Reconciler]:
    """The same on a database of its own, with the records of the real one; gone afterwards.

    So it stores nothing, and works beside a running engine and before there ever was one.

    Raises:
        ConfigurationError: accounts or keys that are wrong.
        StoreError: the database cannot be read.
    """
    stored = _stored(loaded.options.store.url)
    with (
        TemporaryDirectory(prefix="trueup-copy-") as folder,
        open_reconciler(loaded, f"sqlite:///{Path(folder) / 'copy.db'}") as reconciler,
    ):
        for record in stored:
            _copy(record, reconciler.store)
        yield reconciler


def _stored(url: str) -> tuple[MonitorRecord, ...]:
    if not database_path(url).exists():
        return ()
    with open_reader(url) as reader:
        return reader.monitors()


def _copy(record: MonitorRecord, store: SqliteStore) -> None:
    made = store.watch(record.key, record.role, record.follows, record.ladder)
    store.commit(Step(record=replace(record, id=made.id, version=made.version)))


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
