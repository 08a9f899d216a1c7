"""``[service]``: where a running service can be asked, and with which token."""

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, model_validator

from ...service.settings import Address, ServiceSettings, socket_beside
from .kinds import Name, Section, Variable, as_mistake
from .secrets import CredentialName, SecretFile, secret_place, secret_places


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
    token_file: SecretFile | None = None
    token_credential: CredentialName | None = None

    @property
    def takes_commands(self) -> bool:
        """Whether anything is listened to."""
        return self.socket is not False or self.listen is not None

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
        socket = self.socket_of(database)
        if self.listen is None:
            return ServiceSettings(socket)
        token = secret_place(self, "token").read()
        return ServiceSettings(socket, Address.of(self.listen), token)

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        named = secret_places(self, "token")
        if self.listen is None and named:
            raise ValueError(f"{named[0].option} belongs to listen, such as 127.0.0.1:8710")
        if self.listen is not None:
            try:
                secret_place(self, "token")
            except ValueError as error:
                raise ValueError(f"listen needs a token: {error}") from None
        return self
