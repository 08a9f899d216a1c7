"""The heartbeat of ``trueup run``: sent while what is on record says that all is well."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from ....adapters.notify.heartbeat import Heartbeat
from ....composition import Reconciler
from ....domain.model.errors import ConfigurationError
from ....wellbeing import why_unwell
from ...configuration.loading import Loaded
from ...configuration.opening import on_record

_SWEEPS = 3
"""So many sweeps of an account may be missing, and the slack of one that takes its time."""
_SLACK = timedelta(seconds=60)


@contextmanager
def beating(reconciler: Reconciler, loaded: Loaded) -> Iterator[None]:
    """Sends heartbeats within it, if the configuration names a URL for them.

    Raises:
        ConfigurationError: the URL is not where it should be.
    """
    section = loaded.options.alerts.heartbeat
    if section is None:
        yield
        return
    try:
        url = section.read()
    except ConfigurationError as error:
        raise loaded.mistake(("alerts", "heartbeat"), error.message) from None
    loop = loaded.options.loop
    stale = max(loop.interval, loop.streamed_interval) * _SWEEPS + _SLACK

    def why() -> str:
        monitors = on_record(reconciler, loaded)
        return why_unwell(reconciler.store, datetime.now(UTC), stale=stale, monitors=monitors)

    heartbeat = Heartbeat(url, float(section.every_seconds), why)
    heartbeat.start()
    try:
        yield
    finally:
        heartbeat.stop()
