"""Asking changes nothing, and what a run learns is returned, not written into the run."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import trueup.states

FILES = sorted(Path(trueup.states.__file__).resolve().parent.rglob("*.py"))
PLANS = {"make_plan", "may_leave", "adoptable_orders", "unrecorded_orders"}
CHANGES = {"announce", "settle", "decide", "note", "enter", "append", "add", "clear", "invalidate"}
Function = ast.FunctionDef


def _functions() -> Iterator[Function]:
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef):
                yield node


def _asks(function: Function) -> bool:
    """Whether the function answers a question: it gives a bool, or a plan."""
    returns = "" if function.returns is None else ast.unparse(function.returns)
    return returns == "bool" or function.name in PLANS


ASKING = [function for function in _functions() if _asks(function)]


def _assigned(tree: ast.AST) -> set[str]:
    """What is assigned to attributes of a run."""
    return {
        ast.unparse(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.ctx, ast.Store)
        and ast.unparse(node.value) == "run"
    }


@pytest.mark.parametrize("function", ASKING, ids=lambda function: function.name)
def test_a_question_changes_nothing(function: Function) -> None:
    called = {
        node.func.attr
        for node in ast.walk(function)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    assert _assigned(function) == set()
    assert called & CHANGES == set()


def test_the_questions_are_found() -> None:
    assert {function.name for function in ASKING} >= PLANS | {"is_over", "_must_wait"}


def test_states_assign_nothing_of_a_run_but_its_record() -> None:
    assigned = {name for function in _functions() for name in _assigned(function)}
    assert assigned == {"run.record"}
