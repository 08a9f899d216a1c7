"""The table of Bybit's behaviours: each names a source, and tests and checks that there are."""

import ast
from collections import Counter
from dataclasses import fields

import pytest

from docs.writers.conformance import Behaviour, behaviours, url_of
from tests.docs.pages import ROOT
from trueup.simulator import Behaviour as Switches
from trueup.simulator.conformance.run import CHECKS

BEHAVIOURS = behaviours()


@pytest.mark.parametrize("one", BEHAVIOURS, ids=lambda one: one.does[:40])
def test_each_has_a_source_and_a_test_that_there_is(one: Behaviour) -> None:
    assert one.sources
    assert one.tests
    for test in one.tests:
        file, _, name = test.partition("::")
        tree = ast.parse((ROOT / "tests" / "simulator" / file).read_text("utf-8"))
        assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert one.switch in {"", *(field.name for field in fields(Switches))}


def test_every_check_stands_beside_one_behaviour() -> None:
    named = Counter(check for one in BEHAVIOURS for check in one.checks)
    assert named == Counter(check.name for check in CHECKS)


def test_no_behaviour_stands_twice() -> None:
    assert [
        does for does, times in Counter(one.does for one in BEHAVIOURS).items() if times > 1
    ] == []


def test_a_source_is_a_page_or_a_thread() -> None:
    assert url_of("guide") == "https://bybit-exchange.github.io/docs/v5/guide"
    assert url_of("ccxt/ccxt#1") == "https://github.com/ccxt/ccxt/issues/1"
