"""Where a PostgreSQL database is, by a URL; its password is in no text that anybody reads."""

from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote, urlsplit

from ....domain.model.errors import StoreError

SCHEMES = ("postgresql", "postgres")
EXAMPLE = "postgresql://trueup@db.example.com/trueup"


@dataclass(frozen=True, slots=True)
class Address:
    """Where a database is.

    Attributes:
        url: for the driver alone; it may have a password.
        name: what people read: server and database.
    """

    url: str = field(repr=False)
    name: str

    @property
    def has_password(self) -> bool:
        """Whether the URL has one."""
        parts = urlsplit(self.url)
        return bool(parts.password) or "password" in parse_qs(parts.query)


def is_postgres(url: str) -> bool:
    """Whether the URL is of PostgreSQL."""
    return url.partition("://")[0] in SCHEMES


def address_of(url: str) -> Address:
    """The address that a URL names.

    Raises:
        StoreError: it is none, or names no database.
    """
    try:
        parts = urlsplit(url)
        server = parts.hostname or ""
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        # What cannot be read may have a password in it.
        raise StoreError(f"name the database by a URL such as {EXAMPLE}") from None
    database = unquote(parts.path).strip("/")
    if parts.scheme not in SCHEMES or not database:
        raise StoreError(f"name the database by a URL such as {EXAMPLE}")
    return Address(url, f"postgresql://{server}{port}/{database}")
