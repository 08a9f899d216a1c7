"""Names of hosts are looked up in threads that nobody waits for."""

import asyncio
import socket
from asyncio import Future
from contextlib import suppress
from threading import Thread
from typing import Any

_Addresses = list[tuple[Any, ...]]


class Loop(asyncio.SelectorEventLoop):
    """An event loop that looks the same name up once at a time, in a thread for this alone.

    The threads of asyncio's own pool would hold up the end of the process for as long as a look-up
    lasts, half a minute where the network is dead.
    """

    def __init__(self) -> None:
        super().__init__()
        self._look_ups: dict[tuple[Any, ...], Future[_Addresses]] = {}

    async def getaddrinfo(
        self,
        host: Any,  # noqa: ANN401 - as asyncio has it
        port: Any,  # noqa: ANN401 - the same
        *,
        family: int = 0,
        type: int = 0,  # noqa: A002 - the same
        proto: int = 0,
        flags: int = 0,
    ) -> _Addresses:
        """Looks a name up.

        Raises:
            OSError: there is no such name, or nobody who knows.
        """
        asked = (host, port, family, type, proto, flags)
        look_up = self._look_ups.get(asked)
        if look_up is None:
            look_up = self._look_ups[asked] = self.create_future()
            Thread(
                target=self._look_up, args=(asked, look_up), name="trueup-names", daemon=True
            ).start()
        return await asyncio.shield(look_up)

    def _look_up(self, asked: tuple[Any, ...], look_up: "Future[_Addresses]") -> None:
        found: _Addresses | Exception
        try:
            found = list(socket.getaddrinfo(*asked))
        except Exception as error:  # noqa: BLE001 - it belongs to those who asked
            found = error
        with suppress(RuntimeError):  # the loop has ended
            self.call_soon_threadsafe(self._answer, asked, look_up, found)

    def _answer(
        self, asked: tuple[Any, ...], look_up: "Future[_Addresses]", found: _Addresses | Exception
    ) -> None:
        del self._look_ups[asked]
        if isinstance(found, Exception):
            look_up.set_exception(found)
            look_up.exception()  # whoever asked may be gone
        else:
            look_up.set_result(found)
