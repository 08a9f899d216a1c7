"""From a configuration to a reconciler that watches its monitors."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from loguru import logger

from ...composition import Reconciler
from ...domain.model.errors import ConfigurationError, LadderError
from ...domain.model.identity import MonitorKey
from ...domain.model.record import MonitorRecord, Source
from ...domain.ports import Step
from ...storage import SqliteStore, open_reader
from ...storage.sqlite import database_path
from ..base.alerts import StderrSink
from .loading import Loaded

_BY_ITSELF = (Source.DISCOVERED, Source.IMPORTED)


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
    """The same on a temporary copy of the database.

    So it stores nothing, and works beside a running engine and before the first start of one.

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
    made = store.watch(record.key, record.role, record.follows, record.ladder, source=record.source)
    store.commit(Step(record=replace(record, id=made.id, version=made.version)))


def watch_all(reconciler: Reconciler, loaded: Loaded) -> tuple[MonitorRecord, ...]:
    """Puts every configured monitor under watch; they are all checked before any runs.

    Raises:
        ConfigurationError: the first one that is invalid, and where in the file it is.
        StoreError: the database cannot be written.
    """
    records: list[MonitorRecord] = []
    for number, monitor in enumerate(loaded.options.monitors):
        key = monitor.key
        try:
            record = reconciler.watch(
                key.account, key.symbol, key.side, monitor.wanted, source=Source.CONFIGURED
            )
        except ConfigurationError as error:
            where = f"monitors[{number}]{'.ladder' if isinstance(error, LadderError) else ''}"
            raise loaded.mistake(where, f"{error.message} ({key})") from None
        records.append(record)
    return tuple(records)


def is_kept(key: MonitorKey, source: Source | None, configured: Collection[MonitorKey]) -> bool:
    """Whether `trueup run` runs a monitor of that source; None where there is no monitor."""
    return key in configured or source in _BY_ITSELF


def kept(reconciler: Reconciler, loaded: Loaded) -> tuple[MonitorRecord, ...]:
    """The monitors that `trueup run` runs: the configured ones, and those discovered or imported.

    Raises:
        ConfigurationError: a configured one is invalid, or there is none at all.
        StoreError: the database cannot be written.
    """
    watch_all(reconciler, loaded)
    accounts, configured = loaded.options.accounts, {m.key for m in loaded.options.monitors}
    records = tuple(
        record
        for record in reconciler.monitors()
        if record.key.account in accounts and is_kept(record.key, record.source, configured)
    )
    if not records:
        raise loaded.mistake("monitors", "none is configured, discovered or imported")
    return records


def warn_of_gaps(reconciler: Reconciler, records: tuple[MonitorRecord, ...]) -> None:
    """Warns of monitors without a ladder, and of those on record that are not configured."""
    keys: set[MonitorKey] = {record.key for record in records}
    for record in records:
        if record.ladder is None and record.follows is None:
            logger.warning(
                "{}: no ladder is configured or stored: it is recovered from the live TP orders, "
                "and the monitor is skipped if there are none",
                record.key,
            )
    for stored in reconciler.monitors():
        if stored.is_watched and stored.key not in keys:
            logger.warning(
                "{}: on record but not configured: it does not run; `trueup unwatch` makes that "
                "permanent",
                stored.key,
            )
