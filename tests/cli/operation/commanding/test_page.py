"""The page about commands: a shell gives them as they stand there, to an engine that runs."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.docs.pages import blocks, text
from trueup.simulator import Simulator

from ...commands.test_commanded import BARE, logged, started
from ...desk import MAIN, SYMBOL, Desk


def test_the_page_does_what_it_says(desk: Desk, sim: Simulator) -> None:
    desk.write(BARE)
    process = started(desk)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    env = {name: value for name, value in desk.env.items() if value is not None}
    for code in blocks(text("control.md"), "sh"):
        done = subprocess.run(  # noqa: S603 - the page's own commands
            ["/bin/bash", "-ec", code],
            cwd=desk.folder,
            env={**os.environ, **env, "PATH": path},
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
            timeout=200,
        )
        assert done.returncode == 0, done.stdout + done.stderr
    process.send_signal(signal.SIGTERM)
    process.communicate()
    assert sim.position(MAIN, SYMBOL, "Buy").size == 500
    kinds = [row[1] for row in logged(desk)]
    assert kinds == [
        "pause",
        "resume",
        "ladder",
        "stop",
        "breakeven",
        "reconcile",
        "close",
        "halt",
        "resume",
        "pause",
    ]
