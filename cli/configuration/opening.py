"""From a configuration to a reconciler that watches its monitors."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from loguru import logger

from ...composition import Reconciler
from ...domain.keys.facts import KeyRecord
from ...domain.model.errors import ConfigurationError
from ...domain.model.identity import MonitorKey
from ...domain.model.record import MonitorRecord, Source
from ...domain.stopping.control import Control
from ...domain.store import Step
from ...engine.door import Door, Refusals, Wanted
from ...storage import SqlStore, open_reader
from ...storage.beside import is_there
from ..base.alerts import StderrSink
from .loading import Loaded
from .receivers import alert_sinks
from .refusals import refusal_lines

_BY_ITSELF = (Source.DISCOVERED, Source.IMPORTED, Source.COMMANDED)


NOTHING_WATCHED = (
    "none is configured, discovered or imported, so there is nothing to do yet: `trueup discover` "
    "shows what is open, and `trueup discover --watch` watches it; or name a position in a "
    "[[monitors]] table, or give the account an `auto_watch`"
)
"""Said where no position is watched, and none can come under watch by itself."""


def open_reconciler(loaded: Loaded, url: str, *, is_quiet: bool = False) -> Reconciler:
    """The reconciler of the configured accounts, on the database of that URL.

    Args:
        loaded: the configuration.
        url: the database's.
        is_quiet: whether its alerts go to stderr alone.

    Raises:
        ConfigurationError: accounts or keys that are wrong.
        StoreError: the database cannot be used.
    """
    return Reconciler(
        url,
        accounts=loaded.accounts(),
        settings=loaded.options.settings,
        lateness=loaded.options.engine.lateness,
        transport=loaded.options.engine.transport,
        sinks=(StderrSink(), *(() if is_quiet else alert_sinks(loaded))),
    )


@contextmanager
def open_copy(loaded: Loaded, *, is_empty: bool = False) -> Iterator[Reconciler]:
    """The same on a temporary copy of the database.

    So it stores nothing, and works beside a running engine and before the first start of one.

    Args:
        loaded: the configuration.
        is_empty: whether the copy has nothing in it, for a database that cannot be read.

    Raises:
        ConfigurationError: accounts or keys that are wrong.
        StoreError: the database cannot be read.
    """
    stored = _Stored((), (), ()) if is_empty else _stored(loaded.options.store.url)
    with (
        TemporaryDirectory(prefix="trueup-copy-") as folder,
        open_reconciler(
            loaded, f"sqlite:///{Path(folder) / 'copy.db'}", is_quiet=True
        ) as reconciler,
    ):
        for record in stored.monitors:
            _copy(record, reconciler.store)
        for key in stored.keys:
            reconciler.store.key_read(key)
        for control in stored.controls:
            reconciler.store.control(control)
        yield reconciler


@dataclass(frozen=True, slots=True)
class _Stored:
    """What of a database its copy has."""

    monitors: tuple[MonitorRecord, ...]
    keys: tuple[KeyRecord, ...]
    controls: tuple[Control, ...]


def _stored(url: str) -> _Stored:
    if not is_there(url):
        return _Stored((), (), ())
    with open_reader(url) as reader:
        controls = tuple(one for one in reader.controls() if one.is_in_force)
        return _Stored(reader.monitors(), reader.key_records(), controls)


def _copy(record: MonitorRecord, store: SqlStore) -> None:
    made = store.watch(record.key, record.role, record.follows, record.ladder, source=record.source)
    store.commit(Step(record=replace(record, id=made.id, version=made.version)))


def door_of(reconciler: Reconciler, loaded: Loaded) -> Door:
    """The door that the configured monitors go through."""
    return Door(
        reconciler,
        {
            monitor.key: Wanted(monitor.given_ladder, monitor.wanted_stop)
            for monitor in loaded.options.monitors
        },
        {name: account.follows for name, account in loaded.options.accounts.items()},
    )


def watch_all(reconciler: Reconciler, loaded: Loaded) -> Refusals:
    """Puts every configured monitor under watch; returns those that are refused.

    Raises:
        StoreError: the database cannot be written.
    """
    door = door_of(reconciler, loaded)
    return (*door.watch_stored(), *door.watch_new())


def is_kept(key: MonitorKey, source: Source | None, configured: Collection[MonitorKey]) -> bool:
    """Whether `trueup run` runs a monitor of that source; None where there is no monitor."""
    return key in configured or source in _BY_ITSELF


def on_record(reconciler: Reconciler, loaded: Loaded) -> tuple[MonitorRecord, ...]:
    """The monitors that `trueup run` runs: configured ones, and those discovered or imported."""
    accounts, configured = loaded.options.accounts, {m.key for m in loaded.options.monitors}
    return tuple(
        record
        for record in reconciler.monitors()
        if record.key.account in accounts and is_kept(record.key, record.source, configured)
    )


def kept(
    reconciler: Reconciler, loaded: Loaded, refused: Refusals, *, serves: bool = False
) -> tuple[MonitorRecord, ...]:
    """The same, once all have gone through the door.

    Args:
        reconciler: has them on record.
        loaded: the configuration.
        refused: what the door refused.
        serves: whether the engine goes on, so that a command may put a position under watch.

    Raises:
        ConfigurationError: there is none, and none can come; or the door refused every one.
    """
    records = on_record(reconciler, loaded)
    auto = any(account.auto_watch for account in loaded.options.accounts.values())
    can_come = auto or (serves and loaded.options.service.takes_commands)
    if records or (can_come and not refused):
        return records
    if refused:
        raise ConfigurationError("; ".join(refusal_lines(loaded, refused)))
    raise loaded.mistake(("monitors",), NOTHING_WATCHED)


def warn_of_gaps(reconciler: Reconciler, records: tuple[MonitorRecord, ...]) -> None:
    """Warns of monitors without a ladder, and of those on record that are not configured."""
    keys: set[MonitorKey] = {record.key for record in records}
    for record in records:
        if record.follows is None and record.ladder is None and record.ladder_rule is None:
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
