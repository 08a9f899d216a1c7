"""An object in a process of its own, whose methods are called over a pipe."""

import multiprocessing
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any


class Apart:
    """The handle of an object that lives in another process."""

    def __init__(self, pipe: Connection, kill: Callable[[], None]) -> None:
        self._pipe = pipe
        self.kill = kill

    def ask(self, name: str, *arguments: object) -> Any:  # noqa: ANN401 - the method's own result
        """Calls a method there, and returns or raises what it returns or raises."""
        self._pipe.send((name, arguments))
        answer = self._pipe.recv()
        if isinstance(answer, BaseException):
            raise answer
        return answer


@contextmanager
def apart(make: Callable[..., object], *arguments: object) -> Iterator[Apart]:
    """Makes the object in a new process, which is killed when the block ends."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, make, arguments), daemon=True)
    process.start()

    def kill() -> None:
        process.kill()
        process.join()

    try:
        yield Apart(ours, kill)
    finally:
        kill()
        ours.close()


def _serve(pipe: Connection, make: Callable[..., object], made_of: tuple[object, ...]) -> None:
    made = make(*made_of)
    while True:
        name, arguments = pipe.recv()
        try:
            answer = getattr(made, name)(*arguments)
        except Exception as error:  # noqa: BLE001 - the caller gets it, whatever it is
            answer = error
        pipe.send(answer)
