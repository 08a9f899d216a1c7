"""The examples run, and do what they are shown for."""

import runpy
import subprocess
import sys

import pytest

from tests.docs.pages import ROOT

FOLLOWED = ["SUCCESS", "TP1: 189.7→285.2 ✅", "TP2: 11.2→16.8 ✅"]


@pytest.mark.parametrize("name", ["embed", "embed_timer", "embed_async"])
def test_an_embedded_reconciler_follows_the_entry(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    runpy.run_module(f"examples.{name}", run_name="__main__")
    lines = capsys.readouterr().out.splitlines()
    begin = lines.index("SUCCESS")
    assert lines[begin : begin + len(FOLLOWED)] == FOLLOWED
    assert "✅ TP REBALANCING SUCCESS" in lines


def test_a_simulator_driven_by_hand_fills_the_order(capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_module("examples.drive_simulator", run_name="__main__")
    assert capsys.readouterr().out == "Buy 50 at 0.69\n"


def test_the_tests_of_an_own_bot_pass() -> None:
    command = [sys.executable, "-m", "pytest", "-n", "0", "examples/own_bot_test.py"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - our own interpreter
    assert done.returncode == 0, done.stdout
    assert "3 passed" in done.stdout
