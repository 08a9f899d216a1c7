"""Where a secret is: an environment variable, a file, or a credential that systemd hands over.

The configuration names the place, and never has the secret itself. What a mistake says names the
option, not its value: somebody may have written the secret there.

A file that everybody on the machine may read or write is refused. One that its group may read is
not: the group is how containers hand a secret to a user that is not root, and systemd shows the
access that it gives a unit's user as the group's.
"""

import os
import re
import stat
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator

from ...domain.model.errors import ConfigurationError

CREDENTIALS = "CREDENTIALS_DIRECTORY"
"""systemd's name for the folder of a unit's credentials (systemd.exec(5), LoadCredential=)."""

_NEVER_HERE = "keys are never written into this file"


def _checked_file(path: str) -> str:
    """Refuses what looks like no path: a key that is pasted here by mistake, or a URL."""
    if "/" not in path or "://" in path:
        raise ValueError(f"it must be the path of a file, with a / in it; {_NEVER_HERE}")
    return path


def _checked_credential(name: str) -> str:
    if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]*", name) is None:
        raise ValueError(f"it must be the NAME of a credential of the unit; {_NEVER_HERE}")
    return name


SecretFile = Annotated[str, AfterValidator(_checked_file)]
CredentialName = Annotated[str, AfterValidator(_checked_credential)]


class SecretKind(StrEnum):
    """The kinds of places; an option's name ends with one, as ``api_key_env`` does."""

    ENV = "env"
    FILE = "file"
    CREDENTIAL = "credential"


@dataclass(frozen=True, slots=True)
class SecretPlace:
    """The place of one secret.

    Attributes:
        option: that names it, such as ``api_key_file``.
        kind: what the name is one of.
        name: of the variable, the file or the credential.
    """

    option: str
    kind: SecretKind
    name: str

    def read(self) -> str:
        """The secret, without the line break that editors end a file with.

        Raises:
            ConfigurationError: there is none, or everybody may use the file. The text names no file
                and no credential that is not there.
        """
        if self.kind is SecretKind.ENV:
            secret = os.environ.get(self.name, "")
            if not secret:
                raise ConfigurationError(f"the environment variable {self.name} is not set")
            return secret
        secret = _content(self._path()).strip()
        if not secret:
            raise ConfigurationError("the file is empty")
        return secret

    def read_key(self) -> str:
        """The secret as an API key or its secret has to be; a placeholder is none.

        Raises:
            ConfigurationError: see :meth:`read`; or it has characters that no key has.
        """
        key = self.read()
        if not key.isascii() or not key.isprintable() or " " in key:
            raise ConfigurationError(
                "it is no key: it has characters that none has, as a placeholder such as … does; "
                "set it to what the exchange showed when the key was made"
            )
        return key

    def _path(self) -> Path:
        if self.kind is SecretKind.FILE:
            return Path(self.name)
        folder = os.environ.get(CREDENTIALS)
        if not folder:
            raise ConfigurationError(
                f"{CREDENTIALS} is not set: systemd sets it for a unit with LoadCredential="
            )
        return Path(folder, self.name)


def secret_places(section: object, what: str) -> tuple[SecretPlace, ...]:
    """The places that a section's options name for a secret.

    Args:
        section: has an option for each kind, such as ``api_key_env``.
        what: what the options begin with, such as ``api_key``.
    """
    named: dict[SecretKind, str | None] = {
        kind: getattr(section, f"{what}_{kind}") for kind in SecretKind
    }
    return tuple(
        SecretPlace(f"{what}_{kind}", kind, name)
        for kind, name in named.items()
        if name is not None
    )


def secret_place(section: object, what: str) -> SecretPlace:
    """The one place of a secret.

    Raises:
        ValueError: none is named, or more than one; for pydantic, which says where.
    """
    places = secret_places(section, what)
    if len(places) != 1:
        options = ", ".join(f"{what}_{kind}" for kind in SecretKind)
        raise ValueError(f"give one of {options}, and only one")
    return places[0]


def _content(path: Path) -> str:
    try:
        with path.open(encoding="utf-8") as file:
            mode = os.fstat(file.fileno()).st_mode
            text = file.read()
    except OSError as error:
        raise ConfigurationError(f"the file cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ConfigurationError("the file is not text in UTF-8") from None
    if stat.S_ISREG(mode) and mode & stat.S_IRWXO:
        raise ConfigurationError(f"everybody on this machine may use the secret: chmod 600 {path}")
    return text
