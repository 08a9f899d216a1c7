"""Everything that is patched by name exists, and is looked up under that name.

A function that is renamed or moved leaves its old name behind; a patch of the old name would change
nothing, so that a planted bug would do nothing and the oracle would record nothing. These tests
notice that at once, without playing a history.
"""

import sys
from collections.abc import Iterator
from inspect import CO_OPTIMIZED
from pathlib import Path
from types import CodeType, ModuleType

import pytest

from chaos import LiveTrueup, Trueup, World, draw_history
from chaos.bugs import ALL_BUGS
from chaos.bugs.planted import Bug
from chaos.speed.memoize import memoizing_patches
from chaos.world.history_log import HistoryLog
from oracle.capture import PATCHED_PLANNING
from trueup.states.work import planning
from trueup.testing import MemoryStore


def _code_of(module: ModuleType) -> Iterator[CodeType]:
    """The code of every function and method in the module's file."""
    text = Path(str(module.__file__)).read_text(encoding="utf-8")
    waiting = [compile(text, str(module.__file__), "exec")]
    while waiting:
        code = waiting.pop()
        if (
            code.co_flags & CO_OPTIMIZED
        ):  # of a function: a module's own code also names its imports
            yield code
        waiting += [const for const in code.co_consts if isinstance(const, CodeType)]


def _is_used(owner: object, name: str) -> bool:
    """Whether the owner has the name and, if it is a module, whether any code looks it up there.

    That may be the module's own code, or code of another module that imports the module.
    """
    if not isinstance(owner, ModuleType) or not hasattr(owner, name):
        return hasattr(owner, name)
    users = [
        module
        for module in tuple(sys.modules.values())
        if module.__name__.startswith("trueup.")
        and (module is owner or any(each is owner for each in vars(module).values()))
    ]
    return any(name in code.co_names for module in users for code in _code_of(module))


@pytest.fixture(scope="module")
def world() -> World:
    """A world whose engine never does anything."""
    return World(draw_history(1).scene, Trueup, MemoryStore(), HistoryLog(is_open=False))


@pytest.mark.parametrize("bug", ALL_BUGS, ids=lambda bug: bug.name)
def test_a_planted_bug_changes_what_trueup_uses(bug: Bug, world: World) -> None:
    patches = bug.patches(world, Trueup(world))
    assert patches
    for owner, name, _ in patches:
        assert _is_used(owner, name), f"{owner} does not use {name}"


def test_what_is_memoized_is_used() -> None:
    for owner, name, _ in memoizing_patches():
        assert _is_used(owner, name), f"{owner} does not use {name}"


def test_what_a_live_engine_replaces_is_used(world: World) -> None:
    for owner, name, _ in LiveTrueup(world).patches:
        assert _is_used(owner, name), f"{owner} does not use {name}"


def test_what_plans_are_captured_by_is_used() -> None:
    assert _is_used(*PATCHED_PLANNING)


def test_a_name_that_a_module_has_and_does_not_use_is_noticed() -> None:
    assert _is_used(planning, "plan_for")
    assert not _is_used(planning, "Ladder")
    assert not _is_used(planning, "no_such_function")
