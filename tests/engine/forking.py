"""A bot that forks while its reconciler is open: ``python -m tests.engine.forking FOLDER HOW``.

It prints one line of JSON for what the child, and then the parent, found.
"""
# ruff: noqa: T201 - its output is what the test reads

import asyncio
import json
import os
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from trueup import Account, AsyncReconciler, MonitorKey, Reconciler, Side, TrueupError

KEY = MonitorKey("main", "BANDUSDT", Side.BUY)
NOWHERE = "http://127.0.0.1:9"


def reconciler(folder: Path, name: str = "trueup.db") -> Reconciler:
    """A reconciler on a database of the folder."""
    accounts = [Account("main", "main-key", "main-secret", environment=NOWHERE)]
    return Reconciler(f"sqlite:///{folder / name}", accounts=accounts, sinks=[])


def tried(call: Callable[[], object]) -> str:
    """What became of a call."""
    try:
        call()
    except TrueupError as error:
        return f"{type(error).__name__}: {error.message}"
    return "done"


def say(**found: object) -> None:
    """Prints what was found."""
    print(json.dumps(found), flush=True)


def in_child(work: Callable[[], object]) -> int:
    """Does the work in a forked process; returns its id."""
    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(0)
    return child


def calls(one: Reconciler) -> None:
    """Every kind of call in the child; and its end there, which touches nothing."""
    began = time.monotonic()
    tries: dict[str, Callable[[], Any]] = {
        "monitors": one.monitors,
        "reconcile": lambda: one.reconcile(KEY),
        "reconcile_all": lambda: one.reconcile_all([KEY]),
        "start": one.start,
        "stop": one.stop,
        "wait": lambda: one.wait(timedelta(0)),
        "pause": one.pause,
        "store": one.store.monitors,
        "commit": lambda: one.store.wake(KEY),
        "controls": one.store.controls,
        "close": one.close,
    }
    found = {name: tried(call) for name, call in tries.items()}
    say(child=found, seconds=time.monotonic() - began)


def plain(folder: Path) -> None:
    """Forks while the service runs; the parent goes on."""
    with reconciler(folder) as one:
        one.start()
        os.waitpid(in_child(lambda: calls(one)), 0)
        say(parent=tried(one.monitors), own=tried(lambda: one.store.wake(KEY)))


def orphan(folder: Path) -> None:
    """The parent closes and opens again while the child lives."""
    reading, writing = os.pipe()
    one = reconciler(folder)
    child = in_child(lambda: os.read(reading, 1))
    one.close()
    say(parent=tried(lambda: reconciler(folder).close()))
    os.write(writing, b"x")
    os.waitpid(child, 0)


def own(folder: Path) -> None:
    """The child opens the same database, and one of its own."""
    with reconciler(folder):

        def open_both() -> None:
            say(
                same=tried(lambda: reconciler(folder)),
                child=tried(lambda: reconciler(folder, "own.db").close()),
            )

        os.waitpid(in_child(open_both), 0)


def on_asyncio(folder: Path) -> None:
    """The same on asyncio, within the running loop."""

    async def bot() -> None:
        accounts = [Account("main", "main-key", "main-secret", environment=NOWHERE)]
        url = f"sqlite:///{folder / 'trueup.db'}"
        async with AsyncReconciler(url, accounts=accounts, sinks=[]) as one:
            child = os.fork()
            if child == 0:
                try:
                    await one.monitors()
                except TrueupError as error:
                    say(child=type(error).__name__)
                await one.close()
                os._exit(0)
            await asyncio.to_thread(os.waitpid, child, 0)
            say(parent=len(await one.monitors()))

    asyncio.run(bot())


def by_multiprocessing(folder: Path) -> None:
    """A worker of multiprocessing, as bots start them."""
    with reconciler(folder) as one:
        worker = get_context("fork").Process(target=lambda: say(child=tried(one.monitors)))
        worker.start()
        worker.join()
        say(parent=tried(one.monitors), code=worker.exitcode)


if __name__ == "__main__":
    globals()[sys.argv[2]](Path(sys.argv[1]))
