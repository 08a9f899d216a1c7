"""The page of promises: complete, and every test it names exists."""

import ast
import re
from functools import cache

import pytest

from tests.docs.pages import ROOT, text

PROMISES = tuple(f"P{number}" for number in range(1, 15))
_TEST = re.compile(r"^- `(tests/[\w/]+\.py)::(test_\w+)`$", re.MULTILINE)
_MODULE = re.compile(r"`((?:domain|states|engine|adapters|storage|cli)/[\w/]+\.py)`")


def _parts() -> dict[str, str]:
    found = re.split(r"^## (P\d+) .+$", text("promises.md"), flags=re.MULTILINE)[1:]
    return dict(zip(found[::2], found[1::2], strict=True))


@cache
def _tests(file: str) -> frozenset[str]:
    tree = ast.parse((ROOT / file).read_text("utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


def test_every_promise_has_its_part() -> None:
    assert tuple(_parts()) == PROMISES


@pytest.mark.parametrize("promise", PROMISES)
def test_a_promise_names_modules_and_tests_that_exist(promise: str) -> None:
    part = _parts()[promise]
    named = _TEST.findall(part)
    assert len(named) == part.count("\n- ")
    assert named
    assert [(file, test) for file, test in named if test not in _tests(file)] == []
    modules = _MODULE.findall(part)
    assert modules
    assert [module for module in modules if not (ROOT / module).is_file()] == []
