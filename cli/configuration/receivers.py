"""The sinks that a configuration names."""

from collections.abc import Collection

from ...adapters.notify import AppriseSink
from ...domain.model.errors import ConfigurationError
from .loading import Loaded


def alert_sinks(loaded: Loaded, names: Collection[str] = ()) -> tuple[AppriseSink, ...]:
    """The sinks of the file, with their URLs; only those of these names, if there are any.

    Raises:
        ConfigurationError: a URL is not where it should be, or cannot be used; or there is no such
            sink.
    """
    targets = loaded.options.alerts.to
    for name in names:
        if name not in targets:
            known = ", ".join(targets) or "none"
            raise ConfigurationError(f"{loaded.path}: there is no [alerts.to.{name}]: {known}")
    made = []
    for name, target in targets.items():
        if names and name not in names:
            continue
        try:
            made.append(AppriseSink(target.read(), name=name, route=target.route))
        except ConfigurationError as error:
            raise loaded.mistake(("alerts", "to", name), error.message) from None
    return tuple(made)
