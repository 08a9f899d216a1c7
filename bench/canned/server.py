"""A canned exchange in a process of its own; its handle is that of the simulated one."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import TypeVar

from ..apart import apart
from ..line import HOST
from ..scene import Place, Scene, resting_ids
from ..served import Exchange
from ..truth import Truth
from ..world import PRICES
from .accounts import Account, Trouble
from .model import UID, Model
from .wire import Connection, Door

_T = TypeVar("_T")
_PATIENCE_S = 120.0
_BACKLOG = 1024
_KEY = "-key"


class Canned:
    """What the exchange's process can be asked; every method is called over a pipe."""

    def __init__(self, scene: Scene) -> None:
        self._model = Model(scene)
        self._changed = threading.Condition()
        self._accounts: dict[str, Account] = {
            name: Account(name, number, self._model, self._notify)
            for number, name in enumerate((UID, *scene.names), start=int(UID))
        }
        self._loop = asyncio.new_event_loop()
        self._door = Door(self._loop, self._of_key, scene.round_trip_ms / 2000)
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        listening = asyncio.run_coroutine_threadsafe(self._listen(), self._loop)
        self._port = listening.result(_PATIENCE_S)

    def url(self) -> str:
        """The exchange's address."""
        return f"http://{HOST}:{self._port}"

    def enter(self, places: Sequence[Place], quantity: Decimal) -> None:
        """Places an entry for each position."""
        self._on_loop(lambda: self._enter(places, quantity))

    def fill(self, places: Sequence[Place], gap_s: float = 0) -> None:
        """Fills their entries, one after the other."""
        for place in places:
            account = self._accounts[place.account]
            account.truth = None
            self._loop.call_soon_threadsafe(account.fill)
            if gap_s:
                time.sleep(gap_s)

    def truths(self, places: Sequence[Place]) -> list[Truth]:
        """Waits until they are true; returns what happened to each since it grew.

        Raises:
            TimeoutError: they were not true in time.
        """
        accounts = [self._accounts[place.account] for place in places]
        with self._changed:
            if not self._changed.wait_for(lambda: all(a.truth for a in accounts), _PATIENCE_S):
                left = sum(account.truth is None for account in accounts)
                raise TimeoutError(f"{left} ladders did not become true; {self._door.unforeseen}")
        return [account.truth for account in accounts if account.truth is not None]

    def trouble(self, places: Sequence[Place], trouble: Trouble) -> None:
        """Puts accounts in trouble, and cuts their streams."""
        self._on_loop(lambda: self._trouble(places, trouble))

    def calm(self) -> None:
        """Ends all trouble."""
        for account in self._accounts.values():
            account.trouble = None

    def order_ids(self, place: Place) -> list[str]:
        """The take-profits that rest there."""
        return [resting_ids(place.symbol, level)[0] for level in range(1, len(PRICES) + 1)]

    def count(self) -> int:
        """How many requests were made so far."""
        return self._door.requests

    def unforeseen(self) -> list[str]:
        """What was asked for in vain."""
        return self._door.unforeseen

    def cpu_s(self) -> float:
        """CPU seconds of this process so far."""
        return time.process_time()

    def _enter(self, places: Sequence[Place], quantity: Decimal) -> None:
        for place in places:
            account = self._accounts[place.account]
            if account.step == len(self._model.steps):
                self._model.grow(quantity)
            account.enter()

    def _trouble(self, places: Sequence[Place], trouble: Trouble) -> None:
        for place in places:
            account = self._accounts[place.account]
            account.trouble = trouble
            if account.line is not None:
                account.line.cut()

    def _of_key(self, key: str) -> Account:
        return self._accounts[key.removesuffix(_KEY) or UID]

    def _notify(self) -> None:
        with self._changed:
            self._changed.notify_all()

    def _on_loop(self, act: Callable[[], _T]) -> _T:
        async def acting() -> _T:
            return act()

        return asyncio.run_coroutine_threadsafe(acting(), self._loop).result(_PATIENCE_S)

    async def _listen(self) -> int:
        server = await self._loop.create_server(
            lambda: Connection(self._door), HOST, 0, backlog=_BACKLOG
        )
        return int(server.sockets[0].getsockname()[1])


@contextmanager
def canned(scene: Scene) -> Iterator[Exchange]:
    """Serves the scene from a canned exchange in another process until the block ends."""
    with apart(Canned, scene) as process:
        yield Exchange(process)
