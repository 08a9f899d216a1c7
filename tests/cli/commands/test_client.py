"""The client and a running engine: answers as values, errors from trueup's tree."""

import asyncio
import signal
import socket
from pathlib import Path
from threading import Thread

import pytest

from examples import control_client
from trueup import (
    AsyncClient,
    Became,
    Change,
    Client,
    CommandKind,
    ConfigurationError,
    NotAnswered,
    Scope,
    Side,
)

from ..desk import SYMBOL, Desk
from .test_channel import wait_for

COPY = Scope("mirror", SYMBOL, Side.BUY)
NAMES = ("mirror", SYMBOL, "Buy")


def test_it_plans_commands_and_repeats(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    process = desk.process("run")
    wait_for(process, "commands are taken at")
    path = desk.folder / "trueup.db.sock"
    client = Client(path, by="ann@host")
    no_writes = Change(COPY, "writes leave", "no write leaves: pause")
    assert client.plan("pause", *NAMES) == (no_writes,)
    answer = client.command(CommandKind.PAUSE, *NAMES, reason="news")
    assert (answer.became, answer.changes, answer.is_repeated) == (Became.DONE, (no_writes,), False)
    assert [(part.scope, part.became) for part in answer.parts] == [(COPY, Became.DONE)]
    assert "mirror BANDUSDT Buy is paused by ann@host since" in answer.parts[0].detail
    again = client.command("pause", *NAMES, command_id=answer.id)
    assert (again.is_repeated, again.parts) == (True, answer.parts)
    other = asyncio.run(AsyncClient(path, by="bot").command("resume", *NAMES))
    assert other.became is Became.DONE
    assert asyncio.run(AsyncClient(path, by="bot").plan("pause", *NAMES)) == (no_writes,)
    assert client.command("pause", "mian").became is Became.REFUSED
    with pytest.raises(ConfigurationError, match="there is no kind 'sell'"):
        client.command("sell")
    control_client.main(str(path))
    assert capsys.readouterr().out.startswith("done main BANDUSDT Buy is paused by ")
    process.send_signal(signal.SIGTERM)
    process.communicate()
    with pytest.raises(NotAnswered, match="is `trueup run` running"):
        client.command("pause")


def test_a_service_that_hangs_up_leaves_the_id_to_ask_again(tmp_path: Path) -> None:
    path = tmp_path / "a.sock"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()

        def hang_up() -> None:
            listener.accept()[0].close()

        thread = Thread(target=hang_up)
        thread.start()
        with pytest.raises(NotAnswered) as raised:
            Client(path, by="bot").command("pause", command_id="c-7")
        thread.join()
    assert raised.value.command_id == "c-7"
