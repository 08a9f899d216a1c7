"""``[telegram]``: the chats that may give commands, and the bot that takes them."""

import re
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, model_validator

from ...domain.model.errors import ConfigurationError
from .kinds import Section, Variable
from .secrets import CredentialName, SecretFile, SecretPlace, secret_place

_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]+")
_LOOPBACK = ("127.0.0.1", "::1", "localhost")

Chat = Annotated[int, Field(strict=True)]


def _safe(url: str) -> str:
    """Refuses what the token would be sent to without encryption."""
    try:
        parts = urlsplit(url)
    except ValueError:
        raise ValueError("it is no URL") from None
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    if not is_safe or parts.hostname is None or parts.username is not None or parts.query:
        raise ValueError("it must be an https URL without user and query, or http on this machine")
    return url


class TelegramSection(Section):
    """``[telegram]``: a bot of your own, which takes commands from these chats alone."""

    token_env: Variable | None = None
    token_file: SecretFile | None = None
    token_credential: CredentialName | None = None
    chats: Annotated[tuple[Chat, ...], Field(min_length=1)]
    url: Annotated[str, AfterValidator(_safe)] = "https://api.telegram.org"

    @property
    def token(self) -> SecretPlace:
        """Where the token is."""
        return secret_place(self, "token")

    def read_token(self) -> str:
        """The token.

        Raises:
            ConfigurationError: there is none, or it is none of a Telegram bot. The text has no part
                of it.
        """
        token = self.token.read()
        if _TOKEN.fullmatch(token) is None:
            raise ConfigurationError("it is no token of a Telegram bot, which is DIGITS:LETTERS")
        return token

    @model_validator(mode="after")
    def _check_place(self) -> Self:
        """Checks that the token has one place."""
        _ = self.token
        return self
