"""Exit codes, and errors of trueup as one line on stderr."""

from collections.abc import Sequence
from contextlib import suppress
from enum import IntEnum
from typing import Any

import typer
from typer.core import TyperGroup

from ...domain.model.errors import ConfigurationError, LeaseOver, StoreError, TrueupError
from .output import STDERR, STDOUT, error_line


class ExitCode(IntEnum):
    """The exit codes of every command."""

    OK = 0
    NOT_TRUE = 1
    CONFIGURATION = 2
    STORE = 3
    LEASE_OVER = 75
    INTERRUPTED = 130

    @classmethod
    def of(cls, error: TrueupError) -> "ExitCode":
        """The code that the error ends the command with."""
        if isinstance(error, ConfigurationError):
            return cls.CONFIGURATION
        if isinstance(error, LeaseOver):
            return cls.LEASE_OVER
        return cls.STORE if isinstance(error, StoreError) else cls.NOT_TRUE


class ListedError(ConfigurationError):
    """Several mistakes, each a text of its own for people.

    Args:
        texts: one for each mistake; its second line, if it has one, is an example.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        super().__init__("; ".join(text.splitlines()[0] for text in texts))
        self.texts = tuple(texts)


EXIT_CODES = """Exit codes: 0 all is as it should be (of status without --check: it was shown,
whatever it says); 1 something is not, and the output says what; 2 the configuration or the command
line is wrong, and nothing was sent to the exchange; 3 the database cannot be used; 75 another
process has the accounts: start it again; 130 interrupted."""


class OneLineErrors(TyperGroup):
    """A group of commands in which an error of trueup is a line, not a traceback.

    Mistakes of a configuration are a line each, with an example below it.
    """

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - typer keeps its context's type private
        """Runs the command.

        Raises:
            Exit: with the error's code, after its line is printed.
        """
        try:
            return super().invoke(ctx)
        except TrueupError as error:
            with suppress(OSError):  # whoever read stderr is gone: the code still says it
                for text in _texts(error):
                    STDERR.write(error_line(text))
            raise typer.Exit(ExitCode.of(error)) from None
        finally:
            STDERR.drain()
            STDOUT.drain()


def _texts(error: TrueupError) -> Sequence[str]:
    return error.texts if isinstance(error, ListedError) else (one_line(str(error)),)


def one_line(text: str) -> str:
    """The text without line breaks."""
    return " ".join(text.split())
