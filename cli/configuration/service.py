"""``[service]``: where a running service can be asked, and with which token."""

import os
import stat
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, model_validator

from ...domain.model.errors import ConfigurationError
from ...service.settings import Address, ServiceSettings, socket_beside
from .kinds import Name, Section, Variable, as_mistake


def _path_or_false(given: object) -> object:
    if given is True:
        raise ValueError("it must be a path, or false")
    return given


def _on_loopback(text: str) -> str:
    with as_mistake():
        Address.of(text)
    return text


class ServiceSection(Section):
    """``[service]``: the Unix socket of the service, and a port on loopback beside it."""

    socket: Annotated[Name | Literal[False] | None, BeforeValidator(_path_or_false)] = None
    listen: Annotated[str, AfterValidator(_on_loopback)] | None = None
    token_env: Variable | None = None
    token_file: Name | None = None

    def socket_of(self, database: Path) -> Path | None:
        """The path of the socket; None for none."""
        if self.socket is False:
            return None
        return socket_beside(database) if self.socket is None else Path(self.socket)

    def settings(self, database: Path) -> ServiceSettings:
        """Where to listen, in the form that the service expects; the token is looked up.

        Raises:
            ConfigurationError: the token is not there, cannot be used, or others may read it.
        """
        if self.listen is None:
            return ServiceSettings(self.socket_of(database))
        return ServiceSettings(self.socket_of(database), Address.of(self.listen), self._token())

    def _token(self) -> str:
        if self.token_env is not None:
            token = os.environ.get(self.token_env, "")
            if not token:
                raise ConfigurationError(f"the environment variable {self.token_env} is not set")
            return token
        path = Path(self.token_file or "")
        try:
            with path.open(encoding="utf-8") as file:
                mode = os.fstat(file.fileno()).st_mode
                token = file.read().strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigurationError(f"the token's file {path} cannot be read: {error}") from None
        if mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise ConfigurationError(f"others may use the token's file: chmod 600 {path}")
        return token

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        named = [name for name in ("token_env", "token_file") if getattr(self, name) is not None]
        if self.listen is not None and len(named) != 1:
            raise ValueError("listen needs a token: name its token_env or its token_file, not both")
        if named and self.listen is None:
            raise ValueError(f"{named[0]} belongs to listen, such as 127.0.0.1:8710")
        return self
