"""``trueup serve``: the page, for a browser; it only reads."""

import secrets
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from loguru import logger

from ...domain.model.errors import ConfigurationError
from ..base import options
from ..base.stopping import Control, Request
from ..configuration.database import NamedDatabase, named_database, socket_place

if TYPE_CHECKING:
    from ...service.page.access.site import Tls

_LIBRARIES = ("jinja2", "starlette", "uvicorn")
_LISTEN = "127.0.0.1:8711"


def serve(
    config: options.MaybeConfig = None,
    db: options.Database = None,
    listen: Annotated[
        str,
        typer.Option("--listen", metavar="ADDRESS:PORT", help="Where to listen; port 0: any free."),
    ] = _LISTEN,
    token_file: Annotated[
        Path | None,
        typer.Option(
            "--token-file",
            metavar="FILE",
            help="Has the token for the log-in.  [default: that of \\[service], or a new one]",
        ),
    ] = None,
    certificate: Annotated[
        Path | None,
        typer.Option(
            "--tls-certificate", metavar="FILE", help="Speak TLS with it; with --tls-key."
        ),
    ] = None,
    key: Annotated[
        Path | None, typer.Option("--tls-key", metavar="FILE", help="The certificate's key.")
    ] = None,
    behind_proxy: Annotated[
        str,
        typer.Option(
            "--behind-proxy",
            metavar="URL",
            help="A proxy serves it by TLS under this address, such as https://trueup.example.",
        ),
    ] = "",
) -> None:
    """Serve the page: all accounts and monitors, what needs a person first, until Ctrl-C.

    It only reads the database, also while the engine runs, and needs no engine. Open the address
    that it prints, and log in with the token: that of --token-file, else that of [service] in the
    configuration, else a new one, which it prints.

    It listens on this machine alone. On another address it needs a certificate, or a proxy that
    speaks TLS and is named by --behind-proxy.
    """
    missing = [name for name in _LIBRARIES if find_spec(name) is None]
    if missing:
        raise ConfigurationError(
            f"{' and '.join(missing)} cannot be imported: install trueup with its extra [cli]"
        )
    from ...service.listening.page_server import page_served  # noqa: PLC0415 - of such libraries
    from ...service.page.access.site import Listening  # noqa: PLC0415 - the same

    listening = Listening.of(listen, _tls(certificate, key), behind_proxy)
    named = named_database(config, db)
    token, is_new = _token(token_file, named)
    with (
        Control() as control,
        control.on_signals(),
        page_served(named.url, listening, token, logger.error) as address,
    ):
        typer.echo(f"{address}  (open it in a browser; Ctrl-C stops it)")
        if is_new:
            typer.echo(f"log in with this token, which is good until then: {token}")
        while control.next() is Request.RELOAD:
            logger.info("nothing is to be read again: the page has no configuration of its own")
    typer.echo("stopped")


def _tls(certificate: Path | None, key: Path | None) -> "Tls | None":
    from ...service.page.access.site import Tls  # noqa: PLC0415 - of libraries that may be away

    if certificate is None and key is None:
        return None
    if certificate is None or key is None:
        raise ConfigurationError("--tls-certificate and --tls-key belong together: give both")
    return Tls(certificate, key)


def _token(file: Path | None, named: NamedDatabase) -> tuple[str, bool]:
    """The token, and whether it was drawn now."""
    from ..configuration.secrets import SecretKind, SecretPlace  # noqa: PLC0415 - slow to import

    if file is not None:
        place = SecretPlace("--token-file", SecretKind.FILE, str(file))
        try:
            return place.read(), False
        except ConfigurationError as error:
            raise ConfigurationError(f"{place.option}: {error.message}") from None
    if named.loaded is not None:
        section = named.loaded.options.service
        beside = socket_place(named.url, named.loaded) or named.loaded.path
        token = section.settings(beside).token
        if token:
            return token, False
    return secrets.token_urlsafe(24), True
