"""A sink for every service that apprise knows: Telegram, mail, webhooks, and many more."""

from ...domain.model.alert import Alert
from ...domain.model.errors import ConfigurationError
from ...domain.reporting.delivery.routing import Route

_EVERYTHING = Route()


class AppriseSink:
    """Sends alerts to one receiver, named by a URL of apprise, such as ``tgram://TOKEN/CHAT``.

    It needs the extra ``trueup[alerts]``. Every message has a key by which a repeat is known: a
    webhook gets it as the header ``Idempotency-Key`` and in its document, beside fields for
    programs; mail as its Message-ID; other services as a last line.

    Args:
        url: the URL. It holds secrets, so no name, log, error or row of trueup has any of it.
        name: what the sink is called in the database; the URL's scheme by default.
        route: which alerts it gets; all of them by default.

    Attributes:
        name: the name.

    Raises:
        ConfigurationError: apprise is not installed, it does not understand the URL, or the URL
            does not name exactly one receiver.
    """

    def __init__(self, url: str, *, name: str = "", route: Route = _EVERYTHING) -> None:
        scheme, separator, _ = url.partition("://")
        if not separator:
            raise ConfigurationError("an alert sink's URL has the form tgram://TOKEN/CHAT")
        self.name = name or scheme
        self._route = route
        try:
            from .service import Service  # noqa: PLC0415 - apprise is an extra, and slow to import
        except ModuleNotFoundError as error:
            if error.name != "apprise":
                raise
            raise ConfigurationError(
                'alerts by URL need apprise: pip install "trueup[alerts]"'
            ) from None
        self._service = Service(url)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(name={self.name!r})"

    def wants(self, alert: Alert) -> bool:
        """Whether the alert is among those that it gets."""
        return self._route.wants(alert)

    def deliver(self, alert: Alert) -> None:
        """Sends the alert.

        Raises:
            NotTaken: the service did not take it.
        """
        self._service.send(alert)
