"""States never sleep, and never wait in a thread: they hand out what they wait for."""

import ast
from pathlib import Path

import pytest

from tests.docs.pages import ROOT

STATES = sorted((ROOT / "states").rglob("*.py"))
BLOCKING = frozenset({"sleep", "join", "acquire", "wait_for", "perform"})
"""Names of functions that hold a thread."""


@pytest.mark.parametrize("path", STATES, ids=lambda path: path.stem)
def test_a_state_holds_no_thread(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    called = {
        node.func.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    assert called & BLOCKING - {"join"} == set()
    modules = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert modules & {"time", "threading", "asyncio", "concurrent"} == set()


@pytest.mark.parametrize("path", STATES, ids=lambda path: path.stem)
def test_a_loop_that_tries_again_hands_out_its_wait(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    loops = [node for node in ast.walk(tree) if isinstance(node, ast.While)]
    assert all(_yields(loop) for loop in loops)


def _yields(loop: ast.While) -> bool:
    return any(isinstance(node, ast.Yield | ast.YieldFrom) for node in ast.walk(loop))
