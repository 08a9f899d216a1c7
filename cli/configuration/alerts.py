"""``[alerts]``: where alerts go beside the log, which ones, and where the URLs come from."""

from datetime import time
from decimal import Decimal
from typing import Annotated, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from ...domain.model.alert import AlertLevel
from ...domain.reporting.delivery.routing import Route
from .kinds import Name, Seconds, Section, Variable, as_mistake
from .secrets import CredentialName, SecretFile, secret_place, secret_places

_PLAIN = frozenset({"json", "jsons", "xml", "xmls", "form", "forms", "mailto", "http", "https"})
_SECRET_WORDS = ("pass", "user", "key", "token", "auth", "secret")


def _known_kinds(kinds: tuple[str, ...]) -> tuple[str, ...]:
    with as_mistake():
        Route.of(kinds=kinds)
    return kinds


def _time_of_day(given: object) -> time:
    """Takes ``"08:00"``, or TOML's own time of day."""
    if isinstance(given, time) and given.tzinfo is None:
        return given
    try:
        if isinstance(given, str):
            return time.fromisoformat(given).replace(tzinfo=None)
    except ValueError:
        pass
    raise ValueError('it must be a time of day, such as "08:00"')


def _known_zone(zone: str) -> str:
    try:
        ZoneInfo(zone)
    except (OSError, ValueError, KeyError):
        raise ValueError('there is no such time zone: name one as "Europe/Berlin"') from None
    return zone


Clock = Annotated[time, BeforeValidator(_time_of_day)]


class UrlSection(Section):
    """A URL: in the file where it has no secret, else where the file says that it is."""

    url: str | None = None
    url_env: Variable | None = None
    url_file: SecretFile | None = None
    url_credential: CredentialName | None = None

    @model_validator(mode="after")
    def _says_where(self) -> Self:
        if len(secret_places(self, "url")) + (self.url is not None) != 1:
            raise ValueError("give one of url, url_env, url_file and url_credential")
        if self.url is not None and not is_plain(self.url):
            raise ValueError(
                "this url may hold a secret, and secrets are never written into this file: name "
                "an environment variable (url_env), a file (url_file), or a credential of systemd "
                "(url_credential)"
            )
        return self

    def read(self) -> str:
        """The URL.

        Raises:
            ConfigurationError: there is none where it should be, or others may read the file.
        """
        return secret_place(self, "url").read() if self.url is None else self.url


def is_plain(url: str) -> bool:
    """Whether a URL has no place for a secret but its path, which is yours to judge.

    >>> [is_plain(url) for url in ("json://localhost/hook", "json://me:pass@localhost/hook")]
    [True, False]
    >>> is_plain("tgram://123:abc/4242"), is_plain("jsons://host/hook?+Authorization=Bearer")
    (False, False)
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    query = parts.query.lower()
    has_secret = any(word in query for word in _SECRET_WORDS) or query.startswith(("+", "-"))
    return parts.scheme in _PLAIN and parts.username is None and not has_secret


class TargetSection(UrlSection):
    """``[alerts.to.NAME]``: one receiver, and which alerts it gets."""

    kinds: Annotated[tuple[str, ...], AfterValidator(_known_kinds)] = ()
    levels: tuple[AlertLevel, ...] = ()
    accounts: tuple[str, ...] = ()

    @property
    def route(self) -> Route:
        """What it gets."""
        return Route.of(kinds=self.kinds, levels=self.levels, accounts=self.accounts)


class HeartbeatSection(UrlSection):
    """``[alerts.heartbeat]``: a URL that is asked for while all is well."""

    every_seconds: Seconds = Decimal(60)


class AlertsSection(Section):
    """``[alerts]``: who gets alerts."""

    to: dict[Name, TargetSection] = Field(default_factory=dict)
    heartbeat: HeartbeatSection | None = None
    digest_at: Clock | None = None
    zone: Annotated[str, AfterValidator(_known_zone)] = "UTC"

    @property
    def zone_info(self) -> ZoneInfo:
        """The time zone."""
        return ZoneInfo(self.zone)
