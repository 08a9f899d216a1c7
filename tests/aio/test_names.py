"""Look-ups of hosts' names beside the event loop."""

import asyncio
import socket
import subprocess
import sys
import threading
from textwrap import dedent

import pytest

from trueup.aio.names import Loop


def test_a_name_is_looked_up_once_for_all_who_ask_at_the_same_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[object] = []
    all_wait = threading.Event()

    def look_up(host: object, *_: object) -> list[object]:
        asked.append(host)
        assert all_wait.wait(10)
        if host == "nowhere.test":
            raise socket.gaierror("no such name")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 443))]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)

    async def ask() -> list[object]:
        loop = asyncio.get_running_loop()
        names = ["here.test", "nowhere.test", "here.test", "nowhere.test"]
        tasks = [asyncio.ensure_future(loop.getaddrinfo(name, 443)) for name in names]
        await asyncio.sleep(0)
        all_wait.set()
        return await asyncio.gather(*tasks, return_exceptions=True)

    loop = Loop()
    here, nowhere, again, nowhere_again = loop.run_until_complete(ask())
    loop.close()
    assert here == again == [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 443))]
    assert [type(nowhere), type(nowhere_again)] == [socket.gaierror, socket.gaierror]
    assert sorted(map(str, asked)) == ["here.test", "nowhere.test"]


def test_a_look_up_that_hangs_holds_up_neither_a_stop_nor_the_end_of_the_process() -> None:
    code = """
        import socket, threading
        from trueup import Account
        from trueup.adapters.bybit import BybitFeed

        asked = threading.Event()
        socket.getaddrinfo = lambda *_: (asked.set(), threading.Event().wait())

        feed = BybitFeed(Account("main", "k" * 18, "s" * 36))
        feed.start(print)
        assert asked.wait(10)
        feed.stop()
        print("stopped")
        """
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", dedent(code)],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "stopped\n", "")
