"""What belongs to one process, and refuses to work in one that was forked from it."""

import os
from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol, TypeVar

from ..domain.model.errors import StoreLocked

_OPEN_IN_A_CHILD = ("close",)
"""What does nothing in a forked process: the connections are the parent's to close."""


class OfOneProcess(Protocol):
    """What :func:`of_one_process` guards."""

    _process: int


_C = TypeVar("_C", bound=type[OfOneProcess])


def of_one_process(guarded: _C) -> _C:
    """Makes every public method of a class refuse to work in a forked process.

    A fork copies neither threads nor the right to use a database's connections: what waits for one
    of these would wait forever. In a forked process each method raises at once; closing does
    nothing there.

    Args:
        guarded: the class; its instances have the id of their process in ``_process``.
    """
    for name in dir(guarded):
        method = getattr(guarded, name)
        if not name.startswith("_") and callable(method):
            setattr(guarded, name, _checked(method, is_silent=name in _OPEN_IN_A_CHILD))
    return guarded


def check_process(process: int) -> None:
    """Returns in that process.

    Raises:
        StoreLocked: this is another one, which was forked from it.
    """
    if os.getpid() != process:
        raise StoreLocked(
            f"this reconciler belongs to process {process}, from which this one "
            f"({os.getpid()}) was forked: it works there alone; make one here after the fork, with "
            "a database of its own, or start processes by `spawn`"
        )


def _checked(method: Callable[..., Any], *, is_silent: bool) -> Callable[..., Any]:
    @wraps(method)
    def checked(self: OfOneProcess, *given: Any, **named: Any) -> Any:  # noqa: ANN401 - the method's
        if is_silent and os.getpid() != self._process:
            return None
        check_process(self._process)
        return method(self, *given, **named)

    return checked
