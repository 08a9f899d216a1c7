"""Another user of the machine: neither the socket nor the port lets him do anything."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from trueup.simulator import Simulator

from ...service.asking import TOKEN
from ..desk import MAIN, MIRROR, Desk
from .test_channel import with_section
from .test_commanded import logged, started

NOBODY = 65_534
ATTEMPTS = """
import encodings.idna, json, os, socket, sys
from http.client import HTTPConnection

# All is imported by now: the other user may not read this interpreter's files.
path, port, user = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
if user:
    os.setgroups([])
    os.setgid(user)
    os.setuid(user)
found = {"user": os.getuid()}
BODY = json.dumps({"id": "s-1", "kind": "halt", "by": "root"})

def tried(name, attempt):
    try:
        found[name] = attempt()
    except OSError as error:
        found[name] = type(error).__name__

def through(sock):
    connection = HTTPConnection(f"127.0.0.1:{port}", timeout=20)
    connection.sock = sock
    connection.request("POST", "/v1/plans", body=BODY)
    return connection.getresponse().status

def by_socket():
    sock = socket.socket(socket.AF_UNIX)
    sock.settimeout(20)
    sock.connect(path)
    return through(sock)

tried("socket", by_socket)
tried("port", lambda: through(socket.create_connection(("127.0.0.1", port), 20)))
if user:
    tried("chmod", lambda: os.chmod(path, 0o666))
    tried("unlink", lambda: os.unlink(path))
print(json.dumps(found))
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that every user may look into: what keeps them out is not its mode."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


def tries(path: Path, port: str, user: int) -> dict[str, Any]:
    """What becomes of a user's attempts."""
    done = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", ATTEMPTS, str(path), port, str(user)],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can act as another user")
def test_another_user_can_do_nothing(desk: Desk, sim: Simulator, folder: Path) -> None:
    path, token = folder / "trueup.sock", desk.folder / "token"
    token.write_text(TOKEN, encoding="utf-8")
    token.chmod(0o600)
    with_section(desk, f'socket = "{path}"\nlisten = "127.0.0.1:0"\ntoken_file = "{token}"')
    process = started(desk)
    assert process.stderr is not None
    said = next(line for line in process.stderr if "commands are taken at" in line)
    port = said.rpartition(":")[2].strip()
    before = sim.orders(MAIN), sim.orders(MIRROR)
    assert tries(path, port, NOBODY) == {
        "user": NOBODY,
        "socket": "PermissionError",
        "port": 401,
        "chmod": "PermissionError",
        "unlink": "PermissionError",
    }
    assert tries(path, port, 0) == {"user": 0, "socket": 200, "port": 401}
    assert logged(desk) == []
    assert (sim.orders(MAIN), sim.orders(MIRROR)) == before
    process.send_signal(signal.SIGTERM)
    process.communicate()
    assert process.returncode == 0
