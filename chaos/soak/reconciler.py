"""The reconciler of a soak: with short timeouts, an observed store, and its failures reported."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from loguru import logger

from trueup.adapters.bybit import (
    BybitExchange,
    BybitFeed,
    BybitSettings,
    StreamSettings,
    SystemClock,
)
from trueup.adapters.notify import CallableSink
from trueup.domain.tracking.feed import Opened, StreamEvent
from trueup.domain.venue.account import Account
from trueup.engine.accounts import check_accounts
from trueup.engine.loop.settings import LoopSettings
from trueup.engine.randomness import SystemRandomness
from trueup.engine.reconciler import Reconciler
from trueup.states.work.settings import RunSettings
from trueup.storage import open_store

from ..scene.scene import Scene
from .observed_store import ObservedStore
from .observer import Observer

_S = timedelta(seconds=1)
_STREAMS = StreamSettings(
    connect_timeout=3 * _S,
    ready_within=3 * _S,
    ping_every=_S,
    silent_after=3 * _S,
    retry_after=0.3 * _S,
    retry_cap=2 * _S,
    refused_after=_S,
    refused_cap=3 * _S,
    steady_after=10 * _S,
)
_REQUESTS = BybitSettings(connect_timeout=2 * _S, read_timeout=2 * _S)
RUNS = RunSettings(contest_pause=_S, contest_cap=5 * _S)
"""People cancel orders all the time here: a contest waits no longer than faults last."""
LOOP = LoopSettings(interval=5 * _S, streamed_interval=20 * _S, cool_down=_S)


@contextmanager
def open_reconciler(
    folder: Path, scene: Scene, observer: Observer, counts: Counter[str]
) -> Iterator[Reconciler]:
    """Opens a reconciler on a database in the folder.

    Args:
        folder: where the database is made.
        scene: the accounts and monitors.
        observer: sees commits and alerts.
        counts: counts the streams that are opened.
    """
    store: Any = ObservedStore(open_store(f"sqlite:///{folder / 'trueup.db'}"), observer, scene)
    with Reconciler(
        store,
        accounts=check_accounts(scene.accounts),
        connect=lambda account: BybitExchange(account, _REQUESTS),
        listen=partial(_CountedFeed, counts=counts),
        sinks=[CallableSink(observer.delivered)],
        clock=SystemClock(),
        randomness=SystemRandomness(),
        settings=RUNS,
    ) as reconciler:
        yield reconciler


class _CountedFeed(BybitFeed):
    """The real feed, which counts how often its stream opens."""

    def __init__(self, account: Account, *, counts: Counter[str]) -> None:
        super().__init__(account, _STREAMS)
        self._counts = counts

    def start(self, handle: Callable[[StreamEvent], None]) -> None:
        """Starts the stream."""

        def received(event: StreamEvent) -> None:
            if isinstance(event, Opened):
                self._counts["streams opened"] += 1
            handle(event)

        super().start(received)


@contextmanager
def broken_runs_are_findings(observer: Observer) -> Iterator[None]:
    """Makes a finding of every run, sweep or listener that raises, until the block ends."""

    def check(message: object) -> None:
        text = str(message)
        if "Traceback" in text:
            observer.found(f"no run breaks: {text.strip().splitlines()[-1]}")

    logger.enable("trueup")
    handler = logger.add(check, level="ERROR", format="{message}")
    try:
        yield
    finally:
        logger.remove(handler)
