"""The simulator's page for who knows nothing of trueup: its five minutes do what it says."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.clients.ccxt.running import LOCK
from tests.clients.environments import CannotBeHadError, python_of
from tests.clients.serving import control
from tests.docs.pages import blocks, text
from tests.packaging.building import run

pytestmark = [pytest.mark.clients, pytest.mark.timeout(400)]


def test_the_page_does_what_it_says(tmp_path: Path) -> None:
    try:
        python = python_of(LOCK)
    except CannotBeHadError as error:
        pytest.skip(f"ccxt cannot be had from the package index here: {error}")
    part = text("simulator.md").partition("## Five minutes")[2].partition("\n## ")[0]
    first, second = blocks(part, "python")
    sent = re.findall(r"curl -d '(\{.*?\})' \S+/control/(\w+)", part)
    assert [name for _, name in sent] == ["set_price", "inject"]
    command = (sys.executable, "-um", "trueup", "simulator")
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - ours
        assert process.stdout is not None
        try:
            url = process.stdout.readline().split()[0]
            here = [code.replace("http://127.0.0.1:8480", url) for code in (first, second)]
            head, _, _ = here[0].partition("bot.create_order")
            run(python, "-c", here[0], cwd=tmp_path)
            _control(url, *sent[0])
            flat = "print(bot.fetch_positions())"
            assert run(python, "-c", head + flat, cwd=tmp_path) == "[]\n"
            _control(url, *sent[1])
            said = run(python, "-c", head + here[1], cwd=tmp_path)
            assert said == "did it buy? 0.01\n"
        finally:
            process.terminate()
            process.communicate(timeout=20)


def _control(url: str, body: str, name: str) -> None:
    values: dict[str, object] = dict(re.findall(r'"(\w+)": "([^"]+)"', body))
    control(url, name, **values)
