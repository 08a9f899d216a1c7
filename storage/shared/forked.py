"""A forked process: what it inherits of a database is neither used there nor closed there.

SQLite forbids both (https://www.sqlite.org/howtocorrupt.html, "Carrying an open database connection
across a fork"). A lock by ``flock`` belongs to the parent and every child until the last of them
closes it, so a child closes it at once.
"""

import os
from typing import Protocol
from weakref import WeakSet

from ...domain.model.errors import StoreLocked


class Inherited(Protocol):
    """What a forked process inherits, and gives up."""

    def give_up(self) -> None:
        """Called in the child, right after the fork, when no other thread runs there."""
        ...


_OPEN: "WeakSet[Inherited]" = WeakSet()


def gives_up_in_children(one: Inherited) -> None:
    """Has a forked process give up what it inherits."""
    _OPEN.add(one)


def leak(*connections: object) -> None:
    """Keeps connections from ever being closed by this process, not even at its end."""
    from ctypes import py_object, pythonapi  # noqa: PLC0415 - needed in forked processes alone

    for connection in connections:
        pythonapi.Py_IncRef(py_object(connection))


def refuse() -> StoreLocked:
    """The error of whoever uses the database in a forked process."""
    return StoreLocked(
        f"the database was opened by the process from which this one ({os.getpid()}) was forked: "
        "open one here after the fork"
    )


def _after_fork() -> None:
    for one in list(_OPEN):
        one.give_up()
    _OPEN.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
