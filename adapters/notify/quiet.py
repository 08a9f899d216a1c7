"""Keeps the secrets of a URL out of what libraries log of a delivery."""

import logging
import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_LOGGERS = ("apprise", "urllib3.connectionpool")
_SEPARATORS = re.compile(r"[/:@?&=#+,]+")
_SHORTEST = 6
_HIDDEN = "…"
_secrets: ContextVar[Collection[str] | None] = ContextVar("trueup_secrets", default=None)


def secrets_of(url: str) -> frozenset[str]:
    """Every part of a URL that is long enough to be a secret."""
    return frozenset(part for part in _SEPARATORS.split(url) if len(part) >= _SHORTEST)


def without(secrets: Collection[str], text: str) -> str:
    """The text with none of the secrets in it.

    >>> without(secrets_of("tgram://123456789:abcdefgh/4242"), "bot123456789:abcdefgh was refused")
    'bot…:… was refused'
    """
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, _HIDDEN)
    return text


class _NoSecrets(logging.Filter):
    """Drops details of deliveries of trueup; what else the process logs passes as it is."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record passes; its secrets do not."""
        secrets = _secrets.get()
        if secrets is None:
            return True
        record.msg, record.args = without(secrets, record.getMessage()), ()
        return record.levelno >= logging.INFO


_FILTER = _NoSecrets()


@contextmanager
def quietly(secrets: Collection[str]) -> Iterator[None]:
    """What libraries log within it has none of the secrets, and nothing of level DEBUG."""
    for name in _LOGGERS:
        logging.getLogger(name).addFilter(_FILTER)
    token = _secrets.set(secrets)
    try:
        yield
    finally:
        _secrets.reset(token)
