"""What a service needs of the record of commands, as a protocol that storage fulfils."""

from typing import Protocol

from .command import Answer, CommandRecord


class Commands(Protocol):
    """Commands on record, each once, with their answers."""

    def begin_command(self, record: CommandRecord) -> CommandRecord | None:
        """Puts a command on record, durably, before anything of it is done.

        Returns:
            The one on record with the same id; None where there was none.

        Raises:
            StoreError: the database cannot be written.
        """
        ...

    def answer_command(self, command_id: str, answer: Answer) -> None:
        """Puts the answer to a command on record.

        Raises:
            StoreError: the database cannot be written.
        """
        ...

    def command(self, command_id: str) -> CommandRecord | None:
        """The command of that id; None where there is none.

        Raises:
            StoreError: the database cannot be read.
        """
        ...
